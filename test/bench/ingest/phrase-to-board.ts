import { SECRET } from "../../support/ingest-lab.ts";
import { dialectOf } from "../hub/dialects.ts";
import { seedAgents } from "../hub/posts.ts";
import { startServer } from "../hub/servers.ts";
import { Viewers } from "../hub/viewers.ts";
import { INSTANCE, SIGNING_SECRET } from "../hub/workerd-config.ts";
import type { Measured } from "../measure/figure.ts";
import { pause } from "../measure/processes.ts";
import { percentile } from "../measure/statistics.ts";
import { agentId, contactId } from "../peers/board.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { type ShownPhrase, shownPhrases, shownScores } from "./board-times.ts";
import { liveCalls } from "./live-calls.ts";

/** Long enough for the last change to leave the hub's conflation buffer. */
const SETTLE_MS = 1000;

/**
 * Measures our own part of the way from speech to the board, in two sections:
 * - from the last audio of a phrase in GetMedia's answer to the speech service,
 * - from the final result to the score in a viewer's frame.
 *
 * The real transcriber posts to the real hub on workerd.
 */
export const phraseToBoard: Scenario = {
  name: "from a phrase's last sound to the board",
  async run({ quick }: Effort): Promise<Measured[]> {
    const calls = quick ? 10 : 20;
    let seed = 0;
    const runs = await repeat(quick ? 1 : 2, () => oneRun(calls, quick ? 2 : 12, seed++));
    const all = runs.flat();
    const share = (part: (phrase: ShownPhrase) => number, at: number) => Math.round(percentile(all.map(part), at));
    const figure = (name: string, at: number, goal: Measured["goal"], note: string): Measured => ({
      name: `From the last sound of a phrase to the board, without the recogniser, ${name}`,
      unit: "ms",
      ours: runs.map((run) => percentile(run.map(overhead), at)),
      peer: null,
      peerName: null,
      goal,
      note,
    });
    return [
      figure(
        "p99",
        0.99,
        { of: "ours", atMost: 150 },
        `${calls} calls at once in real time, with ${all.length} phrases that changed a score. From GetMedia's answer to the speech service it took ${share(toSpeechService, 0.5)} ms (p50) and ${share(toSpeechService, 0.99)} ms (p99), in chunks of about 100 ms. From the final result to the viewer it took ${share(toViewer, 0.5)} and ${share(toViewer, 0.99)} ms, with signature, storage and the hub's flush interval of 100 ms. All processes of one machine share its clock. Networks come on top.`,
      ),
      figure("p50", 0.5, null, "Of the same phrases."),
    ];
  },
};

function toSpeechService({ writtenAt, receivedAt }: ShownPhrase): number {
  return receivedAt - writtenAt;
}

function toViewer({ finalAt, shownAt }: ShownPhrase): number {
  return shownAt - finalAt;
}

function overhead(phrase: ShownPhrase): number {
  return toSpeechService(phrase) + toViewer(phrase);
}

async function oneRun(calls: number, turns: number, seed: number): Promise<ShownPhrase[]> {
  // The transcriber signs with a secret of its own.
  const vars = { INGEST_SECRETS: JSON.stringify({ [INSTANCE]: `${SIGNING_SECRET} ${SECRET}` }) };
  const server = await startServer("vigia", { agents: calls, vars });
  const viewers = new Viewers(server);
  try {
    await seedAgents(server);
    await viewers.open(1);
    const agents = Array.from({ length: calls }, (_, index) => ({ agentId: agentId(index), contactId: contactId(index) }));
    const order = { contactIds: agents.map((agent) => agent.contactId), turns, seed };
    const { phrases } = await liveCalls(order, { origin: `http://127.0.0.1:${server.port}`, instanceId: INSTANCE });
    // A repeated session has other times than the call, so a run with one does not count.
    if (phrases.length !== calls * turns)
      throw new Error(
        `${phrases.length} of ${calls * turns} phrases came to the speech service. A session broke off: run the scenario again on a quiet machine.`,
      );
    await pause(SETTLE_MS);
    const { textOf } = dialectOf(server);
    const frames = viewers.groups().flatMap((group) => group.frames);
    const shown = shownScores(frames.map(({ data, lastAt }) => ({ text: textOf(data), at: performance.timeOrigin + lastAt })));
    return agents.flatMap((agent) =>
      shownPhrases(
        phrases.filter((phrase) => phrase.contactId === agent.contactId),
        shown.get(agent.agentId) ?? [],
      ),
    );
  } finally {
    await viewers.close();
    await server.stop();
  }
}
