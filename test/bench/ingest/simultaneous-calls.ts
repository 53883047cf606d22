import { randomUUID } from "node:crypto";
import { handler } from "../../../aws-ingest/transcriber.ts";
import { callSound, seeded } from "../../support/call-sound.ts";
import { endCall, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";
import type { Measured } from "../measure/figure.ts";
import { sum } from "../measure/statistics.ts";
import type { Effort, Scenario } from "../scenario.ts";

const TURNS = 8;

/** Many calls through the real transcriber and the AWS SDK in one process, with the stand-ins for AWS beside it. */
export const simultaneousCalls: Scenario = {
  name: "many calls at once in one process",
  async run({ quick }: Effort): Promise<Measured[]> {
    const calls = quick ? 20 : 200;
    const result = await transcribeAll(calls);
    return [
      {
        name: `${calls} calls at once in one process, speed of each against live`,
        unit: "x live",
        ours: [result.timesLive],
        peer: null,
        peerName: null,
        goal: { of: "ours", atLeast: 1 },
        note: `One run. Every phrase of every call had to arrive as said. A lower bound: the stand-ins for Kinesis, Transcribe (which recognises the sound it is sent) and the hub shared the process and its one core.`,
      },
    ];
  },
};

async function transcribeAll(count: number): Promise<{ timesLive: number }> {
  const lab = await startIngestLab();
  try {
    const calls = Array.from({ length: count }, (_, index) => {
      const sound = callSound(seeded(index + 1), TURNS);
      const contactId = randomUUID();
      const startedAt = Date.now() - sound.lengthMs;
      const stream = lab.broadcast(contactId, sound, startedAt);
      endCall(stream, Date.now());
      return { contactId, sound, job: jobFor(contactId, stream, startedAt) };
    });
    const start = performance.now();
    await Promise.all(calls.map(({ job }) => handler(job)));
    const wall = performance.now() - start;
    for (const { contactId, sound } of calls) {
      const told = storyOf(lab.hub, contactId).turns.map((turn) => turn.text);
      if (JSON.stringify(told) !== JSON.stringify(sound.lines.map((line) => line.phrase.text))) {
        throw new Error("A call came out with other words than were said.");
      }
    }
    return { timesLive: sum(calls.map(({ sound }) => sound.lengthMs)) / count / wall };
  } finally {
    await lab.close();
  }
}
