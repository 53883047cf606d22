import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:http2";
import {
  type AudioStream,
  type CallAnalyticsTranscriptResultStream,
  StartCallAnalyticsStreamTranscriptionCommand,
  type StartCallAnalyticsStreamTranscriptionCommandInput,
  TranscribeStreamingClient,
  type UtteranceEvent,
} from "@aws-sdk/client-transcribe-streaming";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalTranscribe, startTranscribe } from "../../../local/aws/transcribe.ts";
import { phraseAudio } from "../../../local/phrases/phrase-book.ts";
import { audioStream, phraseOf, stereoAudio } from "./stereo-audio.ts";

const SESSION = "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9";
const customerFirst: AudioStream = {
  ConfigurationEvent: {
    ChannelDefinitions: [
      { ChannelId: 0, ParticipantRole: "CUSTOMER" },
      { ChannelId: 1, ParticipantRole: "AGENT" },
    ],
  },
};

let transcribe: LocalTranscribe;
let client: TranscribeStreamingClient;

async function restart(options: Parameters<typeof startTranscribe>[0] = {}): Promise<void> {
  client?.destroy();
  await transcribe?.close();
  transcribe = await startTranscribe(options);
  client = new TranscribeStreamingClient({
    region: "us-east-1",
    endpoint: transcribe.url,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
  });
}

beforeEach(() => restart());
afterEach(async () => {
  client.destroy();
  await transcribe.close();
});

const COMPLAINT = "Otra vez me cobraron doble la mensualidad, ¿hasta cuándo?";
const RELIEF = "Qué alivio, pensé que iba a perder ese dinero.";
const GREETING = "Gracias por llamar, le atiende Laura Méndez, ¿en qué le puedo ayudar?";

const call = stereoAudio;

function audio(bytes: Buffer, first: AudioStream | null = customerFirst, chunk?: number): AsyncGenerator<AudioStream> {
  return audioStream(bytes, first, chunk);
}

type Input = Partial<StartCallAnalyticsStreamTranscriptionCommandInput>;

async function open(
  stream: AsyncIterable<AudioStream>,
  input: Input = {},
  abortSignal?: AbortSignal,
): Promise<AsyncIterable<CallAnalyticsTranscriptResultStream>> {
  const output = await client.send(
    new StartCallAnalyticsStreamTranscriptionCommand({
      LanguageCode: "es-US",
      MediaSampleRateHertz: 8000,
      MediaEncoding: "pcm",
      SessionId: SESSION,
      AudioStream: stream,
      ...input,
    }),
    { ...(abortSignal && { abortSignal }) },
  );
  if (output.CallAnalyticsTranscriptResultStream === undefined) throw new Error("Transcribe returned no result stream.");
  return output.CallAnalyticsTranscriptResultStream;
}

async function results(stream: AsyncIterable<AudioStream>, input: Input = {}): Promise<CallAnalyticsTranscriptResultStream[]> {
  const all: CallAnalyticsTranscriptResultStream[] = [];
  for await (const event of await open(stream, input)) all.push(event);
  return all;
}

function utterances(events: readonly CallAnalyticsTranscriptResultStream[]): UtteranceEvent[] {
  return events.flatMap((event) => (event.UtteranceEvent === undefined ? [] : [event.UtteranceEvent]));
}

function finals(events: readonly CallAnalyticsTranscriptResultStream[]): UtteranceEvent[] {
  return utterances(events).filter((utterance) => utterance.IsPartial === false);
}

/** Sends one phrase and then nothing until `release`, because the SDK's `send` waits for the first result. */
function silentStream(): { stream: AsyncIterable<AudioStream>; release: () => void } {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* stream(): AsyncGenerator<AudioStream> {
    yield* audio(call([{ text: RELIEF, channel: 0, at: 0 }]));
    await released;
  }
  return { stream: stream(), release };
}

describe("A call analytics stream", () => {
  test("returns final utterances with role, times and sentiment, and the category.", async () => {
    const bytes = call([
      { text: GREETING, channel: 1, at: 8000 },
      { text: COMPLAINT, channel: 0, at: 60_000 },
      { text: RELIEF, channel: 0, at: 110_000 },
    ]);
    const events = await results(audio(bytes));
    expect(finals(events)).toMatchObject([
      { ParticipantRole: "AGENT", Transcript: GREETING, Sentiment: "NEUTRAL", BeginOffsetMillis: 1000 },
      { ParticipantRole: "CUSTOMER", Transcript: COMPLAINT, Sentiment: "NEGATIVE", BeginOffsetMillis: 7500 },
      { ParticipantRole: "CUSTOMER", Transcript: RELIEF, Sentiment: "POSITIVE", BeginOffsetMillis: 13_750 },
    ]);
    for (const final of finals(events)) {
      const lengthMs = phraseAudio(phraseOf(final.Transcript ?? "")).length / 8 - 40;
      expect(Math.abs((final.EndOffsetMillis ?? 0) - (final.BeginOffsetMillis ?? 0) - lengthMs)).toBeLessThanOrEqual(1);
    }
    expect(events.flatMap((event) => event.CategoryEvent?.MatchedCategories ?? [])).toEqual(["Facturación"]);
  });

  test("returns partial results that grow word by word under the final result's id, without sentiment.", async () => {
    const events = utterances(await results(audio(call([{ text: COMPLAINT, channel: 0, at: 0 }]))));
    const partials = events.filter((event) => event.IsPartial);
    expect(partials.length).toBeGreaterThan(3);
    expect(new Set(events.map((event) => event.UtteranceId)).size).toBe(1);
    const texts = events.map((event) => event.Transcript ?? "");
    for (const [index, text] of texts.entries()) {
      expect(COMPLAINT.startsWith(text)).toBe(true);
      if (index > 0) expect(text.length).toBeGreaterThanOrEqual(texts[index - 1]?.length ?? 0);
    }
    for (const partial of partials) expect(partial).not.toHaveProperty("Sentiment");
    expect(events.at(-1)).toMatchObject({ IsPartial: false, Transcript: COMPLAINT });
    expect(
      events
        .at(-1)
        ?.Items?.map((item) => item.Content)
        .slice(0, 3),
    ).toEqual(["Otra", "vez", "me"]);
  });

  test("takes the role from the channel definitions, so swapped channels give swapped roles.", async () => {
    const events = await results(audio(call([{ text: COMPLAINT, channel: 1, at: 0 }])));
    expect(finals(events)).toMatchObject([{ ParticipantRole: "AGENT", Transcript: COMPLAINT }]);
  });

  test("transcribes two speakers at the same time.", async () => {
    const bytes = call([
      { text: GREETING, channel: 1, at: 0 },
      { text: COMPLAINT, channel: 0, at: 4000 },
    ]);
    expect(new Set(finals(await results(audio(bytes))).map((final) => final.Transcript))).toEqual(new Set([GREETING, COMPLAINT]));
  });

  test("writes damaged audio and another language as unintelligible.", async () => {
    const bytes = call([{ text: COMPLAINT, channel: 0, at: 0 }]);
    const lost = Buffer.concat([bytes.subarray(0, 32_000), bytes.subarray(32_000 + 2048)]);
    expect(finals(await results(audio(lost)))).toMatchObject([{ Transcript: "(unintelligible)", Sentiment: "NEUTRAL" }]);
    expect(finals(await results(audio(bytes), { LanguageCode: "en-US" }))).toMatchObject([{ Transcript: "(unintelligible)" }]);
  });

  test("redacts or identifies personal data of the requested types only.", async () => {
    const bytes = call([{ text: GREETING, channel: 1, at: 0 }]);
    const [all] = finals(await results(audio(bytes), { ContentRedactionType: "PII" }));
    expect(all?.Transcript).toBe("Gracias por llamar, le atiende [NAME], ¿en qué le puedo ayudar?");
    expect(all?.Entities).toMatchObject([{ Category: "PII", Type: "NAME", Content: "[NAME]" }]);
    const [phones] = finals(await results(audio(bytes), { ContentRedactionType: "PII", PiiEntityTypes: "PHONE" }));
    expect(phones?.Transcript).toBe(GREETING);
    const [identified] = finals(await results(audio(bytes), { ContentIdentificationType: "PII" }));
    expect(identified).toMatchObject({ Transcript: GREETING, Entities: [{ Type: "NAME", Content: "Laura Méndez" }] });
  });

  test("never masks a partial result, also when it redacts the final one.", async () => {
    const events = utterances(
      await results(audio(call([{ text: GREETING, channel: 1, at: 0 }])), { ContentRedactionType: "PII" }),
    );
    expect(events.filter((event) => event.IsPartial).map((event) => event.Transcript)).toContainEqual(
      expect.stringContaining("Laura Méndez"),
    );
    for (const partial of events.filter((event) => event.IsPartial)) expect(partial.Entities).toEqual([]);
    expect(events.at(-1)?.Transcript).not.toContain("Laura");
  });

  test("repeats the request in the response headers.", async () => {
    const output = await client.send(
      new StartCallAnalyticsStreamTranscriptionCommand({
        LanguageCode: "es-US",
        MediaSampleRateHertz: 8000,
        MediaEncoding: "pcm",
        SessionId: SESSION,
        AudioStream: audio(Buffer.alloc(0)),
      }),
    );
    expect(output).toMatchObject({ LanguageCode: "es-US", MediaSampleRateHertz: 8000, MediaEncoding: "pcm", SessionId: SESSION });
    expect(output.RequestId).toBeTruthy();
    for await (const _ of output.CallAnalyticsTranscriptResultStream ?? []);
  });

  test("reports a hash and the number of bytes for each channel.", async () => {
    const bytes = call([{ text: COMPLAINT, channel: 0, at: 0 }]);
    await results(audio(bytes, customerFirst, 1600));
    const channel = (offset: number): Buffer => {
      const mono = Buffer.alloc(bytes.length / 2);
      for (let at = 0; at < bytes.length / 4; at += 1) bytes.copy(mono, at * 2, at * 4 + offset, at * 4 + offset + 2);
      return mono;
    };
    const expected = [0, 2].map((offset) => ({
      bytes: bytes.length / 2,
      sha256: createHash("sha256").update(channel(offset)).digest("hex"),
    }));
    expect(transcribe.sessions()).toMatchObject([
      { sessionId: SESSION, outcome: "complete", channels: expected, audioMs: bytes.length / 32, utterances: 1 },
    ]);
  });

  test("identifies the language among the options.", async () => {
    const bytes = call([{ text: "This is unacceptable and I am going to file a complaint.", channel: 0, at: 0 }]);
    const [final] = finals(
      await results(audio(bytes), { LanguageCode: undefined, IdentifyLanguage: true, LanguageOptions: "es-US,en-US" }),
    );
    expect(final).toMatchObject({ LanguageCode: "en-US", Sentiment: "NEGATIVE" });
    expect(final?.LanguageIdentification).toHaveLength(2);
  });
});

describe("The service refuses", () => {
  const some = call([{ text: COMPLAINT, channel: 0, at: 0 }]);
  const rejected = (promise: Promise<unknown>, name: string, message: RegExp): Promise<void> =>
    expect(promise).rejects.toMatchObject({ name, message: expect.stringMatching(message) });

  test("audio before the configuration.", () => rejected(results(audio(some, null)), "BadRequestException", /configuration/i));
  test("a second configuration.", async () => {
    async function* twice(): AsyncGenerator<AudioStream> {
      yield customerFirst;
      yield customerFirst;
    }
    await rejected(results(twice()), "BadRequestException", /configuration/i);
  });
  test("one role on both channels.", () => {
    const both: AudioStream = {
      ConfigurationEvent: {
        ChannelDefinitions: [
          { ChannelId: 0, ParticipantRole: "AGENT" },
          { ChannelId: 1, ParticipantRole: "AGENT" },
        ],
      },
    };
    return rejected(results(audio(some, both)), "BadRequestException", /one for each participant/);
  });
  test("a chunk longer than a second.", () =>
    rejected(results(audio(some, customerFirst, 32_004)), "BadRequestException", /longer than one second/));
  test("a chunk with an incomplete PCM frame.", () =>
    rejected(results(audio(some, customerFirst, 3202)), "BadRequestException", /whole PCM frames/));
  test("a language that call analytics does not have.", () =>
    rejected(results(audio(some), { LanguageCode: "es-MX" as never }), "BadRequestException", /es-MX/));
  test("redaction in a language without redaction.", () =>
    rejected(
      results(audio(some), { LanguageCode: "de-DE", ContentRedactionType: "PII" }),
      "BadRequestException",
      /isn't supported for de-DE/,
    ));
  test("redaction together with language identification.", () =>
    rejected(
      results(audio(some), {
        LanguageCode: undefined,
        IdentifyLanguage: true,
        LanguageOptions: "es-US,en-US",
        ContentRedactionType: "PII",
      }),
      "BadRequestException",
      /can't be combined with redaction/,
    ));
  test("two dialects of one language, and a preferred language that is not an option.", async () => {
    const identify = { LanguageCode: undefined, IdentifyLanguage: true } as const;
    await rejected(results(audio(some), { ...identify, LanguageOptions: "en-US,en-GB" }), "BadRequestException", /one dialect/);
    await rejected(
      results(audio(some), { ...identify, LanguageOptions: "en-US,es-US", PreferredLanguage: "de-DE" }),
      "BadRequestException",
      /preferred language/,
    );
  });
  test("a session id that is not a UUID.", () =>
    rejected(results(audio(some), { SessionId: "call-1" }), "BadRequestException", /session ID/));
  test("a language code together with language identification.", () =>
    rejected(
      results(audio(some), { IdentifyLanguage: true, LanguageOptions: "es-US,en-US" }),
      "BadRequestException",
      /one of the two/,
    ));

  test("a stream without new audio for the idle timeout.", async () => {
    await restart({ idleTimeoutMs: 50 });
    const silent = silentStream();
    await rejected(results(silent.stream), "BadRequestException", /no new audio was received for 0.05 seconds/);
    silent.release();
    expect(transcribe.sessions()).toMatchObject([{ outcome: "BadRequestException" }]);
  });

  test("the first of two streams with one session id, also when the quota is full.", async () => {
    await restart({ maxStreams: 1 });
    const silent = silentStream();
    const first = await open(silent.stream);
    const second = results(audio(some));
    await rejected(
      (async () => {
        for await (const _ of first);
      })(),
      "ConflictException",
      /same session ID/,
    );
    silent.release();
    expect(finals(await second)).toMatchObject([{ Transcript: COMPLAINT }]);
    expect(transcribe.sessions().map((session) => session.outcome)).toEqual(["ConflictException", "complete"]);
  });

  test("a stream longer than the limit.", async () => {
    await restart({ maxAudioMs: 2000 });
    await rejected(results(audio(some)), "LimitExceededException", /longer than the service allows/);
  });

  test("a request without a signature.", async () => {
    const connection = connect(transcribe.url);
    const answer = connection.request({ ":method": "POST", ":path": "/call-analytics-stream-transcription" }).end();
    const [headers] = await once(answer, "response");
    connection.destroy();
    expect(headers).toMatchObject({ ":status": 403, "x-amzn-errortype": "UnrecognizedClientException" });
  });

  test("a stream above the quota until another one ends.", async () => {
    await restart({ maxStreams: 1 });
    const silent = silentStream();
    const first = await open(silent.stream);
    await rejected(
      results(audio(some), { SessionId: "b373d225-c6c8-48eb-b7ec-e3ce4135a7e8" }),
      "LimitExceededException",
      /concurrent/,
    );
    silent.release();
    for await (const _ of first);
    expect(finals(await results(audio(some)))).toHaveLength(1);
  });
});

describe("The service on a test's order", () => {
  const some = call([
    { text: COMPLAINT, channel: 0, at: 0 },
    { text: RELIEF, channel: 0, at: 48_000 },
  ]);

  test.each(["LimitExceededException", "InternalFailureException", "ServiceUnavailableException"] as const)(
    "refuses the next two streams with %s and then accepts the third.",
    async (name) => {
      transcribe.faults.refuse(2, name);
      await expect(results(audio(some))).rejects.toMatchObject({ name });
      await expect(results(audio(some))).rejects.toMatchObject({ name });
      expect(finals(await results(audio(some)))).toHaveLength(2);
    },
  );

  test("sends the results so far and then fails with an exception.", async () => {
    transcribe.faults.breakNext(6000, "ServiceUnavailableException");
    const events: CallAnalyticsTranscriptResultStream[] = [];
    const reading = (async () => {
      for await (const event of await open(audio(some))) events.push(event);
    })();
    await expect(reading).rejects.toMatchObject({ name: "ServiceUnavailableException" });
    expect(finals(events)).toMatchObject([{ Transcript: COMPLAINT }]);
  });

  test("cuts the connection and accepts the next stream.", async () => {
    transcribe.faults.breakNext(1000, "cut");
    await expect(results(audio(some))).rejects.toThrow();
    expect(transcribe.sessions()).toMatchObject([{ outcome: "cut" }]);
    expect(finals(await results(audio(some)))).toHaveLength(2);
  });

  test("sends no more results but accepts all audio.", async () => {
    transcribe.faults.breakNext(6000, "stall");
    const events: CallAnalyticsTranscriptResultStream[] = [];
    const gaveUp = new AbortController();
    const reading = (async () => {
      for await (const event of await open(audio(some), {}, gaveUp.signal)) events.push(event);
    })();
    await expect.poll(() => transcribe.sessions()[0]?.audioMs).toBe(some.length / 32);
    gaveUp.abort();
    await reading.catch(() => {});
    expect(finals(events)).toMatchObject([{ Transcript: COMPLAINT }]);
  });

  test("sends delayed results completely and in order.", async () => {
    transcribe.faults.answerDelayMs = 60;
    expect(finals(await results(audio(some))).map((final) => final.Transcript)).toEqual([COMPLAINT, RELIEF]);
  });
});
