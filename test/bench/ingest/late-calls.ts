import { randomUUID } from "node:crypto";
import { startS3 } from "../../../local/aws/s3.ts";
import { callSound, seeded } from "../../support/call-sound.ts";
import { endCall, type IngestLab, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";
import { MortalTranscriber } from "../../support/mortal-transcriber.ts";
import type { Measured } from "../measure/figure.ts";
import { cpuSeconds } from "../measure/processes.ts";
import { median } from "../measure/statistics.ts";
import type { Effort, Scenario } from "../scenario.ts";

const BUCKET = "vigia-checkpoints";
/** Far above what the transcriber reaches, so that its own work is the limit. */
const NO_LIMIT = "400";
/** Fast enough for a short measurement, and slow enough that hardly two turns share a checkpoint. */
const PACED = "8";
const CALLS = 10;

/** Calls that began before their transcriber: how fast it catches up, and what its checkpoints cost. */
export const lateCalls: Scenario = {
  name: "catching up, and checkpoints",
  async run({ quick }: Effort): Promise<Measured[]> {
    const s3 = await startS3({ buckets: [BUCKET], maxBytes: 1024 ** 3 });
    const lab = await startIngestLab({ AWS_ENDPOINT_URL_S3: s3.url, IDLE_SECONDS: "1" });
    try {
      const runs = (speed: string, checkpoints: boolean, calls: number, turns: number) =>
        transcribed(lab, { CATCH_UP_SPEED: speed, ...(checkpoints ? { CHECKPOINTS_BUCKET: BUCKET } : {}) }, calls, turns);
      const alone = await runs(NO_LIMIT, true, 1, quick ? 10 : 60);
      const withThem: number[] = [];
      const without: number[] = [];
      for (let round = 0; round < (quick ? 1 : 3); round += 1) {
        withThem.push((await runs(PACED, true, quick ? 2 : CALLS, quick ? 5 : 30)).cpuPerHour);
        without.push((await runs(PACED, false, quick ? 2 : CALLS, quick ? 5 : 30)).cpuPerHour);
      }
      const secondsPerHour = median(withThem) - median(without);
      const written = s3.objects().reduce((most, { bytes }) => Math.max(most, numberIn(bytes)), 0);
      if (written === 0) throw new Error("No checkpoint was written. Run the checkpoint tests of test/aws-ingest first.");
      return [
        {
          name: "A call that waited: sound transcribed per second, where Kinesis does not limit",
          unit: "s of call / s",
          ours: [alone.speed],
          peer: null,
          peerName: null,
          goal: { of: "ours", atLeast: 8 },
          note: "CATCH_UP_SPEED set to 400. GetMedia itself gives five fragments of about a second each second, so it allows 5. The product's default is 4.",
        },
        {
          name: "CPU of the transcriber per hour of call, with checkpoints",
          unit: "CPU s",
          ours: withThem,
          peer: without,
          peerName: "without checkpoints",
          goal: { of: "ratio", atMost: 1.02 },
          note: `${CALLS} calls at once, each at eight times its own speed, with a checkpoint before every final turn. The busiest call wrote ${written}. The difference is ${((secondsPerHour / 3600) * 100).toFixed(2)} % of a core for each call.`,
        },
      ];
    } finally {
      await lab.close();
      await s3.close();
    }
  },
};

/** Returns the number of a stored checkpoint; 0 for another object. */
function numberIn(bytes: Uint8Array): number {
  return Number(/"number":(\d+)/.exec(Buffer.from(bytes).toString())?.[1] ?? 0);
}

interface Run {
  /** Seconds of call for each second, of one call. */
  speed: number;
  /** CPU seconds for each hour of call. */
  cpuPerHour: number;
}

async function transcribed(lab: IngestLab, env: Record<string, string>, calls: number, turns: number): Promise<Run> {
  const transcriber = new MortalTranscriber({ ...lab.env, ...env });
  await transcriber.start();
  try {
    const sounds = Array.from({ length: calls }, (_, call) => callSound(seeded(call + 1), turns));
    const begun = sounds.map((sound) => {
      const contactId = randomUUID();
      const startedAt = Date.now() - sound.lengthMs;
      const stream = lab.broadcast(contactId, sound, startedAt);
      endCall(stream, startedAt + sound.lengthMs);
      lab.connect.contacts.set(contactId, startedAt + sound.lengthMs);
      return { contactId, sound, job: jobFor(contactId, stream, startedAt) };
    });
    const before = { cpu: cpuSeconds(transcriber.pid ?? 0), at: performance.now() };
    await Promise.all(begun.map(({ job }) => transcriber.invoke(job)));
    const seconds = (performance.now() - before.at) / 1000;
    const cpu = cpuSeconds(transcriber.pid ?? 0) - before.cpu;
    const wrong = begun.filter(({ contactId, sound }) => storyOf(lab.hub, contactId).turns.length !== sound.lines.length);
    if (wrong.length > 0)
      throw new Error(`${wrong.length} of ${calls} calls lost turns. Run the call tests of test/aws-ingest first.`);
    const lengthSeconds = sounds.reduce((total, { lengthMs }) => total + lengthMs / 1000, 0);
    return { speed: lengthSeconds / calls / seconds, cpuPerHour: (cpu / lengthSeconds) * 3600 };
  } finally {
    await transcriber.kill();
  }
}
