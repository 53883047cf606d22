import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";
import { type CallSound, callSound, seeded } from "../../support/call-sound.ts";
import { endCall, type IngestLab, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";
import { MortalTranscriber } from "../../support/mortal-transcriber.ts";

const RECORDINGS = "vigia-recordings";
const CHECKPOINTS = "vigia-checkpoints";
const STARTED = Date.UTC(2026, 10, 23, 12);
/** Calls side by side. Each kill of the process hits all of them at another place. */
const CALLS = 4;
const KILLS = 5;
/** Some seconds of work for a call of a minute, so that the kills hit its middle. */
const SPEED = "12";

let lab: IngestLab;
let s3: LocalS3;
beforeAll(async () => {
  s3 = await startS3({ buckets: [RECORDINGS, CHECKPOINTS] });
  lab = await startIngestLab({
    RECORDINGS_BUCKET: RECORDINGS,
    CHECKPOINTS_BUCKET: CHECKPOINTS,
    AWS_ENDPOINT_URL_S3: s3.url,
    CHECKPOINT_SECONDS: "2",
    CATCH_UP_SPEED: SPEED,
  });
});
afterAll(async () => {
  await lab.close();
  await s3.close();
});

function beginCall(sound: CallSound): { contactId: string; job: object } {
  const contactId = randomUUID();
  const stream = lab.broadcast(contactId, sound, STARTED);
  endCall(stream, STARTED + sound.lengthMs + 5000);
  lab.connect.contacts.set(contactId, STARTED + sound.lengthMs);
  return { contactId, job: { ...jobFor(contactId, stream, STARTED), record: true } };
}

/** Returns everything that a call leaves: the hub's turns and score, the transcript, the recording's bytes. */
function traceOf(contactId: string): object {
  const { turns, score } = storyOf(lab.hub, contactId);
  const object = (suffix: string) => s3.objects().find(({ key }) => key === `2026/11/23/${contactId}${suffix}`)?.bytes;
  // A category that the service was about to report when the process died stays unknown, because its audio is not sent again.
  const { categories: _, ...transcript } = JSON.parse(Buffer.from(object(".json") ?? "null").toString());
  const anonymous = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll(contactId, "this contact"));
  return {
    turns: anonymous(turns),
    score: anonymous({ customer: score?.customer, agent: score?.agent, turns: score?.turns }),
    ends: lab.hub.updates().filter((update) => update.type === "contact.ended" && update.contactId === contactId).length > 0,
    transcript: anonymous(transcript),
    recording: Buffer.from(object(".wav") ?? []).toString("base64"),
  };
}

test("Calls whose process is killed at random moments leave the same turns, score, transcript and recording as undisturbed ones.", async () => {
  const random = seeded(41);
  const sounds = Array.from({ length: CALLS }, () => callSound(random, 14));
  const transcriber = new MortalTranscriber(lab.env);
  await transcriber.start();
  const calm = sounds.map(beginCall);
  const calmOutcomes = await Promise.all(calm.map(({ job }) => transcriber.invoke(job)));
  for (const outcome of calmOutcomes) expect(outcome).toMatchObject({ result: "ended", turns: 14, incompleteReasons: [] });

  const killed = sounds.map(beginCall);
  const outcomes = Promise.all(killed.map(({ job }) => transcriber.invoke(job)));
  for (let kill = 0; kill < KILLS; kill += 1) {
    await sleep(300 + random() * 900);
    await transcriber.kill();
    await transcriber.start();
  }
  for (const outcome of await outcomes) expect(outcome).toMatchObject({ result: "ended", turns: 14, incompleteReasons: [] });
  await transcriber.kill();
  for (const [index, { contactId }] of killed.entries())
    expect(traceOf(contactId)).toEqual(traceOf(calm[index]?.contactId ?? ""));
  expect(s3.openUploads()).toBe(0);
});
