import { CallScore, type ScoredTurn } from "../../../aws-ingest/scoring/sentiment-score.ts";
import type { Measured } from "../measure/figure.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";

const TURNS = 800;
const SENTIMENT_LABELS = ["positive", "neutral", "negative", "mixed"] as const;

/** Scores a call of an hour after every turn, as the transcriber does it. */
export const scoring: Scenario = {
  name: "scoring an hour's call turn by turn",
  async run({ quick }: Effort): Promise<Measured[]> {
    const turns = Array.from(
      { length: TURNS },
      (_, index): ScoredTurn => ({
        turnId: `turn-${index}`,
        role: index % 2 === 0 ? "customer" : "agent",
        beginMs: index * 4500,
        endMs: index * 4500 + 4000,
        sentiment: SENTIMENT_LABELS[(index * 7) % SENTIMENT_LABELS.length] ?? "neutral",
      }),
    );
    // The first runs warm the code up and are left out.
    const runs = await repeat(quick ? 5 : 15, async () => scoreCall(turns));
    return [
      {
        name: `Scoring a call of ${TURNS} turns, after every turn, in all`,
        unit: "CPU ms",
        ours: runs.slice(quick ? 2 : 10),
        peer: null,
        peerName: null,
        goal: { of: "ours", atMost: 5 },
        note: "Each score is computed from all turns so far, because every new turn moves the bounds of the quarters.",
      },
    ];
  },
};

function scoreCall(turns: readonly ScoredTurn[]): number {
  const score = new CallScore();
  let last = 0;
  const start = process.cpuUsage();
  for (const turn of turns) {
    score.addTurn(turn);
    last = score.current.turns;
  }
  const { user, system } = process.cpuUsage(start);
  if (last !== turns.length) throw new Error("The score does not count every turn.");
  return (user + system) / 1000;
}
