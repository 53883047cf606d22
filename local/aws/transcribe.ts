import { randomUUID } from "node:crypto";
import { createServer, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { SIGNATURE_SCHEME } from "./service.ts";
import type { TranscribeException } from "./transcribe-frames.ts";
import { TranscribeRegister } from "./transcribe-register.ts";
import { answerHeaders, BadRequest, readRequest, type TranscribeRequest } from "./transcribe-request.ts";
import { type SessionReport, TranscribeStream, type TranscribeTap, type TranscriptionFault } from "./transcribe-stream.ts";

/**
 * Amazon Transcribe streaming on loopback (HTTP/2 without TLS) for the real SDK client, with call analytics and standard
 * streams. It recognises the phrases of the book in the form of telephone tones. It refuses the same requests as the service.
 */
export interface LocalTranscribe {
  url: string;
  /** Returns the accepted streams, the oldest first. Keeps the last 200 of those that have ended. */
  sessions(): SessionReport[];
  faults: TranscribeFaults;
  /** Ends every stream and the server. */
  close(): Promise<void>;
}

export interface LocalTranscribeOptions {
  /** Ends a stream after this long without new audio. AWS waits 15 s. */
  idleTimeoutMs?: number;
  /** The quota of concurrent streams. A new AWS account has 25. */
  maxStreams?: number;
  /** The audio of the longest stream. AWS allows 4 h. */
  maxAudioMs?: number;
  tap?: TranscribeTap;
  /** Whether the Region has Call Analytics. AWS GovCloud (US) has none. */
  callAnalytics?: boolean;
  /** Whether the Region masks personal data in streams. */
  redaction?: boolean;
  /** The account's custom vocabularies and filters. Other names are refused. Absent = every name exists. */
  vocabularies?: readonly string[];
}

/** Faults to order for the next streams. Open streams do not change. */
export class TranscribeFaults {
  readonly #refusals: TranscribeException[] = [];
  readonly #breaks: TranscriptionFault[] = [];
  /** Delays the results. */
  answerDelayMs = 0;

  /** Refuses the next `times` streams at their start. Transcribe throttles with LimitExceededException. */
  refuse(times: number, exception: TranscribeException): void {
    for (let count = 0; count < times; count += 1) this.#refusals.push(exception);
  }

  /** Breaks the next stream after this much audio: with an exception, a cut connection, or no more results ("stall"). */
  breakNext(afterMs: number, kind: TranscriptionFault["kind"]): void {
    this.#breaks.push({ afterMs, kind });
  }

  clear(): void {
    this.#refusals.length = 0;
    this.#breaks.length = 0;
    this.answerDelayMs = 0;
  }

  takeRefusal(): TranscribeException | null {
    return this.#refusals.shift() ?? null;
  }

  takeBreak(): TranscriptionFault | null {
    return this.#breaks.shift() ?? null;
  }
}

const IDLE_TIMEOUT_MS = 15_000;
const MAX_STREAMS = 25;
const MAX_AUDIO_MS = 4 * 60 * 60_000;
const STATUS: Readonly<Record<TranscribeException, number>> = {
  BadRequestException: 400,
  ConflictException: 409,
  LimitExceededException: 429,
  InternalFailureException: 500,
  ServiceUnavailableException: 503,
};

export async function startTranscribe(options: LocalTranscribeOptions = {}): Promise<LocalTranscribe> {
  const { idleTimeoutMs = IDLE_TIMEOUT_MS, maxStreams = MAX_STREAMS, maxAudioMs = MAX_AUDIO_MS, tap = null } = options;
  const faults = new TranscribeFaults();
  const register = new TranscribeRegister();
  const connections = new Set<Http2Session>();
  const server = createServer();

  server.on("session", (session) => {
    connections.add(session);
    session.on("close", () => connections.delete(session));
    session.on("error", () => session.destroy());
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", () => stream.destroy());
    if (!headers.authorization?.startsWith(SIGNATURE_SCHEME)) {
      answerError(stream, 403, "UnrecognizedClientException", "The security token included in the request is invalid.");
      return;
    }
    let request: TranscribeRequest | null;
    try {
      request = readRequest(headers[":path"] ?? "", headers, randomUUID);
    } catch (error) {
      answerException(stream, "BadRequestException", error instanceof BadRequest ? error.message : "The request is unreadable.");
      return;
    }
    if (request === null) {
      answerError(stream, 404, "UnknownOperationException", "The stand-in has no such operation.");
      return;
    }
    const notOffered = notOfferedBy(options, request);
    if (notOffered !== null) {
      answerException(stream, "BadRequestException", notOffered);
      return;
    }
    const refusal = faults.takeRefusal();
    if (refusal !== null) {
      answerException(stream, refusal, "A test ordered this refusal of the stream.");
      return;
    }
    const { open } = register;
    const { sessionId } = request;
    const first = open.find((other) => other.sessionId === sessionId);
    if (first === undefined && open.length >= maxStreams) {
      answerException(stream, "LimitExceededException", `The account has more than ${maxStreams} concurrent streams.`);
      return;
    }
    first?.fail("ConflictException", "A new stream started with the same session ID. The current stream has been terminated.");
    const transcription = serve(stream, headers, request, { idleTimeoutMs, maxAudioMs, faults, tap });
    register.add(transcription);
    stream.on("close", () => register.replaceByReport(transcription));
  });

  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The Transcribe stand-in has no port.");

  return {
    url: `http://127.0.0.1:${address.port}`,
    sessions: () => register.reports(),
    faults,
    close: () =>
      new Promise((resolve) => {
        register.abandonAll();
        for (const connection of connections) connection.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Returns why this account in this Region cannot serve the request, or null. */
function notOfferedBy(offer: LocalTranscribeOptions, request: TranscribeRequest): string | null {
  const { callAnalytics = true, redaction = true, vocabularies } = offer;
  if (!redaction && request.personalData !== null) return "PII redaction isn't supported in this Region.";
  if (!callAnalytics && request.operation === "call-analytics") return "Call Analytics is not supported in this Region.";
  const unknown = [...request.vocabularies, ...request.vocabularyFilters].find((name) => vocabularies?.includes(name) === false);
  return unknown === undefined ? null : "The requested vocabulary couldn't be found. Check the vocabulary name and try again.";
}

function serve(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  request: TranscribeRequest,
  {
    idleTimeoutMs,
    maxAudioMs,
    faults,
    tap,
  }: Required<Pick<LocalTranscribeOptions, "idleTimeoutMs" | "maxAudioMs">> & {
    faults: TranscribeFaults;
    tap: TranscribeTap | null;
  },
): TranscribeStream {
  stream.respond({ ":status": 200, ...answerHeaders(request, headers, randomUUID()) });
  const transcription = new TranscribeStream({
    request,
    idleTimeoutMs,
    maxAudioMs,
    answerDelayMs: faults.answerDelayMs,
    fault: faults.takeBreak(),
    tap,
    newId: randomUUID,
    write: (frame) => {
      if (!stream.destroyed && !stream.writableEnded) stream.write(frame);
    },
    endStream: () => stream.end(),
    cutConnection: () => stream.session?.destroy(),
  });
  stream.on("data", (bytes: Buffer) => transcription.receiveBytes(bytes));
  stream.on("end", () => transcription.finish());
  stream.on("close", () => transcription.abandon());
  return transcription;
}

function answerException(stream: ServerHttp2Stream, exception: TranscribeException, message: string): void {
  answerError(stream, STATUS[exception], exception, message);
}

function answerError(stream: ServerHttp2Stream, status: number, errorType: string, message: string): void {
  stream.respond({
    ":status": status,
    "content-type": "application/json",
    "x-amzn-errortype": errorType,
    "x-amzn-request-id": randomUUID(),
  });
  stream.end(JSON.stringify({ Message: message }));
  stream.resume();
}
