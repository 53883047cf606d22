import * as v from "valibot";
import { CallScore } from "../../../aws-ingest/scoring/sentiment-score.ts";
import { type Sentiment, sentimentSchema } from "../../../protocol/agent.ts";
import type { TimedPhrase } from "./phrase-times.ts";

/** A score as a viewer received it. `at` is epoch ms with fractions. */
export interface ShownScore {
  score: string;
  at: number;
}

/** A phrase that changed the score, with the time at which the viewer received it. */
export interface ShownPhrase extends TimedPhrase {
  shownAt: number;
}

const batchSchema = v.object({
  type: v.literal("agentStatusBatch"),
  data: v.array(
    v.object({
      agentId: v.string(),
      sentiment: v.optional(v.nullable(v.object({ customer: sentimentSchema, agent: sentimentSchema }))),
    }),
  ),
});

/** Returns the scores in a viewer's frames, by agent and in order. Ignores frames that are no batch. */
export function shownScores(frames: readonly { text: string; at: number }[]): Map<string, ShownScore[]> {
  const shown = new Map<string, ShownScore[]>();
  for (const { text, at } of frames) {
    const batch = v.safeParse(v.pipe(v.string(), v.parseJson(), batchSchema), text);
    if (!batch.success) continue;
    for (const { agentId, sentiment } of batch.output.data) {
      if (!sentiment) continue;
      const scores = shown.get(agentId) ?? [];
      shown.set(agentId, scores);
      scores.push({ score: comparable(sentiment), at });
    }
  }
  return shown;
}

/**
 * Returns when the viewer received each of one call's phrases: with the first frame whose score contains that phrase. Leaves
 * out phrases that do not change the score.
 * @throws Error when a changed score never came.
 */
export function shownPhrases(phrases: readonly TimedPhrase[], scores: readonly ShownScore[]): ShownPhrase[] {
  const running = new CallScore();
  let before = "";
  const steps = phrases.flatMap((phrase) => {
    running.addTurn(phrase.turn);
    const score = comparable(running.current);
    const changes = score !== before;
    before = score;
    return changes ? [{ phrase, score }] : [];
  });
  const shown: ShownPhrase[] = [];
  for (const { score, at } of scores) {
    const step = steps.findLastIndex((one) => one.score === score && one.phrase.finalAt <= at);
    for (const { phrase } of steps.slice(shown.length, step + 1)) shown.push({ ...phrase, shownAt: at });
  }
  if (shown.length < steps.length)
    throw new Error(
      `${steps.length - shown.length} changes of a score never came to the board. Were all frames recorded, and is the hub still running?`,
    );
  return shown;
}

function comparable({ customer, agent }: { customer: Sentiment; agent: Sentiment }): string {
  return JSON.stringify([customer, agent].map(({ score, quarters, recent }) => [score, quarters, recent]));
}
