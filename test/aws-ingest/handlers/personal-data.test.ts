import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chooseLanguage } from "../../../aws-ingest/call/languages.ts";
import { handler } from "../../../aws-ingest/handlers/transcriber.ts";
import { type LocalComprehend, startComprehend } from "../../../local/aws/comprehend.ts";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";
import type { LocalTranscribeOptions } from "../../../local/aws/transcribe.ts";
import type { Phrase } from "../../../local/phrases/phrase.ts";
import { selectPhrases } from "../../../local/phrases/phrase-book.ts";
import type { ContactTurn } from "../../../protocol/updates.ts";
import { soundOf } from "../../support/call-sound.ts";
import { emittedMetrics } from "../../support/emitted-metrics.ts";
import { endCall, type IngestLab, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";

/** What the callers say, and what nobody outside may read. */
const GREETING = phraseWith("Laura Méndez");
const NUMBER = phraseWith("Ernesto Villalobos");
const SECRETS = /Laura|Méndez|Ernesto|Villalobos|4312|7788/;
const COMPLAINT = phraseWith("me cobraron doble");
const SOUND = soundOf([
  { role: "agent", atMs: 400, phrase: GREETING },
  { role: "customer", atMs: 6500, phrase: NUMBER },
  { role: "customer", atMs: 14_000, phrase: COMPLAINT },
]);
const MASKED = [
  "Gracias por llamar, le atiende [NAME], ¿en qué le puedo ayudar?",
  "Sí, claro, soy [NAME] y mi teléfono es [PHONE].",
  COMPLAINT.text,
];
const UNMASKED = [GREETING.text, NUMBER.text, COMPLAINT.text];

let lab: IngestLab;
let comprehend: LocalComprehend;
let s3: LocalS3;
/** The services of the Region. A test changes them before its call. */
const offer: LocalTranscribeOptions = {};

beforeAll(async () => {
  [comprehend, s3] = await Promise.all([startComprehend(), startS3({ buckets: ["kept"] })]);
  const urls = { AWS_ENDPOINT_URL_COMPREHEND: comprehend.url, AWS_ENDPOINT_URL_S3: s3.url };
  lab = await startIngestLab({ ...urls, RECORDINGS_BUCKET: "kept", POWERTOOLS_METRICS_NAMESPACE: "Vigia" }, offer);
});
afterAll(() => Promise.all([lab.close(), comprehend.close(), s3.close()]));
beforeEach(() => {
  lab.transcribe.faults.clear();
  for (const name of ["callAnalytics", "redaction", "vocabularies"] as const) delete offer[name];
  for (const name of ["REDACT_PII", "MASK_RECORDINGS", "VOCABULARIES"]) delete process.env[name];
  Object.assign(process.env, lab.env);
});

function phraseWith(words: string): Phrase {
  const phrase = selectPhrases({ language: "es" }).find(({ text }) => text.includes(words));
  if (phrase === undefined) throw new Error(`The phrase book has no "${words}".`);
  return phrase;
}

interface CallWish {
  asked?: string;
  map?: Record<string, string>;
  env?: Record<string, string>;
  sides?: { customer: boolean; agent: boolean };
}

/** Runs the call, watched by a viewer, and returns all that left the function. */
async function runCall({ asked = "es-MX", map = {}, env = {}, sides }: CallWish = {}) {
  Object.assign(process.env, env);
  const redactPii = process.env["REDACT_PII"] !== "false";
  const choice = chooseLanguage(asked, { languageMap: map, identifyAmong: [], redactPii });
  if (!choice.ok) throw new Error(choice.reason);
  const contactId = randomUUID();
  lab.hub.watch(contactId);
  const startedAt = 1_790_000_000_000;
  const stream = lab.broadcast(contactId, SOUND, startedAt);
  endCall(stream, startedAt + SOUND.lengthMs + 5000);
  const job = { ...jobFor(contactId, stream, startedAt), language: choice.plan, record: true, ...(sides && { sides }) };
  let outcome: Awaited<ReturnType<typeof handler>> | undefined;
  const metrics = await emittedMetrics(async () => {
    outcome = await handler(job);
  });
  const updates = lab.hub.updates().filter((update) => "contactId" in update && update.contactId === contactId);
  const objects = s3.objects().filter(({ key }) => key.includes(contactId));
  const document = JSON.parse(Buffer.from(objects.find(({ key }) => key.endsWith(".json"))?.bytes ?? "{}").toString());
  const wav = Buffer.from(objects.find(({ key }) => key.endsWith(".wav"))?.bytes ?? []);
  const session = lab.transcribe.sessions().findLast(({ sessionId }) => sessionId === contactId);
  const { turns, score } = storyOf(lab.hub, contactId);
  const partials = updates.filter((update) => update.type === "contact.turn" && !update.final);
  return {
    contactId,
    outcome,
    updates,
    partials,
    turns,
    texts: turns.map(({ text }) => text),
    score,
    document,
    wav,
    session,
    metrics,
  };
}

/** Returns the samples of one side of a recording, and of what was said on it. */
function sideOf(wav: Buffer, side: 0 | 1): { recorded: Int16Array; said: Int16Array } {
  const pcm = wav.subarray(44);
  const recorded = new Int16Array(pcm.length / 4).map((_, index) => pcm.readInt16LE(index * 4 + side * 2));
  return { recorded, said: side === 0 ? SOUND.fromCustomer : SOUND.toCustomer };
}

/** Whether the recording of a side is what was said on it. */
const isWhole = (wav: Buffer, side: 0 | 1) => {
  const { recorded, said } = sideOf(wav, side);
  return Buffer.compare(Buffer.from(said.buffer), Buffer.from(recorded.slice(0, said.length).buffer)) === 0;
};

/** Returns when these words of a turn are said, in ms. The stand-in spreads a phrase's characters over the turn. */
function saidAt({ beginMs, endMs }: ContactTurn, { text }: Phrase, words: string): [fromMs: number, toMs: number] {
  const at = text.indexOf(words);
  const [from = 0, to = 0] = [at, at + words.length].map((place) => beginMs + ((endMs - beginMs) * place) / text.length);
  return [from, to];
}

/** Counts the samples that are not what they should be: silent inside the spans, and as spoken outside. */
function wrongSamples({ recorded, said }: ReturnType<typeof sideOf>, spans: readonly (readonly [number, number])[]): number {
  // Transcribe's times are whole milliseconds, so nothing is asked of the samples around an edge.
  const edgeMs = 2;
  return said.filter((sample, index) => {
    const ms = index / 8;
    if (spans.some(([from, to]) => ms > from + edgeMs && ms < to - edgeMs)) return recorded[index] !== 0;
    return spans.every(([from, to]) => ms < from - edgeMs || ms > to + edgeMs) && recorded[index] !== sample;
  }).length;
}

describe("Where personal data is masked", () => {
  test.each([
    ["Call Analytics in American Spanish", {}, "call-analytics"],
    ["standard streaming in Castilian", { asked: "es-ES", map: { "es-ES": "es-ES" } }, "standard"],
  ])("TRA-7 nothing unmasked leaves the transcriber with %s, although a viewer watches.", async (_, wish, operation) => {
    const { outcome, updates, partials, texts, document, session, metrics } = await runCall(wish);
    expect(session).toMatchObject({ operation, redaction: true });
    expect(outcome).toMatchObject({ result: "ended", turns: 3 });
    expect(texts).toEqual(MASKED);
    expect(partials).toEqual([]);
    expect(JSON.stringify([updates, document])).not.toMatch(SECRETS);
    expect(document).toMatchObject({ bucket: "kept", personalData: { text: "masked", audio: "masked" } });
    expect(metrics["TurnsWithheld"]).toBeUndefined();
  });

  test("the recording is silent over the masked words of their speaker, and nowhere else.", async () => {
    const { wav, outcome, contactId, turns } = await runCall();
    expect(outcome?.recording).toEqual({ bucket: "kept", key: expect.stringMatching(new RegExp(`${contactId}\\.wav$`)) });
    const [greeting, number] = turns;
    if (greeting === undefined || number === undefined) throw new Error("The call has no turns.");
    const customer = ["Ernesto Villalobos", "55 4312 7788"].map((words) => saidAt(number, NUMBER, words));
    expect(wrongSamples(sideOf(wav, 0), customer)).toBe(0);
    expect(wrongSamples(sideOf(wav, 1), [saidAt(greeting, GREETING, "Laura Méndez")])).toBe(0);
    expect([isWhole(wav, 0), isWhole(wav, 1)]).toEqual([false, false]);
  });

  test("the recording keeps every word if the operator turns its masking off.", async () => {
    const { wav, document, texts } = await runCall({ env: { MASK_RECORDINGS: "false" } });
    expect([isWhole(wav, 0), isWhole(wav, 1)]).toEqual([true, true]);
    expect([texts, document.personalData]).toEqual([MASKED, { text: "masked", audio: "in-clear" }]);
  });

  test("a dialect that Transcribe cannot mask is scored, and its text is withheld and counted.", async () => {
    const { outcome, updates, texts, score, document, session, metrics } = await runCall({ map: { "es-MX": "es-MX" } });
    expect(session).toMatchObject({ operation: "standard", languageCode: "es-MX", redaction: false });
    expect(outcome).toMatchObject({ result: "ended", turns: 3 });
    expect(texts).toEqual(["[PII]", "[PII]", "[PII]"]);
    expect(score?.customer.score).toBeLessThan(0);
    expect(JSON.stringify([updates, document])).not.toMatch(SECRETS);
    expect(document.personalData).toEqual({ text: "withheld", audio: "partly-masked" });
    expect(metrics["TurnsWithheld"]).toBe(3);
  });

  test("a Region that refuses redaction costs the text and not the score.", async () => {
    offer.redaction = false;
    const { outcome, updates, texts, score, metrics } = await runCall();
    expect(outcome).toMatchObject({ result: "ended", turns: 3, incompleteReasons: [] });
    expect(texts).toEqual(["[PII]", "[PII]", "[PII]"]);
    expect(score?.customer.score).toBeLessThan(0);
    expect(JSON.stringify(updates)).not.toMatch(SECRETS);
    expect(metrics["TranscribeRefusals"]).toBe(1);
  });
});

describe("Where personal data is not masked", () => {
  test("the transcript and the recording have the words as they were said.", async () => {
    const { texts, wav, document } = await runCall({ env: { REDACT_PII: "false" } });
    expect(texts).toEqual(UNMASKED);
    expect([isWhole(wav, 0), isWhole(wav, 1)]).toEqual([true, true]);
    expect(document.personalData).toEqual({ text: "in-clear", audio: "in-clear" });
  });
});

describe("A call goes on", () => {
  test("in standard streaming where the Region has no Call Analytics.", async () => {
    offer.callAnalytics = false;
    const { outcome, texts, score, session, metrics } = await runCall();
    expect(session).toMatchObject({ operation: "standard", languageCode: "es-US", redaction: true });
    expect(outcome).toMatchObject({ result: "ended", turns: 3, incompleteReasons: [] });
    expect([texts, score?.turns]).toEqual([MASKED, 3]);
    expect(metrics["TranscribeRefusals"]).toBe(1);
  });

  test("without a vocabulary that the account does not have.", async () => {
    offer.vocabularies = [];
    const { outcome, texts, session, metrics, document } = await runCall({ env: { VOCABULARIES: '{"es-US":"nombres"}' } });
    expect(session).toMatchObject({ operation: "call-analytics", redaction: true });
    expect([outcome?.turns, texts, document.refusedOptions]).toEqual([3, MASKED, ["vocabulary"]]);
    expect(metrics["TranscribeRefusals"]).toBe(1);
  });

  test("without the vocabulary of another language.", async () => {
    offer.vocabularies = [];
    const { metrics, texts } = await runCall({ env: { VOCABULARIES: '{"en-US":"names"}' } });
    expect([texts, metrics["TranscribeRefusals"]]).toEqual([MASKED, undefined]);
  });

  test("after a rejection in its middle, with every turn and its whole recording.", async () => {
    lab.transcribe.faults.breakNext(9000, "BadRequestException");
    const { outcome, texts, wav } = await runCall();
    expect(outcome).toMatchObject({ result: "ended", turns: 3, incompleteReasons: [] });
    expect(texts).toEqual(MASKED);
    expect((wav.length - 44) / 32).toBeGreaterThanOrEqual(SOUND.lengthMs);
  });

  test("as a whole recording when Transcribe refuses every session of it.", async () => {
    lab.transcribe.faults.refuse(50, "BadRequestException");
    const { outcome, wav, document, metrics } = await runCall();
    expect(outcome).toMatchObject({ result: "failed", turns: 0, incompleteReasons: ["recogniser_rejected_BadRequestException"] });
    expect([isWhole(wav, 0), isWhole(wav, 1)]).toEqual([true, true]);
    expect((wav.length - 44) / 32).toBeGreaterThanOrEqual(SOUND.lengthMs);
    expect(document).toMatchObject({ complete: false, personalData: { audio: "partly-masked" } });
    expect(metrics["TranscribeRefusals"]).toBe(1);
  });
});

describe("A side whose attribute is false", () => {
  test.each([
    ["customer", { customer: false, agent: true }, [MASKED[0]]],
    ["agent", { customer: true, agent: false }, MASKED.slice(1)],
  ] as const)("is neither transcribed, scored nor recorded: the %s.", async (role, sides, texts) => {
    const call = await runCall({ sides });
    expect(call.texts).toEqual(texts);
    expect(call.score?.[role]).toEqual({ score: null, quarters: [null, null, null, null], recent: null });
    const { recorded } = sideOf(call.wav, role === "customer" ? 0 : 1);
    expect(recorded.some((sample) => sample !== 0)).toBe(false);
  });
});
