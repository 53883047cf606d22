import { randomUUID } from "node:crypto";
import { ConnectClient, paginateListRealtimeContactAnalysisSegmentsV2 } from "@aws-sdk/client-connect";
import { beforeEach, expect, test, vi } from "vitest";
import { type LocalConnect, startConnect } from "../../../local/aws/connect.ts";
import { addChatSegments } from "../../../local/aws/connect-chat-analysis.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import { CHAT, categoryOf, chatRecord, issueOf, message, WRITTEN } from "../../support/chat-records.ts";
import { emittedMetrics } from "../../support/emitted-metrics.ts";
import { INSTANCE, storyOf } from "../../support/ingest-lab.ts";
import { batchAt, EXAMPLE, record } from "../../support/lens-records.ts";
import { readerLab } from "../../support/reader-lab.ts";

const ROSTER = { instanceId: INSTANCE, statuses: [], routingProfiles: [], users: [] };
const ARRIVED = WRITTEN + 160_000;

let connect: LocalConnect;
const lab = readerLab(async () => {
  connect = await startConnect({ roster: ROSTER, requestsPerSecond: 20 });
  return { env: { AWS_ENDPOINT_URL_CONNECT: connect.url }, close: () => connect.close() };
});
/** A container of its own, as Lambda starts it. */
let handler: (event: unknown) => Promise<unknown>;
beforeEach(async () => {
  connect.faults.clear();
  lab.hub.clearOrders();
  handler = await newContainer();
});

async function newContainer(): Promise<(event: unknown) => Promise<unknown>> {
  vi.resetModules();
  return (await import("../../../aws-ingest/handlers/contact-lens.ts")).handler;
}
const batch = (...records: unknown[]) => batchAt(ARRIVED, ...records);
const started = (contactId: string) => chatRecord(contactId, { StreamingEventType: "STARTED" });
const turnIds = (contactId: string) => storyOf(lab.hub, contactId).turns.map(({ turnId }) => turnId);
const statesOf = (contactId: string) =>
  lab.hub
    .updates()
    .flatMap((update) => (update.type === "contact.transcription" && update.contactId === contactId ? [update.state] : []));
const ALL_TURNS = ["c-1", "a-1", "c-2", "a-2", "s-1", "c-3"];

test("Three chats at once and a call get their own turns, scores, categories and ends from one stream.", async () => {
  const ids = [randomUUID(), randomUUID(), randomUUID()];
  const call = randomUUID();
  await handler(batch(...ids.map(started), record(call, { EventType: "STARTED" })));
  for (const [index, segment] of CHAT.entries()) {
    const more = index === 1 ? [issueOf("c-1", 0, 20), categoryOf("LateOrder")] : [];
    await handler(
      batchAt(
        ARRIVED + index * 1000,
        ...ids.map((id) => chatRecord(id, { Segments: [segment, ...more] })),
        record(call, { Segments: EXAMPLE.slice(index, index + 1) }),
      ),
    );
  }
  await handler(batchAt(ARRIVED + 60_000, ...ids.map((id) => chatRecord(id, { StreamingEventType: "COMPLETED" }))));
  for (const id of ids) {
    expect(turnIds(id)).toEqual(ALL_TURNS);
    expect(storyOf(lab.hub, id).turns[0]).toMatchObject({ issues: [{ begin: 0, end: 20 }], occurredAt: WRITTEN + 4_000 });
    expect(storyOf(lab.hub, id).score).toMatchObject({ customer: { score: 0, recent: 5 }, agent: { score: 3.3 }, turns: 6 });
    expect(lab.hub.updates()).toContainEqual(
      expect.objectContaining({ type: "contact.category", contactId: id, name: "LateOrder" }),
    );
    expect(lab.hub.updates()).toContainEqual(expect.objectContaining({ type: "contact.ended", contactId: id }));
    expect(statesOf(id)[0]).toBe("live");
    expect(statesOf(id).at(-1)).toBe("ended");
  }
  expect(turnIds(call)).toHaveLength(8);
  expect(connect.requests().served).toBe(0);
});

test("CHT-5 A chat whose analysis failed says so, and it is counted as incomplete.", async () => {
  const contactId = randomUUID();
  const metrics = await emittedMetrics(async () => {
    await handler(batch(started(contactId), chatRecord(contactId, { StreamingEventType: "FAILED" })));
  });
  expect(statesOf(contactId)).toEqual(["live", "failed"]);
  expect(metrics).toMatchObject({ CallsIncomplete: 1 });
  expect(lab.hub.updates().filter(({ type }) => type === "contact.ended")).toEqual([]);
});

test("A transferred chat has turns of its own under its new contact id, timed from its own beginning.", async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  await handler(batch(started(first), chatRecord(first, { Segments: CHAT.slice(0, 4) })));
  await handler(batch(chatRecord(first, { StreamingEventType: "COMPLETED" }), started(second)));
  await handler(batchAt(ARRIVED + 9000, chatRecord(second, { Segments: CHAT.slice(4) })));
  expect(turnIds(first)).toEqual(["c-1", "a-1"]);
  expect(storyOf(lab.hub, second).turns.map(({ turnId, beginMs }) => [turnId, beginMs])).toEqual([
    ["c-2", 0],
    ["a-2", 40_000],
    ["s-1", 50_000],
    ["c-3", 60_000],
  ]);
  expect(storyOf(lab.hub, second).score).toMatchObject({ customer: { score: 2.5 }, turns: 4 });
});

test("A container that starts in the middle of a chat asks for the earlier messages and scores the whole chat.", async () => {
  const contactId = randomUUID();
  addChatSegments(connect.chatAnalyses, contactId, [...CHAT, issueOf("c-1", 0, 20), categoryOf("LateOrder")]);
  await handler(batch(chatRecord(contactId, { Segments: CHAT.slice(6) })));
  expect(turnIds(contactId)).toEqual(ALL_TURNS);
  expect(storyOf(lab.hub, contactId).turns[0]).toMatchObject({ beginMs: 4_000, issues: [{ begin: 0, end: 20 }] });
  expect(storyOf(lab.hub, contactId).score).toMatchObject({ customer: { score: 0 }, turns: 6 });
  expect(lab.hub.updates()).toContainEqual(expect.objectContaining({ type: "contact.category", name: "LateOrder" }));
});

test("A backfill asks for redacted messages unless the chat has raw ones only.", async () => {
  const asked: unknown[] = [];
  const send = fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
    if (String(url).startsWith(connect.url)) asked.push(JSON.parse(String(init?.body)));
    return send(url, init);
  });
  const raw = { StreamingSettings: { LanguageCode: "en-US", Output: "Raw" }, OutputType: "Raw" };
  for (const fields of [{}, raw]) {
    const contactId = randomUUID();
    addChatSegments(connect.chatAnalyses, contactId, CHAT);
    await handler(batch(chatRecord(contactId, { ...fields, Segments: CHAT.slice(6) })));
    expect(turnIds(contactId)).toEqual(ALL_TURNS);
  }
  spy.mockRestore();
  expect(asked).toMatchObject([{ OutputType: "Redacted" }, { OutputType: "Raw" }]);
});

test("A backfill reads all pages within the quota of two requests a second and bursts of five.", async () => {
  const contactId = randomUUID();
  const strict = await startConnect({ roster: ROSTER });
  process.env["AWS_ENDPOINT_URL_CONNECT"] = strict.url;
  try {
    const many = Array.from({ length: 520 }, (_, index) => message(`m-${index}`, "CUSTOMER", index * 1000, "POSITIVE"));
    addChatSegments(strict.chatAnalyses, contactId, many);
    await handler(batch(chatRecord(contactId, { Segments: many.slice(-1) })));
    expect(turnIds(contactId)).toHaveLength(520);
    expect(storyOf(lab.hub, contactId).score).toMatchObject({ customer: { score: 5 }, turns: 520 });
    expect(strict.requests()).toEqual({ served: 6, throttled: 0 });
  } finally {
    process.env["AWS_ENDPOINT_URL_CONNECT"] = connect.url;
    await strict.close();
  }
});

test("A chat whose earlier messages nobody has gets its turns without a score, and is reported once.", async () => {
  const contactId = randomUUID();
  const metrics = await emittedMetrics(async () => {
    for (const from of [6, 7]) await handler(batch(chatRecord(contactId, { Segments: CHAT.slice(from, from + 1) })));
  });
  expect(turnIds(contactId)).toEqual(["s-1", "c-3"]);
  expect(storyOf(lab.hub, contactId).score).toBeNull();
  expect(metrics).toMatchObject({ CallsIncomplete: 1 });
});

test("A backfill goes on after it was throttled, and a failed post makes the next record ask again.", async () => {
  const contactId = randomUUID();
  addChatSegments(connect.chatAnalyses, contactId, CHAT);
  connect.faults.refuse(1, new ServiceError(429, "ThrottlingException", "Rate exceeded"));
  const event = batch(chatRecord(contactId, { Segments: CHAT.slice(7) }));
  lab.hub.answerNext({ status: 401 }, { status: 401 });
  expect(await handler(event)).toEqual({ batchItemFailures: [{ itemIdentifier: "seq-0" }] });
  expect(turnIds(contactId)).toEqual([]);
  await handler(event);
  expect(turnIds(contactId)).toEqual(ALL_TURNS);
});

test("Where redacted messages come too, no raw message and no name ever reaches the hub.", async () => {
  const contactId = randomUUID();
  const raw = message("c-1", "CUSTOMER", 0, "NEUTRAL", "My card is 4111 1111 1111 1111.");
  const redacted = message("c-1", "CUSTOMER", 0, "NEUTRAL", "My card is [PII].");
  await handler(
    batch(
      started(contactId),
      chatRecord(contactId, { OutputType: "Raw", Segments: [raw] }),
      chatRecord(contactId, { Segments: [redacted] }),
    ),
  );
  expect(storyOf(lab.hub, contactId).turns).toMatchObject([{ text: "My card is [PII]." }]);
  expect(JSON.stringify(lab.hub.posts)).not.toContain("4111");
});

test("The stand-in answers the SDK of AWS as the operation is documented.", async () => {
  const contactId = randomUUID();
  addChatSegments(connect.chatAnalyses, contactId, CHAT);
  const client = new ConnectClient({ endpoint: connect.url, region: "us-east-1" });
  const input = {
    InstanceId: INSTANCE,
    ContactId: contactId,
    OutputType: "Redacted" as const,
    SegmentTypes: ["Transcript" as const],
  };
  const segments = [];
  for await (const page of paginateListRealtimeContactAnalysisSegmentsV2({ client, pageSize: 3 }, input)) {
    expect(page.Channel).toBe("CHAT");
    segments.push(...(page.Segments ?? []));
  }
  expect(segments.map((segment) => segment.Transcript?.Time?.AbsoluteTime?.getTime())).toEqual(
    CHAT.map(({ Transcript }) => "Time" in Transcript && Date.parse(Object.values(Object(Transcript.Time)).join())),
  );
  connect.chatAnalyses.set("call", "voice");
  await expect(
    (async () => {
      for await (const _ of paginateListRealtimeContactAnalysisSegmentsV2({ client }, { ...input, ContactId: "call" }));
    })(),
  ).rejects.toThrow("The contact is no chat.");
});
