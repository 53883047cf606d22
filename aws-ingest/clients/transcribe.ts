import { Readable } from "node:stream";
import {
  type AudioStream,
  CallAnalyticsLanguageCode,
  LanguageCode,
  StartCallAnalyticsStreamTranscriptionCommand,
  StartStreamTranscriptionCommand,
  TranscribeStreamingClient,
} from "@aws-sdk/client-transcribe-streaming";
import type { LanguagePlan } from "../call/languages.ts";
import { type SpeechEvent, SpeechFailure, type SpeechFailureReason, type SpeechRequest } from "../call/speech.ts";
import { eventsOfAnalytics, eventsOfTranscript } from "./transcribe-events.ts";

export interface TranscriptionOptions {
  redactPii: boolean;
  vocabularyName: string | null;
  vocabularyFilterName: string | null;
}

/**
 * Runs one streaming session of Amazon Transcribe: Call Analytics or standard, as the plan says. The SDK does not retry streams.
 * @throws SpeechFailure if the session breaks off
 */
export async function* transcribe(
  request: SpeechRequest,
  options: TranscriptionOptions,
): AsyncGenerator<SpeechEvent, void, undefined> {
  const client = new TranscribeStreamingClient({ maxAttempts: 1, logger: SILENT });
  const wasCut = watchAnswer(client);
  try {
    if (request.plan.service === "call-analytics") yield* callAnalytics(client, request, options);
    else yield* standard(client, request, options);
    if (wasCut()) throw new SpeechFailure("unavailable", "ConnectionCut");
  } catch (error) {
    throw failureOf(error);
  } finally {
    client.destroy();
  }
}

/** Returns a function that says whether the connection broke. The SDK reports a broken connection as a normal end. */
function watchAnswer(client: TranscribeStreamingClient): () => boolean {
  let body: unknown = null;
  client.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      const { response } = result;
      if (typeof response === "object" && response !== null && "body" in response) body = response.body;
      return result;
    },
    { step: "deserialize", name: "watchAnswer" },
  );
  return () => !(body instanceof Readable && body.readableEnded);
}

async function* callAnalytics(client: TranscribeStreamingClient, request: SpeechRequest, options: TranscriptionOptions) {
  const command = new StartCallAnalyticsStreamTranscriptionCommand({
    ...commonInput(request, options),
    ...languageInput(request.plan, Object.values(CallAnalyticsLanguageCode)),
    AudioStream: analyticsAudio(request.audio),
  });
  const output = await client.send(command, { abortSignal: request.signal });
  for await (const result of output.CallAnalyticsTranscriptResultStream ?? []) yield* eventsOfAnalytics(result);
}

async function* standard(client: TranscribeStreamingClient, request: SpeechRequest, options: TranscriptionOptions) {
  const command = new StartStreamTranscriptionCommand({
    ...commonInput(request, options),
    ...languageInput(request.plan, Object.values(LanguageCode)),
    EnableChannelIdentification: true,
    NumberOfChannels: 2,
    AudioStream: plainAudio(request.audio),
  });
  const output = await client.send(command, { abortSignal: request.signal });
  for await (const result of output.TranscriptResultStream ?? []) yield* eventsOfTranscript(result);
}

function commonInput(request: SpeechRequest, options: TranscriptionOptions) {
  return {
    MediaEncoding: "pcm",
    MediaSampleRateHertz: request.sampleRateHz,
    SessionId: request.sessionId,
    ...(options.redactPii && request.plan.redaction && { ContentRedactionType: "PII" as const }),
    // A vocabulary belongs to one language, so it cannot be used while the language is identified.
    ...(request.plan.identify.length === 0 && {
      ...(options.vocabularyName !== null && { VocabularyName: options.vocabularyName }),
      ...(options.vocabularyFilterName !== null && {
        VocabularyFilterName: options.vocabularyFilterName,
        VocabularyFilterMethod: "mask" as const,
      }),
    }),
  } as const;
}

/** Finds the language of the plan among the SDK's literal types, because the SDK takes no other text. */
function languageInput<Code extends string>(plan: LanguagePlan, known: readonly Code[]) {
  const code = known.find((candidate) => candidate === plan.languageCode);
  if (code === undefined) throw new SpeechFailure("rejected", "UnknownLanguage");
  if (plan.identify.length === 0) return { LanguageCode: code };
  return { IdentifyLanguage: true, LanguageOptions: plan.identify.join(","), PreferredLanguage: code };
}

/** Sends the roles of the channels first, because Call Analytics refuses audio before it knows them. */
async function* analyticsAudio(audio: AsyncIterable<Uint8Array>): AsyncGenerator<AudioStream> {
  yield {
    ConfigurationEvent: {
      ChannelDefinitions: [
        { ChannelId: 0, ParticipantRole: "CUSTOMER" },
        { ChannelId: 1, ParticipantRole: "AGENT" },
      ],
    },
  };
  yield* plainAudio(audio);
}

async function* plainAudio(audio: AsyncIterable<Uint8Array>): AsyncGenerator<AudioStream> {
  for await (const chunk of audio) yield { AudioEvent: { AudioChunk: chunk } };
}

/** Silences the SDK, which prints a line for every broken session. The caller logs these with the contact id. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

const FAILURES: Readonly<Record<string, SpeechFailureReason>> = {
  ConflictException: "superseded",
  LimitExceededException: "throttled",
  ThrottlingException: "throttled",
  TooManyRequestsException: "throttled",
};

function failureOf(error: unknown): SpeechFailure {
  if (error instanceof SpeechFailure) return error;
  if (!(error instanceof Error)) return new SpeechFailure("unavailable", "unknown");
  const known = FAILURES[error.name];
  if (known !== undefined) return new SpeechFailure(known, error.name);
  if (error.name === "BadRequestException") {
    // "No new audio was received for 15 seconds" is the only BadRequestException that a repeated session can cure.
    return new SpeechFailure(/no new audio|15 seconds/i.test(error.message) ? "starved" : "rejected", error.name);
  }
  const ours = "$fault" in error && error.$fault === "client";
  return new SpeechFailure(ours ? "rejected" : "unavailable", error.name);
}
