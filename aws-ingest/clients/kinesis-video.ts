import { setTimeout as sleep } from "node:timers/promises";
import { APIName, GetDataEndpointCommand, KinesisVideoClient } from "@aws-sdk/client-kinesis-video";
import { GetMediaCommand, KinesisVideoMediaClient, type StartSelector } from "@aws-sdk/client-kinesis-video-media";
import { backoffMs } from "../../protocol/backoff.ts";
import type { MediaStart } from "../call/call-ports.ts";

/** A stream takes three readers. A reader that has just ended may hold its place for some seconds. */
const BUSY_ATTEMPTS = 6;
const BUSY_BACKOFF = { firstMs: 2000, longestMs: 8000 };
/** Limits the wait for the headers of the answer. For the body the SDK has no timeout, so `idleMs` limits it. */
const REQUEST_TIMEOUT_MS = 10_000;

export interface MediaRequest {
  streamArn: string;
  start: MediaStart;
  /** The bytes end when the caller has waited this long for more. */
  idleMs: number;
  signal: AbortSignal;
}

/**
 * Reads a Kinesis video stream with GetMedia. The bytes end when the connection closes or breaks, when the service sends nothing
 * for `idleMs`, or when `signal` aborts. None of these means that the call is over.
 * @throws the SDK's error if the stream cannot be opened
 */
export async function* readMedia(request: MediaRequest): AsyncGenerator<Uint8Array, void, undefined> {
  const client = await mediaClient(request.streamArn, request.signal);
  try {
    const payload = await openMedia(client, request);
    if (payload === null) return;
    const iterator = payload[Symbol.asyncIterator]();
    try {
      for (;;) {
        const bytes = await nextOrIdle(iterator, request);
        if (bytes === null) return;
        yield bytes;
      }
    } finally {
      payload.destroy();
    }
  } finally {
    client.destroy();
  }
}

async function mediaClient(streamArn: string, signal: AbortSignal): Promise<KinesisVideoMediaClient> {
  const control = new KinesisVideoClient({ requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true } });
  try {
    const { DataEndpoint } = await control.send(
      new GetDataEndpointCommand({ APIName: APIName.GET_MEDIA, StreamARN: streamArn }),
      {
        abortSignal: signal,
      },
    );
    if (DataEndpoint === undefined)
      throw new Error(`GetDataEndpoint returned no endpoint for ${streamArn}, so its audio cannot be read.`);
    return new KinesisVideoMediaClient({ endpoint: DataEndpoint });
  } finally {
    control.destroy();
  }
}

interface Payload extends AsyncIterable<unknown> {
  destroy(): unknown;
}

async function openMedia(client: KinesisVideoMediaClient, request: MediaRequest): Promise<Payload | null> {
  const command = new GetMediaCommand({ StreamARN: request.streamArn, StartSelector: selectorOf(request.start) });
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { Payload } = await client.send(command, { abortSignal: request.signal });
      return Payload !== undefined && isPayload(Payload) ? Payload : null;
    } catch (error) {
      if (request.signal.aborted) return null;
      if (!isBusy(error) || attempt === BUSY_ATTEMPTS) throw error;
      await sleep(backoffMs(attempt - 1, BUSY_BACKOFF, Math.random()), undefined, { signal: request.signal });
    }
  }
}

function selectorOf(start: MediaStart): StartSelector {
  return start.from === "time"
    ? { StartSelectorType: "PRODUCER_TIMESTAMP", StartTimestamp: new Date(start.epochMs) }
    : { StartSelectorType: "FRAGMENT_NUMBER", AfterFragmentNumber: start.after };
}

function isPayload(payload: object): payload is Payload {
  return Symbol.asyncIterator in payload && "destroy" in payload && typeof payload.destroy === "function";
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /ConnectionLimitExceeded|ClientLimitExceeded|Throttling/.test(error.name);
}

/** Returns the next bytes, or null at the end of the bytes. */
async function nextOrIdle(iterator: AsyncIterator<unknown>, request: MediaRequest): Promise<Uint8Array | null> {
  let stopWaiting = () => {};
  const waited = new Promise<null>((resolve) => {
    stopWaiting = () => resolve(null);
  });
  const timer = setTimeout(stopWaiting, request.idleMs);
  request.signal.addEventListener("abort", stopWaiting, { once: true });
  if (request.signal.aborted) stopWaiting();
  try {
    const next = iterator.next().catch(() => null);
    const result = await Promise.race([next, waited]);
    return result === null || result.done || !(result.value instanceof Uint8Array) ? null : result.value;
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", stopWaiting);
  }
}
