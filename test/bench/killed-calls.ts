// What it costs that a call outlives its process: `node test/bench/killed-calls.ts [--kills 20] [--calls 4] [--seed 1]`.
// 1. Calls whose process is killed at random moments leave the same as undisturbed ones. 2. A live call, killed once: checkpoints
// per hour, and how late the board is. 3. A call that waited: how fast it catches up. Exit code 1: a difference.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startS3 } from "../../local/aws/s3.ts";
import { type CallSound, callSound, seeded } from "../support/call-sound.ts";
import { endCall, jobFor, startIngestLab, storyOf } from "../support/ingest-lab.ts";
import { MortalTranscriber } from "../support/mortal-transcriber.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    calls: { type: "string", default: "4" },
    seed: { type: "string", default: "1" },
  },
});
const [kills, calls, seed] = [Number(values.kills), Number(values.calls), Number(values.seed)];
const CHECKPOINTS = "vigia-checkpoints";
const RECORDINGS = "vigia-recordings";
const FRAGMENT_MS = 1024;
/** Amazon S3, us-east-1, November 2026: one million PUT requests, in dollars. */
const PUT_PRICE_PER_MILLION = 5;

const s3 = await startS3({ buckets: [CHECKPOINTS, RECORDINGS], maxBytes: 1024 ** 3 });
const lab = await startIngestLab({
  CHECKPOINTS_BUCKET: CHECKPOINTS,
  RECORDINGS_BUCKET: RECORDINGS,
  AWS_ENDPOINT_URL_S3: s3.url,
  LEASE_SECONDS: "45",
});
const figures: [string, string][] = [];
let differs = false;

const story = (contactId: string) => {
  const { turns, score } = storyOf(lab.hub, contactId);
  const stored = (ending: string) => s3.objects().find(({ key }) => key.endsWith(`${contactId}${ending}`))?.bytes;
  const text = JSON.stringify([
    turns,
    score && { ...score, occurredAt: 0 },
    JSON.parse(Buffer.from(stored(".json") ?? []).toString() || "0"),
  ]);
  return `${text.replaceAll(contactId, "")}${Buffer.from(stored(".wav") ?? []).toString("base64")}`;
};
const checkpointOf = (contactId: string) =>
  s3.objects().find(({ key }) => key.endsWith(`${contactId}.json`) && key.startsWith("checkpoints/"));
const numberOf = (contactId: string) =>
  Number(/"number":(\d+)/.exec(Buffer.from(checkpointOf(contactId)?.bytes ?? []).toString())?.[1] ?? 0);

function begin(sound: CallSound, startedAt: number): { contactId: string; job: object } {
  const contactId = randomUUID();
  const stream = lab.broadcast(contactId, sound, startedAt);
  endCall(stream, startedAt + sound.lengthMs + 5000);
  lab.connect.contacts.set(contactId, startedAt + sound.lengthMs);
  return { contactId, job: { ...jobFor(contactId, stream, startedAt), record: true } };
}

async function killAtRandom(): Promise<void> {
  const random = seeded(seed);
  // Long enough for parts of the recording, and slow enough for all kills.
  const sounds = Array.from({ length: calls }, () => callSound(random, 70));
  const env = { ...lab.env, CATCH_UP_SPEED: String(Math.max(4, Math.round(240 / kills))), CHECKPOINT_SECONDS: "2" };
  const startedAt = Date.UTC(2026, 10, 23, 12);
  const transcriber = new MortalTranscriber(env);
  await transcriber.start();
  const calm = sounds.map((sound) => begin(sound, startedAt));
  const killed = sounds.map((sound) => begin(sound, startedAt));
  await Promise.all(calm.map(({ job }) => transcriber.invoke(job)));
  const outcomes = Promise.all(killed.map(({ job }) => transcriber.invoke(job)));
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(500 + random() * 1500);
    await transcriber.kill();
    await transcriber.start();
  }
  await outcomes;
  await transcriber.kill();
  // A call that was killed behind its first part has a filler before its audio, so the recordings are compared from their ends.
  const same = killed.filter(({ contactId }, index) => sameStory(story(contactId), story(calm[index]?.contactId ?? ""))).length;
  differs ||= same < calls;
  figures.push([`${calls} calls, each killed ${kills} times, that are as if undisturbed`, `${same} of ${calls}`]);
}

function sameStory(one: string, other: string): boolean {
  const [a, b] = [one.lastIndexOf("}]"), other.lastIndexOf("}]")];
  const [audioA, audioB] = [Buffer.from(one.slice(a + 2), "base64"), Buffer.from(other.slice(b + 2), "base64")];
  const length = Math.min(audioA.length, audioB.length) - 1024;
  return one.slice(0, a) === other.slice(0, b) && audioA.subarray(-length).equals(audioB.subarray(-length));
}

/** Streams a call in real time and kills its process once. */
async function killLive(): Promise<void> {
  const sound = callSound(seeded(seed + 7), 16);
  const contactId = randomUUID();
  const startedAt = Date.now();
  const stream = lab.kinesisVideo.stream(`vigia-connect-bench-contact-${contactId}`);
  lab.connect.contacts.set(contactId, null);
  const shownAt = new Map<string, number>();
  const transcriber = new MortalTranscriber({ ...lab.env, CATCH_UP_SPEED: "4", IDLE_SECONDS: "5", CHECKPOINT_SECONDS: "20" });
  await transcriber.start();
  let done: Promise<unknown> = Promise.resolve();
  let killedAt = 0;
  for (let at = 0; at < sound.fromCustomer.length; at += 8 * FRAGMENT_MS) {
    await sleep(Math.max(0, startedAt + at / 8 + FRAGMENT_MS - Date.now()));
    const part = (samples: Int16Array) => {
      const padded = new Int16Array(8 * FRAGMENT_MS);
      padded.set(samples.subarray(at, at + padded.length));
      return padded;
    };
    stream.write({
      contactId,
      atMs: startedAt + at / 8,
      fromCustomer: part(sound.fromCustomer),
      toCustomer: part(sound.toCustomer),
    });
    if (at === 0) done = transcriber.invoke(jobFor(contactId, stream, startedAt, null));
    if (killedAt === 0 && at / 8 > sound.lengthMs * 0.5) {
      killedAt = Date.now();
      await transcriber.kill();
      await transcriber.start();
      figures.push([
        "a killed process until the next one runs, without Lambda's 60 s",
        `${((Date.now() - killedAt) / 1000).toFixed(1)} s`,
      ]);
    }
    for (const { text, endMs } of storyOf(lab.hub, contactId).turns)
      if (!shownAt.has(`${endMs}${text}`)) shownAt.set(`${endMs}${text}`, Date.now() - startedAt - endMs);
  }
  lab.connect.contacts.set(contactId, Date.now());
  endCall(stream, Date.now());
  await done;
  await transcriber.kill();
  const hours = sound.lengthMs / 3_600_000;
  const writes = numberOf(contactId) / hours;
  const turns = storyOf(lab.hub, contactId).turns;
  const delays = turns.map(({ text, endMs }) => ({ endMs, delayMs: shownAt.get(`${endMs}${text}`) ?? 0 }));
  const killedMs = killedAt - startedAt;
  const around = delays.filter(({ endMs }) => endMs > killedMs - 5000 && endMs < killedMs + 15_000).map(({ delayMs }) => delayMs);
  const usual = delays.map(({ delayMs }) => delayMs).toSorted((a, b) => a - b)[Math.floor(delays.length / 2)] ?? 0;
  figures.push(["from the end of a phrase to the board, usually", `${(usual / 1000).toFixed(1)} s`]);
  figures.push(["the same, the slowest phrase around the kill", `${(Math.max(0, ...around) / 1000).toFixed(1)} s`]);
  figures.push([
    `checkpoints of a talkative call (${Math.round(turns.length / hours)} turns) per call hour`,
    String(Math.round(writes)),
  ]);
  figures.push(["their cost per call hour", `$${((writes * PUT_PRICE_PER_MILLION) / 1e6).toFixed(4)}`]);
  figures.push(["the last of them", `${checkpointOf(contactId)?.bytes.length ?? 0} bytes`]);
}

async function catchUp(): Promise<void> {
  const sound = callSound(seeded(seed + 3), 40);
  const { contactId, job } = begin(sound, Date.now() - sound.lengthMs);
  const transcriber = new MortalTranscriber({ ...lab.env, CATCH_UP_SPEED: "4" });
  await transcriber.start();
  const startedAt = Date.now();
  await transcriber.invoke(job);
  await transcriber.kill();
  const speed = sound.lengthMs / (Date.now() - startedAt);
  differs ||= storyOf(lab.hub, contactId).turns.length !== sound.lines.length;
  figures.push([`catching up ${Math.round(sound.lengthMs / 1000)} s of a call`, `${speed.toFixed(1)} times real time`]);
}

await killAtRandom();
await killLive();
await catchUp();
for (const [what, figure] of figures) console.log(`${what}: ${figure}`);
await lab.close();
await s3.close();
process.exitCode = differs ? 1 : 0;
