import { randomUUID } from "node:crypto";
import { ComprehendClient } from "@aws-sdk/client-comprehend";
import { KinesisVideoClient } from "@aws-sdk/client-kinesis-video";
import { KinesisVideoMediaClient } from "@aws-sdk/client-kinesis-video-media";
import { S3Client } from "@aws-sdk/client-s3";
import { TranscribeStreamingClient } from "@aws-sdk/client-transcribe-streaming";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { handler } from "../../../aws-ingest/handlers/transcriber.ts";
import { type LocalService, startService } from "../../../local/aws/service.ts";
import type { CallSound } from "../../support/call-sound.ts";
import { emittedMetrics } from "../../support/emitted-metrics.ts";
import { endCall, type IngestLab, jobFor, startIngestLab } from "../../support/ingest-lab.ts";

let lab: IngestLab;
let lambda: LocalService;
/** The jobs of the hand-overs. */
const started: unknown[] = [];
beforeAll(async () => {
  lambda = await startService({
    serve: ({ body }) => {
      started.push(JSON.parse(Buffer.from(body).toString()));
      return { status: 202 };
    },
  });
  lab = await startIngestLab({ RECORDINGS_BUCKET: "kept", AWS_LAMBDA_FUNCTION_NAME: "transcriber" });
});
afterAll(async () => {
  await lab.close();
  await lambda.close();
  delete process.env["AWS_LAMBDA_FUNCTION_NAME"];
});
beforeEach(() => {
  started.length = 0;
  Object.assign(process.env, lab.env, { AWS_ENDPOINT_URL_LAMBDA: lambda.url });
});
afterEach(() => vi.restoreAllMocks());

/** Returns the job of a call in which nobody speaks. Its stream is over when `ended`. */
function silentCall(lengthMs: number, ended = true) {
  const contactId = randomUUID();
  const silence = new Int16Array(lengthMs * 8);
  const sound: CallSound = { lines: [], fromCustomer: silence, toCustomer: silence, lengthMs };
  const startedAt = Date.now() - lengthMs - 5000;
  const stream = lab.broadcast(contactId, sound, startedAt);
  if (ended) endCall(stream, Date.now());
  return jobFor(contactId, stream, startedAt);
}

/** Returns the job of a silent call that has been handed over three times, and has lost four samples. */
function incompleteCall(lengthMs: number, ended = true) {
  const job = silentCall(lengthMs, ended);
  const state = {
    handoverCount: 3,
    t0Ms: job.startTimestamp,
    transcribedUntil: { customer: 0, agent: 0 },
    afterFragment: null,
    lateSamples: 4,
    pendingTurns: [],
    turns: [],
    categories: [],
    newestSentiment: 0,
    recording: null,
    transcript: null,
    incompleteReasons: ["late_audio"],
  };
  return { ...job, state };
}

describe("The metrics of a transcriber", () => {
  test("count a call with half a minute of audio and no turn.", async () => {
    const metrics = await emittedMetrics(() => handler(silentCall(31_000)));
    expect(metrics).toMatchObject({ CallsWithoutTurn: 1, Turns: 0, AudioSeconds: 31, AudioSecondsSent: 31, PostsAccepted: 3 });
    expect(metrics["MillisBehindLive"]).toBeGreaterThanOrEqual(0);
    expect(metrics).not.toHaveProperty("CallsIncomplete");
    expect(metrics).not.toHaveProperty("Handovers");
  });

  test("do not count a call that is shorter than half a minute as one without a turn.", async () => {
    expect(await emittedMetrics(() => handler(silentCall(29_000)))).not.toHaveProperty("CallsWithoutTurn");
  });

  test("count a hand-over, and the incomplete call only at its end.", async () => {
    // Lambda ends this invocation 50 ms after the time that it keeps free for the hand-over.
    const context = { functionName: "other", getRemainingTimeInMillis: () => 90_050 };
    const first = incompleteCall(2000, false);
    process.env["IDLE_SECONDS"] = "60";
    const handedOver = await emittedMetrics(() => handler(first, context));
    expect(handedOver).toMatchObject({ Handovers: 1 });
    expect(handedOver).not.toHaveProperty("CallsIncomplete");
    expect(started).toMatchObject([{ state: { handoverCount: 4, incompleteReasons: ["late_audio"] } }]);
    const ended = await emittedMetrics(() => handler(incompleteCall(2000)));
    expect(ended).toMatchObject({ CallsIncomplete: 1 });
    expect(ended).not.toHaveProperty("Handovers");
  });
});

test("The transcriber closes every client that it opened, so that a container keeps no connection of an earlier call.", async () => {
  const spies = {
    comprehend: vi.spyOn(ComprehendClient.prototype, "destroy"),
    control: vi.spyOn(KinesisVideoClient.prototype, "destroy"),
    media: vi.spyOn(KinesisVideoMediaClient.prototype, "destroy"),
    s3: vi.spyOn(S3Client.prototype, "destroy"),
    transcribe: vi.spyOn(TranscribeStreamingClient.prototype, "destroy"),
  };
  expect(await handler(silentCall(2000))).toMatchObject({ result: "ended" });
  const calls = Object.fromEntries(Object.entries(spies).map(([name, spy]) => [name, spy.mock.calls.length]));
  expect(calls).toEqual({ comprehend: 1, control: 1, media: 1, s3: 1, transcribe: 1 });
});
