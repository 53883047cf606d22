import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { replay } from "../../../aws-ingest/handlers/replay.ts";
import { handler } from "../../../aws-ingest/handlers/transcriber.ts";
import { type LocalComprehend, startComprehend } from "../../../local/aws/comprehend.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import { type LocalSqs, startSqs } from "../../../local/aws/sqs.ts";
import { PHRASES } from "../../../local/phrases/phrase-book.ts";
import { callSound, seeded } from "../../support/call-sound.ts";
import { endCall, type IngestLab, jobFor, SECRET, startIngestLab, storyOf } from "../../support/ingest-lab.ts";

let lab: IngestLab;
let sqs: LocalSqs;
let comprehend: LocalComprehend;
beforeAll(async () => {
  [sqs, comprehend] = await Promise.all([startSqs(["dead"]), startComprehend()]);
  lab = await startIngestLab({
    DEAD_LETTER_QUEUE_URL: sqs.queueUrl("dead"),
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_COMPREHEND: comprehend.url,
  });
});
afterAll(async () => {
  await lab.close();
  await Promise.all([sqs.close(), comprehend.close()]);
});
beforeEach(() => {
  lab.transcribe.faults.clear();
  comprehend.faults.clear();
  delete process.env["REDACT_PII"];
  Object.assign(process.env, lab.env);
});

function call(seed: number, turns: number, language: "es" | "en" = "en") {
  const contactId = randomUUID();
  const sound = callSound(seeded(seed), turns, language);
  const startedAt = Date.now() - sound.lengthMs;
  const stream = lab.broadcast(contactId, sound, startedAt);
  endCall(stream, Date.now());
  return { contactId, sound, job: jobFor(contactId, stream, startedAt) };
}

/** The plan for a language without Call Analytics. */
const STANDARD = { service: "standard", languageCode: "es-MX", identify: [], comprehendLanguage: "es", redaction: false };

test("A language without Call Analytics is transcribed by standard streaming, and Comprehend labels its turns.", async () => {
  // Transcribe does not mask Mexican Spanish, so its words are sent only where nothing is to be masked.
  process.env["REDACT_PII"] = "false";
  const { contactId, sound, job } = call(31, 8, "es");
  comprehend.faults.refuse(1, new ServiceError(400, "ThrottlingException", "Rate exceeded"));
  expect(await handler({ ...job, language: STANDARD })).toMatchObject({ result: "ended", turns: 8, incompleteReasons: [] });
  const { turns, score } = storyOf(lab.hub, contactId);
  expect(turns.map(({ role, text, sentiment }) => ({ role, text, sentiment }))).toEqual(
    sound.lines.map(({ role, phrase }) => ({ role, text: phrase.text, sentiment: phrase.sentiment })),
  );
  expect(score?.turns).toBe(8);
});

test("Turns are posted without a sentiment and a score when Comprehend fails.", async () => {
  const { contactId, job } = call(32, 3, "es");
  comprehend.faults.refuse(50, new ServiceError(500, "InternalServerException", "down"));
  expect(await handler({ ...job, language: STANDARD })).toMatchObject({ result: "ended", turns: 0 });
  const { turns, score } = storyOf(lab.hub, contactId);
  expect(turns.map(({ sentiment }) => sentiment)).toEqual([null, null, null]);
  expect(score).toBeNull();
}, 120_000);

test("Updates of a call that the hub refuses go to the dead-letter queue, and a replay delivers them once.", async () => {
  const { contactId, job } = call(33, 3);
  lab.hub.answerNext(...Array.from({ length: 60 }, () => ({ status: 413, body: { error: "too_large" } })));
  const outcome = await handler(job);
  expect(outcome.result).toBe("ended");
  expect(outcome.undelivered).toBeGreaterThan(0);
  expect(storyOf(lab.hub, contactId).turns).toEqual([]);
  expect(sqs.bodies("dead").length).toBeGreaterThan(0);
  sqs.sendMessage("dead", "a message of another system");

  lab.hub.clearOrders();
  const result = await replay(lab.env);
  // The two updates that said whether the call was listened to are out of date by then.
  expect(result).toEqual({
    delivered: outcome.undelivered - 2,
    left: 1,
    reasons: ["a message that these functions did not write"],
  });
  expect(sqs.bodies("dead")).toEqual(["a message of another system"]);
  const { turns, score } = storyOf(lab.hub, contactId);
  expect(turns).toHaveLength(3);
  expect(score?.turns).toBe(3);
  expect(lab.hub.updates().filter((update) => update.type === "contact.ended" && update.contactId === contactId)).toHaveLength(1);
});

test("Partial turns are posted only where nothing is masked, for a watched contact, and never after the final turn.", async () => {
  process.env["REDACT_PII"] = "false";
  const { contactId, job } = call(34, 6);
  lab.hub.watch(contactId);
  process.env["CATCH_UP_SPEED"] = "10";
  const before = lab.hub.posts.length;
  await handler(job);
  const turns = lab.hub.posts
    .slice(before)
    .flatMap(({ updates }) => updates.flatMap((update) => (update.type === "contact.turn" ? [update] : [])));
  expect(turns.some(({ final }) => !final)).toBe(true);
  const done = new Set<string>();
  for (const { turnId, final } of turns) {
    if (final) done.add(turnId);
    else expect(done.has(turnId)).toBe(false);
  }
  const unwatched = call(35, 3);
  await handler(unwatched.job);
  const masked = call(38, 6);
  lab.hub.watch(masked.contactId);
  delete process.env["REDACT_PII"];
  await handler(masked.job);
  const silent = new Set<string>([unwatched.contactId, masked.contactId]);
  expect(
    lab.hub.updates().some((update) => update.type === "contact.turn" && silent.has(update.contactId) && !update.final),
  ).toBe(false);
});

test("The log of a call with faults has no transcript, telephone number or secret.", async () => {
  const lines: string[] = [];
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...parts: unknown[]) => void lines.push(parts.map(String).join(" "))),
  );
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((text) => lines.push(String(text)) > 0),
  );
  Object.assign(process.env, { LOG_LEVEL: "DEBUG", POWERTOOLS_METRICS_NAMESPACE: "vigia-test" });
  try {
    const { job } = call(36, 8);
    lab.transcribe.faults.breakNext(5000, "InternalFailureException");
    lab.hub.answerNext({ status: 503 }, { status: 413, body: { error: "too_large" } });
    await handler(job);
    expect(measured(lines, "AudioSecondsSent"), "audio after a broken session is sent twice").toBeGreaterThan(
      measured(lines, "AudioSeconds"),
    );
    expect(measured(lines, "AudioSeconds")).toBeGreaterThanOrEqual(8);
    expect(measured(lines, "Scores")).toBeGreaterThan(0);
    expect(measured(lines, "CallsIncomplete")).toBe(0);
    lab.transcribe.faults.refuse(20, "BadRequestException");
    await handler(call(37, 2).job);
  } finally {
    for (const spy of [...spies, ...streams]) spy.mockRestore();
    delete process.env["POWERTOOLS_METRICS_NAMESPACE"];
  }
  const log = lines.join("\n");
  expect(measured(lines, "CallsIncomplete")).toBe(1);
  expect(log).toMatch(/The transcription of a call is over/);
  expect(log).toMatch(/A transcription session broke off/);
  expect(log).toMatch(/"Turns"/);
  for (const { text } of PHRASES) expect(log).not.toContain(text);
  expect(log).not.toContain(SECRET);
  expect(log).not.toMatch(/whsec_/);
  expect(log).not.toMatch(/\+\d{6,}/);
});

/** Returns the sum of a metric over all lines in CloudWatch's embedded metric format. */
function measured(lines: readonly string[], name: string): number {
  const values = lines.flatMap((line) => (line.includes('"_aws"') ? [Reflect.get(JSON.parse(line), name) ?? 0] : []));
  return values.flat().reduce((sum, value) => sum + Number(value), 0);
}
