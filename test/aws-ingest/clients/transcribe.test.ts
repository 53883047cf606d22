import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chooseLanguage, type LanguagePlan } from "../../../aws-ingest/call/languages.ts";
import { type SpeechEvent, SpeechFailure, type SpeechOption } from "../../../aws-ingest/call/speech.ts";
import { type TranscriptionOptions, transcribe } from "../../../aws-ingest/clients/transcribe.ts";
import { eventsOfAnalytics, eventsOfTranscript } from "../../../aws-ingest/clients/transcribe-events.ts";
import { isRedactable, STREAMED_LANGUAGES } from "../../../aws-ingest/transcribe/languages.ts";
import { type LocalTranscribe, type LocalTranscribeOptions, startTranscribe } from "../../../local/aws/transcribe.ts";

const SESSION = "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9";
const OPTIONS: TranscriptionOptions = { redactPii: true, vocabularies: {}, vocabularyFilters: {} };

let service: LocalTranscribe;
const offer: LocalTranscribeOptions = {};
beforeAll(async () => {
  service = await startTranscribe(offer);
  Object.assign(process.env, {
    ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "stand-in", AWS_SECRET_ACCESS_KEY: "stand-in" },
    AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING: service.url,
  });
});
afterAll(() => service.close());
beforeEach(() => {
  for (const name of ["callAnalytics", "redaction", "vocabularies"] as const) delete offer[name];
});

function planFor(asked: string, settings: Partial<Parameters<typeof chooseLanguage>[1]> = {}): LanguagePlan {
  const choice = chooseLanguage(asked, { languageMap: {}, identifyAmong: [], redactPii: true, ...settings });
  if (!choice.ok) throw new Error(choice.reason);
  return choice.plan;
}

/** Runs a session over a second of silence. Returns its request as the service saw it, or its failure. */
async function session(plan: LanguagePlan, options: Partial<TranscriptionOptions> = {}, without: readonly SpeechOption[] = []) {
  async function* audio() {
    yield new Uint8Array(32_000);
  }
  const request = { sessionId: SESSION, plan, sampleRateHz: 8000, audio: audio(), signal: new AbortController().signal };
  const events: SpeechEvent[] = [];
  try {
    for await (const event of transcribe({ ...request, without: new Set(without) }, { ...OPTIONS, ...options }))
      events.push(event);
  } catch (error) {
    if (error instanceof SpeechFailure) return { failure: [error.reason, error.code, ...error.options] };
    throw error;
  }
  return service.sessions().at(-1);
}

describe("A session of Transcribe", () => {
  test.each(STREAMED_LANGUAGES.filter((code) => isRedactable(code, "standard")))(
    "asks for masked personal data in %s, and the service grants it.",
    async (code) => {
      const plan = planFor(code, { languageMap: { [code]: code } });
      expect(await session(plan)).toMatchObject({ languageCode: code, redaction: true, outcome: "complete" });
    },
  );

  test("asks for no masking where the operator wants none, or the language has none.", async () => {
    expect(await session(planFor("en-US"), { redactPii: false })).toMatchObject({ redaction: false });
    expect(await session(planFor("ja-JP"))).toMatchObject({ languageCode: "ja-JP", redaction: false });
  });

  test("never asks for masking together with identification.", async () => {
    const plan = { ...planFor("auto", { identifyAmong: ["es-US", "en-US"], redactPii: false }), redaction: true };
    expect(await session(plan)).toMatchObject({ languageCode: "es-US,en-US", redaction: false, outcome: "complete" });
  });

  test("uses the vocabulary and the filter of its own language only.", async () => {
    offer.vocabularies = ["nombres", "palabras"];
    const vocabularies = { "es-US": "nombres", "en-US": "names" };
    const vocabularyFilters = { "es-US": "palabras", "en-US": "words" };
    expect(await session(planFor("es-MX"), { vocabularies, vocabularyFilters })).toMatchObject({ outcome: "complete" });
    expect(await session(planFor("de-DE"), { vocabularies, vocabularyFilters })).toMatchObject({ outcome: "complete" });
    expect(await session(planFor("en-US"), { vocabularies })).toEqual({
      failure: ["rejected", "BadRequestException", "vocabulary", "call-analytics", "redaction"],
    });
  });

  test("uses the vocabulary of the bare language for a dialect without one.", async () => {
    offer.vocabularies = ["nombres"];
    const vocabularies = { "es-ES": "gone", es: "nombres", "*": "gone" };
    expect(await session(planFor("es-MX"), { vocabularies })).toMatchObject({ languageCode: "es-US", outcome: "complete" });
    expect(await session(planFor("en-US"), { vocabularies })).toHaveProperty("failure");
  });

  test("uses vocabularies with identification only if every language has one.", async () => {
    offer.vocabularies = ["nombres", "names"];
    const plan = planFor("auto", { identifyAmong: ["es-US", "en-US"], redactPii: false });
    const one = { "es-US": "gone" };
    expect(await session(plan, { vocabularies: one })).toMatchObject({ outcome: "complete" });
    expect(await session(plan, { vocabularies: { ...one, "en-US": "names" } })).toHaveProperty("failure");
    expect(await session(plan, { vocabularies: { "es-US": "nombres", "en-US": "names" } })).toMatchObject({
      outcome: "complete",
    });
  });

  test("names the refused option first, by the words of the refusal.", async () => {
    offer.redaction = false;
    expect(await session(planFor("es-MX"), { vocabularies: { "*": "n" } })).toMatchObject({
      failure: ["rejected", "BadRequestException", "redaction", "call-analytics", "vocabulary"],
    });
    offer.callAnalytics = false;
    delete offer.redaction;
    expect(await session(planFor("es-MX"))).toMatchObject({
      failure: ["rejected", "BadRequestException", "call-analytics", "redaction"],
    });
  });

  test("leaves out what it shall do without.", async () => {
    offer.redaction = false;
    offer.vocabularies = [];
    const options = { vocabularies: { "*": "n" }, vocabularyFilters: { "*": "f" } };
    expect(await session(planFor("es-MX"), options, ["redaction", "vocabulary", "vocabulary-filter"])).toMatchObject({
      redaction: false,
      outcome: "complete",
    });
  });
});

test("A turn whose sentiment label is unknown has no sentiment.", () => {
  const utterance = { UtteranceId: "u", ParticipantRole: "AGENT", IsPartial: false, Transcript: "Hola." };
  const sentimentOf = (Sentiment: unknown) =>
    eventsOfAnalytics(Object({ UtteranceEvent: { ...utterance, Sentiment } })).flatMap((event) =>
      event.kind === "turn" ? [event.sentiment] : [],
    );
  expect([sentimentOf("MIXED"), sentimentOf("CALM"), sentimentOf(undefined)]).toEqual([["mixed"], [null], [null]]);
});

describe("The masked words of a result", () => {
  const utterance = (fields: object) =>
    eventsOfAnalytics(
      {
        UtteranceEvent: {
          ...{ UtteranceId: "u", ParticipantRole: "CUSTOMER", IsPartial: false, BeginOffsetMillis: 1000, EndOffsetMillis: 4000 },
          ...{ Transcript: "Soy [NAME] del [PHONE].", Sentiment: "NEUTRAL" },
          ...fields,
        },
      },
      true,
    );
  const name = { Content: "[NAME]", BeginOffsetMillis: 1500, EndOffsetMillis: 1900 };
  const phone = { Content: "[PHONE]", BeginOffsetMillis: 2500, EndOffsetMillis: 3900 };
  const spans = [
    { beginMs: 1500, endMs: 1900 },
    { beginMs: 2500, endMs: 3900 },
  ];

  test("have the times of their items or of their entities.", () => {
    expect(utterance({ Items: [{ Content: "Soy" }, name, { Content: "del" }, phone] })).toMatchObject([{ maskedSpans: spans }]);
    expect(utterance({ Entities: [name, phone] })).toMatchObject([{ maskedSpans: spans }]);
  });

  test.each([{}, { Items: [name] }, { Items: [name, { Content: "[PHONE]" }] }, { Items: [name], Entities: [phone] }])(
    "are the whole turn when one of them has no time (%j).",
    (fields) => {
      expect(utterance(fields)).toMatchObject([{ maskedSpans: [{ beginMs: 1000, endMs: 4000 }] }]);
    },
  );

  test("are none in a turn without masks, in a partial turn, and without the service's word for it.", () => {
    expect(utterance({ Transcript: "Soy yo." })).toMatchObject([{ redacted: true, maskedSpans: [] }]);
    expect(utterance({ IsPartial: true, Items: [name, phone] })).toMatchObject([{ redacted: false, maskedSpans: [] }]);
    const result = { ResultId: "r", IsPartial: false, Alternatives: [{ Transcript: "Soy [NAME]." }] };
    const event = { TranscriptEvent: { Transcript: { Results: [result] } } };
    expect(eventsOfTranscript(event, false)).toMatchObject([{ redacted: false, maskedSpans: [] }]);
  });

  test("are in milliseconds in standard streaming, which gives seconds.", () => {
    const Items = [{ Content: "[NAME]", StartTime: 1.5, EndTime: 1.9 }];
    const result = { ResultId: "r", IsPartial: false, StartTime: 1, EndTime: 4, Alternatives: [{ Transcript: "[NAME]", Items }] };
    const event = { TranscriptEvent: { Transcript: { Results: [result] } } };
    expect(eventsOfTranscript(event, true)).toMatchObject([{ redacted: true, maskedSpans: [spans[0]] }]);
  });
});
