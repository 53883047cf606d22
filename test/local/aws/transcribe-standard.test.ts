import {
  type Result,
  StartStreamTranscriptionCommand,
  type StartStreamTranscriptionCommandInput,
  TranscribeStreamingClient,
} from "@aws-sdk/client-transcribe-streaming";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalTranscribe, startTranscribe } from "../../../local/aws/transcribe.ts";
import { audioStream, stereoAudio } from "./stereo-audio.ts";

const COMPLAINT = "Otra vez me cobraron doble la mensualidad, ¿hasta cuándo?";
const GREETING = "Gracias por llamar, le atiende Laura Méndez, ¿en qué le puedo ayudar?";
const bytes = stereoAudio([
  { text: GREETING, channel: 1, at: 800 },
  { text: COMPLAINT, channel: 0, at: 60_000 },
]);

let transcribe: LocalTranscribe;
let client: TranscribeStreamingClient;

beforeEach(async () => {
  transcribe = await startTranscribe();
  client = new TranscribeStreamingClient({
    region: "us-east-1",
    endpoint: transcribe.url,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
  });
});
afterEach(async () => {
  client.destroy();
  await transcribe.close();
});

async function results(input: Partial<StartStreamTranscriptionCommandInput> = {}): Promise<Result[]> {
  const output = await client.send(
    new StartStreamTranscriptionCommand({
      LanguageCode: "es-MX",
      MediaSampleRateHertz: 8000,
      MediaEncoding: "pcm",
      EnableChannelIdentification: true,
      NumberOfChannels: 2,
      AudioStream: audioStream(bytes),
      ...input,
    }),
  );
  const all: Result[] = [];
  for await (const event of output.TranscriptResultStream ?? []) all.push(...(event.TranscriptEvent?.Transcript?.Results ?? []));
  return all;
}

test("A standard stream in es-MX names the channel, has times in seconds, and has no sentiment.", async () => {
  const all = await results();
  expect(all.filter((result) => result.IsPartial).length).toBeGreaterThan(5);
  const finals = all.filter((result) => !result.IsPartial);
  expect(finals).toMatchObject([
    { ChannelId: "ch_1", StartTime: 0.1, LanguageCode: "es-MX", Alternatives: [{ Transcript: GREETING }] },
    { ChannelId: "ch_0", StartTime: 7.5, LanguageCode: "es-MX", Alternatives: [{ Transcript: COMPLAINT }] },
  ]);
  expect(JSON.stringify(all)).not.toMatch(/sentiment/i);
  expect(finals[1]?.Alternatives?.[0]?.Items?.at(-1)).toMatchObject({ Type: "punctuation", Content: "?" });
  expect(transcribe.sessions()).toMatchObject([{ operation: "standard", outcome: "complete", utterances: 2 }]);
});

test("A stream with one channel has no channel ids.", async () => {
  const mono = Buffer.alloc(bytes.length / 2);
  for (let at = 0; at < mono.length / 2; at += 1) bytes.copy(mono, at * 2, at * 4, at * 4 + 2);
  const all = await results({
    EnableChannelIdentification: undefined,
    NumberOfChannels: undefined,
    AudioStream: audioStream(mono, null, 1600),
  });
  expect(all.at(-1)).toMatchObject({ IsPartial: false, Alternatives: [{ Transcript: COMPLAINT }] });
  expect(all.at(-1)?.ChannelId).toBeUndefined();
});

test("A stream identifies the language among the options.", async () => {
  const [first] = await results({ LanguageCode: undefined, IdentifyLanguage: true, LanguageOptions: "en-US,es-ES" });
  expect(first).toMatchObject({ LanguageCode: "es-ES" });
  expect(first?.LanguageIdentification).toHaveLength(2);
});

test.each([
  ["one channel with channel identification", { NumberOfChannels: 1 }, /NumberOfChannels/],
  ["an unknown language", { LanguageCode: "nonsense" as never }, /nonsense/],
  ["redaction in Mexican Spanish", { ContentRedactionType: "PII" as const }, /es-MX/],
  ["personal data types without redaction", { LanguageCode: "en-US" as const, PiiEntityTypes: "NAME" }, /PiiEntityTypes/],
  ["a sample rate other than 8 kHz", { MediaSampleRateHertz: 16_000 }, /8000/],
])("Standard transcription refuses %s.", async (_, input, message) => {
  await expect(results(input)).rejects.toMatchObject({
    name: "BadRequestException",
    message: expect.stringMatching(message),
  });
});
