import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { startFauxqs } from "fauxqs";
import type { SessionReport } from "../../local/aws/transcribe-stream.ts";
import { flowEvent } from "../../local/simulator/flow-event.ts";
import { FAILED_QUEUE, type LocalCloud, RECORDINGS_BUCKET, startCloud, UNDELIVERED_QUEUE } from "../../local/start/cloud.ts";
import { startHub } from "../../local/start/hub.ts";
import { SKIPPED } from "../oracle-packages.ts";
import { missingTools, runTool, speakText } from "./spoken/spoken-text.ts";

/**
 * Sends spoken Spanish and English through the demo's whole pipeline: the contact flow's trigger, the stand-in of Kinesis Video
 * Streams, the transcriber, the stand-in of Transcribe, the recording in S3 and the real Worker. espeak-ng speaks and ffmpeg
 * decodes the recordings, so neither end is ours. What the recogniser got and what the recording has must be what was said, to
 * the bit. The pipeline runs twice: with our stand-in of S3, and with fauxqs, an S3 of other hands.
 * `node scripts/oracle/speech.ts [own|fauxqs]`. Exit code 0: all right. 1: a difference. 77: a tool is missing.
 */

const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const HOME = { accountId: "111122223333", region: "us-east-1", instanceId: INSTANCE };
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const STORES = ["own", "fauxqs"] as const;
type Store = (typeof STORES)[number];
const CHECKPOINTS_BUCKET = "vigia-checkpoints";
const BYTES_PER_MS = 16;
/** The stand-in of Transcribe knows no human voice. After 60 s of speech without a word the transcriber asks another session. */
const ROUNDS = 3;

/** What is said in each call. The languages go through Call Analytics (es-MX, en-US) and standard transcription (es-ES). */
const CALLS = [
  {
    languageCode: "es-MX",
    voice: "es-419",
    customer: "Buenos días. Llevo tres días sin internet y nadie me da una solución. Estoy muy molesta con ustedes.",
    agent: "Lamento mucho la molestia. Permítame revisar su línea. En una hora queda resuelto.",
  },
  {
    languageCode: "en-US",
    voice: "en-us",
    customer: "Good morning. I was charged twice for the same invoice, and nobody answers my letters.",
    agent: "I am sorry to hear that. I see both charges here. The second one will be returned today.",
  },
  {
    languageCode: "es-ES",
    voice: "es",
    customer: "Hola. El paquete llegó abierto y falta la mitad. Quiero que me devuelvan el dinero.",
    agent: "Tiene usted toda la razón. Le envío otro esta misma tarde, sin ningún coste.",
  },
] as const;

interface VoicedCall {
  contactId: string;
  languageCode: string;
  customer: Buffer;
  agent: Buffer;
}

/** Returns the samples of 16-bit PCM. */
function samplesOf(pcm: Buffer): Int16Array {
  return Int16Array.from({ length: pcm.length / 2 }, (_, index) => pcm.readInt16LE(index * 2));
}

/** The agent and the customer speak in turn. The call begins with the agent's first word. */
function speakCalls(folder: string): VoicedCall[] {
  return CALLS.map(({ languageCode, voice, customer, agent }) => {
    const greeting = speakText(folder, voice, agent);
    const answer = speakText(folder, voice, customer);
    const rounds = <Part>(...round: Part[]) => Array.from({ length: ROUNDS }, () => round).flat();
    return {
      contactId: randomUUID(),
      languageCode,
      customer: Buffer.concat(rounds(Buffer.alloc(greeting.length), answer)),
      agent: Buffer.concat(rounds(greeting, Buffer.alloc(answer.length))),
    };
  });
}

/** Streams a call, starts its contact flow, and waits until the transcriber is through. */
async function playCall(cloud: LocalCloud, { contactId, languageCode, customer, agent }: VoicedCall): Promise<void> {
  const endedAt = Date.now() - 5_000;
  const startedAt = endedAt - Math.ceil(customer.length / BYTES_PER_MS);
  const stream = cloud.kinesisVideo.stream(`vigia-connect-oracle-contact-${randomUUID()}`);
  const [fromCustomer, toCustomer] = [samplesOf(customer), samplesOf(agent)];
  const startFragment = stream.write({ contactId, atMs: startedAt, fromCustomer, toCustomer });
  // The next call of the stream ends this one.
  const nobody = new Int16Array(8192);
  stream.write({ contactId: randomUUID(), atMs: Date.now(), fromCustomer: nobody, toCustomer: nobody });
  cloud.connect.contacts.set(contactId, endedAt);
  const media = { arn: stream.arn, startFragment, startedAt };
  const call = { contactId, kind: "webrtc", languageCode, customerNumber: null, recorded: true, queue: null } as const;
  const answer = await cloud.invoke("trigger", flowEvent(HOME, { ...call, stream: media }));
  if (!JSON.stringify(answer).includes("started")) throw new Error(`The trigger answered ${JSON.stringify(answer)}.`);
  await cloud.lambda.drain();
}

/** Says how the audio of the recogniser differs from the spoken one, or null. It got each side padded to whole chunks. */
function recogniserDifference(call: VoicedCall, sessions: readonly SessionReport[]): string | null {
  const [session, ...others] = sessions;
  if (session === undefined || others.length > 0) return `the recogniser was asked ${sessions.length} times`;
  const sides = [call.customer, call.agent];
  const wrong = session.channels.findIndex(({ bytes, sha256 }, channel) => {
    const said = sides[channel] ?? Buffer.alloc(0);
    const padded = Buffer.concat([said, Buffer.alloc(Math.max(0, bytes - said.length))]);
    return bytes < said.length || createHash("sha256").update(padded).digest("hex") !== sha256;
  });
  return wrong === -1 ? null : `the recogniser got other samples on channel ${wrong}`;
}

/** Says how the recording differs from the spoken audio, or null. ffmpeg decodes it. */
function recordingDifference(call: VoicedCall, wav: Uint8Array, folder: string): string | null {
  const file = join(folder, `${call.contactId}.wav`);
  writeFileSync(file, wav);
  const sides = { customer: 0, agent: 1 } as const;
  for (const [side, channel] of Object.entries(sides)) {
    const raw = join(folder, `${call.contactId}-${side}.raw`);
    runTool("ffmpeg", "-v", "error", "-y", "-i", file, "-af", `pan=mono|c0=c${channel}`, "-f", "s16le", raw);
    const heard = readFileSync(raw);
    const said = side === "customer" ? call.customer : call.agent;
    const rest = heard.subarray(said.length);
    if (!heard.subarray(0, said.length).equals(said)) return `the recording has other samples of the ${side}`;
    if (rest.some((byte) => byte !== 0)) return `the recording goes on after the ${side}'s last word`;
  }
  return null;
}

/** Runs all calls through one pipeline. Returns the number of differences. */
async function judgePipeline(store: Store, folder: string): Promise<number> {
  const vars = {
    AUTH_MODE: "local",
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
    TICKET_SECRET: Buffer.alloc(32, 3).toString("base64"),
  };
  const hub = await startHub({ port: 0, folder: join(folder, store), vars });
  const other = store === "fauxqs" ? await startFauxqs({ port: 0, host: "127.0.0.1", logger: false }) : null;
  for (const bucket of [RECORDINGS_BUCKET, CHECKPOINTS_BUCKET]) other?.createBucket(bucket);
  const cloud = await startCloud({
    instanceId: INSTANCE,
    hubUrl: hub.url,
    ingestSecret: SECRET,
    transcriptions: 25,
    env: {
      CATCH_UP_SPEED: "100",
      ...(other !== null && { AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${other.port}` }),
    },
  });
  const endpoint = process.env["AWS_ENDPOINT_URL_S3"] ?? cloud.s3.url;
  const s3 = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true });
  let failures = 0;
  try {
    for (const call of speakCalls(folder)) {
      await playCall(cloud, call);
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: RECORDINGS_BUCKET }));
      const Key = Contents.map((object) => object.Key).find((key) => key?.endsWith(`${call.contactId}.wav`));
      if (Key === undefined) throw new Error(`The S3 has no recording of the call in ${call.languageCode}.`);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: RECORDINGS_BUCKET, Key }));
      const wav = (await Body?.transformToByteArray()) ?? new Uint8Array();
      const sessions = cloud.transcribe.sessions().filter(({ sessionId }) => sessionId === call.contactId);
      const wrong = recogniserDifference(call, sessions) ?? recordingDifference(call, wav, folder);
      const seconds = Math.round(call.customer.length / BYTES_PER_MS / 1000);
      const name = `${call.languageCode}, ${seconds} s, S3: ${store}`;
      console.log(wrong === null ? `ok     ${name}: recogniser and recording have every sample` : `WRONG  ${name}: ${wrong}`);
      if (wrong !== null) failures += 1;
    }
    const refused = [UNDELIVERED_QUEUE, FAILED_QUEUE].reduce((sum, queue) => sum + cloud.sqs.bodies(queue).length, 0);
    if (refused > 0) console.log(`WRONG  ${refused} messages are in the dead-letter queues`);
    return failures + refused;
  } finally {
    s3.destroy();
    await cloud.close();
    await other?.stop();
    await hub.stop();
  }
}

async function main(): Promise<number> {
  const missing = missingTools("espeak-ng", "ffmpeg");
  if (missing !== null) {
    console.log(missing);
    return SKIPPED;
  }
  const store = STORES.find((each) => each === process.argv[2]);
  if (store === undefined) {
    // One process each, because the functions read their environment once.
    const runs = STORES.map((each) => spawnSync(process.execPath, [import.meta.filename, each], { stdio: "inherit" }));
    const right = runs.filter(({ status }) => status === 0).length;
    console.log(`${CALLS.length} spoken calls in Spanish and English: right with ${right} of ${STORES.length} kinds of S3.`);
    return right === STORES.length ? 0 : 1;
  }
  const folder = mkdtempSync(join(tmpdir(), "vigia-speech-"));
  try {
    return (await judgePipeline(store, folder)) === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
