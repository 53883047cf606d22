import { createHash, randomUUID } from "node:crypto";
import { GetObjectCommand, ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handler } from "../../../aws-ingest/handlers/transcriber.ts";
import { callSound, seeded } from "../../support/call-sound.ts";
import { endCall, type IngestLab, jobFor, startIngestLab } from "../../support/ingest-lab.ts";
import { audioInWav } from "./wav-audio.ts";

// An S3 that nobody here wrote. It ignores conditional writes, so it judges recordings and no checkpoints.
const Bucket = "vigia-recordings";
const STARTED = Date.UTC(2026, 10, 23, 12);

let lab: IngestLab;
let fauxqs: FauxqsServer;
let client: S3Client;
beforeAll(async () => {
  fauxqs = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
  fauxqs.createBucket(Bucket);
  const endpoint = `http://127.0.0.1:${fauxqs.port}`;
  lab = await startIngestLab({ RECORDINGS_BUCKET: Bucket, AWS_ENDPOINT_URL_S3: endpoint });
  client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true });
});
afterAll(async () => {
  client.destroy();
  await lab.close();
  await fauxqs.stop();
});

test.each([5, 60])("A recording of %i turns is whole in an S3 of other hands, and no upload is left open.", async (turns) => {
  const contactId = randomUUID();
  const sound = callSound(seeded(22), turns);
  const stream = lab.broadcast(contactId, sound, STARTED);
  endCall(stream, STARTED + sound.lengthMs + 5000);
  const outcome = await handler({ ...jobFor(contactId, stream, STARTED), record: true });
  expect(outcome).toMatchObject({ result: "ended", incompleteReasons: [] });

  const Key = `2026/11/23/${contactId}.wav`;
  const { Body, ContentType } = await client.send(new GetObjectCommand({ Bucket, Key }));
  const audio = audioInWav((await Body?.transformToByteArray()) ?? new Uint8Array());
  const frames = Math.ceil(sound.fromCustomer.length / 800) * 800;
  const samples = new Int16Array(frames * 2);
  for (const [index, sample] of sound.fromCustomer.entries()) samples[index * 2] = sample;
  for (const [index, sample] of sound.toCustomer.entries()) samples[index * 2 + 1] = sample;
  const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  expect([ContentType, hash(audio)]).toEqual(["audio/wav", hash(Buffer.from(samples.buffer))]);
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(Uploads).toEqual([]);
});
