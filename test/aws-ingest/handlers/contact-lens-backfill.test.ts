import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeEach, expect, test, vi } from "vitest";
import { LensContacts } from "../../../aws-ingest/connect/lens-contacts.ts";
import { type LocalContactLens, startContactLens } from "../../../local/aws/contact-lens.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import type { Update } from "../../../protocol/updates.ts";
import { INSTANCE, storyOf } from "../../support/ingest-lab.ts";
import { ARRIVED, batch, batchAt, EXAMPLE, read, record, transcript } from "../../support/lens-records.ts";
import { readerLab } from "../../support/reader-lab.ts";

let analysis: LocalContactLens;
const lab = readerLab(async () => {
  analysis = await startContactLens({ instanceId: INSTANCE, requestsPerSecond: 5 });
  return { env: { AWS_ENDPOINT_URL_CONNECT_CONTACT_LENS: analysis.url }, close: () => analysis.close() };
});
beforeEach(() => {
  lab.hub.clearOrders();
  analysis.faults.clear();
});

/** Imports the handler anew, as Lambda does in a new container. */
async function newContainer(): Promise<(event: unknown) => Promise<unknown>> {
  vi.resetModules();
  const { handler } = await import("../../../aws-ingest/handlers/contact-lens.ts");
  return handler;
}
const PUBLISHED = {
  customer: { score: 2, quarters: [-2.5, 5, 5, 5] },
  agent: { score: 0, quarters: [0, -5, 0, 5] },
  turns: 10,
};

test("A container that starts in mid-call asks for the earlier turns and scores the whole call.", async () => {
  const contactId = randomUUID();
  const first = await newContainer();
  analysis.addSegments(contactId, EXAMPLE.slice(0, 4));
  await first(batch(record(contactId, { EventType: "STARTED" }), record(contactId, { Segments: EXAMPLE.slice(0, 4) })));
  expect(analysis.requests().served).toBe(0);
  const second = await newContainer();
  analysis.addSegments(contactId, EXAMPLE.slice(4));
  await second(batchAt(ARRIVED + 5000, record(contactId, { Segments: EXAMPLE.slice(4, 7) })));
  await second(batchAt(ARRIVED + 9000, record(contactId, { Segments: EXAMPLE.slice(7) })));
  expect(storyOf(lab.hub, contactId).score).toMatchObject(PUBLISHED);
  expect(storyOf(lab.hub, contactId).turns.map(({ turnId }) => turnId)).toEqual([
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "10",
  ]);
  expect(analysis.requests().served).toBe(1);
});

test("A backfill posts the turns of all pages, and it goes on after a request was throttled.", async () => {
  const contactId = randomUUID();
  const many = Array.from({ length: 320 }, (_, index) =>
    transcript(`t-${index}`, index % 2 === 0 ? "CUSTOMER" : "AGENT", index * 1000, index * 1000 + 900, "POSITIVE"),
  );
  analysis.addSegments(contactId, [{ Categories: { MatchedCategories: ["PortalIssue"], MatchedDetails: {} } }, ...many]);
  const handler = await newContainer();
  const before = analysis.requests();
  await handler(batch(record(contactId, { Segments: many.slice(-1) })));
  expect(storyOf(lab.hub, contactId).turns).toHaveLength(320);
  expect(storyOf(lab.hub, contactId).score).toMatchObject({ customer: { score: 5 }, turns: 320 });
  expect(lab.hub.updates()).toContainEqual(expect.objectContaining({ type: "contact.category", name: "PortalIssue" }));
  for (const { occurredAt } of storyOf(lab.hub, contactId).turns) expect(occurredAt).toBeLessThanOrEqual(ARRIVED);
  expect(analysis.requests().served).toBe(before.served + 4);
  expect(analysis.requests().throttled).toBeGreaterThan(before.throttled);
});

test.each([
  ["whose turns Contact Lens does not keep", null, "ResourceNotFoundException"],
  ["that the function may not ask for", new ServiceError(403, "AccessDeniedException", "no"), "AccessDeniedException"],
])("A call %s gets its turns without a score, and it is reported as incomplete once.", async (_, refusal, reason) => {
  const contactId = randomUUID();
  if (refusal !== null) {
    analysis.addSegments(contactId, [transcript("76", "CUSTOMER", 0, 900, "POSITIVE")]);
    analysis.faults.refuse(1, refusal);
  }
  const lines: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((text) => lines.push(String(text)) > 0),
  );
  Object.assign(process.env, { LOG_LEVEL: "WARN", POWERTOOLS_METRICS_NAMESPACE: "vigia-test" });
  try {
    const handler = await newContainer();
    await handler(
      batch(record(contactId, { Segments: [transcript("77", "CUSTOMER", 500_000, 503_000, "NEGATIVE", "Secreto.")] })),
    );
    await handler(
      batch(record(contactId, { Segments: [transcript("78", "CUSTOMER", 504_000, 505_000, "NEGATIVE", "Secreto.")] })),
    );
    await handler(batch(record(contactId, { EventType: "COMPLETED" })));
  } finally {
    for (const spy of spies) spy.mockRestore();
    delete process.env["POWERTOOLS_METRICS_NAMESPACE"];
    process.env["LOG_LEVEL"] = "SILENT";
  }
  expect(lab.hub.contents().map(({ type }) => type)).toEqual(["contact.turn", "contact.turn", "contact.ended"]);
  const log = lines.join("\n");
  expect(log).toContain(reason);
  expect(log.match(/beginning_unknown/g)).toHaveLength(1);
  expect(log.match(/"CallsIncomplete":1/g)).toHaveLength(1);
  expect(log).not.toContain("Secreto");
});

test("A backfill succeeds after a failed request and a broken connection.", async () => {
  const contactId = randomUUID();
  analysis.addSegments(contactId, EXAMPLE);
  analysis.faults.refuse(1, new ServiceError(503, "InternalServiceException", "later"));
  analysis.faults.cut(1);
  const handler = await newContainer();
  await handler(batch(record(contactId, { Segments: EXAMPLE.slice(8) })));
  expect(storyOf(lab.hub, contactId).score).toMatchObject(PUBLISHED);
});

test("A repeated batch asks again for turns that could not be posted.", async () => {
  const contactId = randomUUID();
  analysis.addSegments(contactId, EXAMPLE);
  const handler = await newContainer();
  const event = batch(record(contactId, { Segments: EXAMPLE.slice(9) }));
  lab.hub.answerNext({ status: 401 }, { status: 401 });
  expect(await handler(event)).toEqual({ batchItemFailures: [{ itemIdentifier: "seq-0" }] });
  await handler(event);
  expect(storyOf(lab.hub, contactId).turns).toHaveLength(10);
  expect(storyOf(lab.hub, contactId).score).toMatchObject(PUBLISHED);
});

test("A repeated record posts its category again, and a later record does not.", () => {
  const contacts = new LensContacts();
  const segment = { Categories: { MatchedCategories: ["PortalIssue"], MatchedDetails: {} } };
  const sent = (at: number) => contacts.addRecord(read(record("c", { Segments: [segment] })), at);
  expect(sent(ARRIVED)).toHaveLength(1);
  expect(sent(ARRIVED + 5000)).toEqual([]);
  expect(sent(ARRIVED)).toEqual([
    { type: "contact.category", contactId: "c", initialContactId: null, name: "PortalIssue", occurredAt: ARRIVED },
  ]);
});

test("The score of all turns is the newest when all records arrived in the same millisecond.", () => {
  const contacts = new LensContacts();
  contacts.addRecord(read(record("c", { EventType: "STARTED" })), ARRIVED);
  const scores = EXAMPLE.flatMap((segment) => contacts.addRecord(read(record("c", { Segments: [segment] })), ARRIVED)).flatMap(
    (update) => (update.type === "contact.sentiment" ? [update] : []),
  );
  expect(scores.toSorted((a, b) => a.occurredAt - b.occurredAt).at(-1)).toMatchObject(PUBLISHED);
  expect(new Set(scores.map(({ occurredAt }) => occurredAt)).size).toBe(scores.length);
});

test("A container asks for missed turns after a gap, and it scores the known turns if it gets no answer.", async () => {
  const contactId = randomUUID();
  const handler = await newContainer();
  await handler(batch(record(contactId, { EventType: "STARTED" }), record(contactId, { Segments: EXAMPLE.slice(0, 4) })));
  const later = batchAt(ARRIVED + 60_000, record(contactId, { Segments: EXAMPLE.slice(8) }));
  await handler(later);
  expect(storyOf(lab.hub, contactId).score).toMatchObject({ turns: 6 });
  analysis.addSegments(contactId, EXAMPLE);
  await handler(batchAt(ARRIVED + 120_000, record(contactId, { EventType: "COMPLETED" })));
  expect(storyOf(lab.hub, contactId).score).toMatchObject(PUBLISHED);
  const asked = analysis.requests().served;
  await handler(batchAt(ARRIVED + 121_000, record(contactId, { Segments: EXAMPLE.slice(9) })));
  expect(analysis.requests().served).toBe(asked);
});

test("A batch from a stream with several shards asks for all turns again.", async () => {
  const contactId = randomUUID();
  analysis.addSegments(contactId, EXAMPLE);
  const handler = await newContainer();
  const from = (shard: string, ...records: object[]) => ({
    Records: batch(...records).Records.map((one) => ({ ...one, eventID: `${shard}:1` })),
  });
  await handler(from("shardId-000000000000", record(contactId, { EventType: "STARTED" })));
  await handler(from("shardId-000000000001", record(randomUUID(), { EventType: "STARTED" })));
  // Turns 1 to 8 went to another container.
  await handler(from("shardId-000000000000", record(contactId, { Segments: EXAMPLE.slice(8) })));
  expect(storyOf(lab.hub, contactId).score).toMatchObject(PUBLISHED);
});

test("Each turn has one id and the score has all turns, for any change of containers, any repeats and any lead of the backfill.", () => {
  const step = fc.record({
    size: fc.integer({ min: 1, max: 4 }),
    fresh: fc.boolean(),
    repeated: fc.boolean(),
    ahead: fc.nat({ max: 10 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 10 }), (steps) => {
      let contacts = new LensContacts();
      const sent: Update[] = [...contacts.addRecord(read(record("c", { EventType: "STARTED" })), ARRIVED)];
      let done = 0;
      for (const [index, { size, fresh, repeated, ahead }] of steps.entries()) {
        const Segments = EXAMPLE.slice(done, done + size);
        if (Segments.length === 0) break;
        done += Segments.length;
        if (fresh) contacts = new LensContacts();
        const one = read(record("c", { Segments }));
        for (let times = repeated ? 2 : 1; times > 0; times -= 1) {
          const at = ARRIVED + index * 1000;
          const known = read(record("c", { Segments: EXAMPLE.slice(0, done + ahead) })).Segments ?? [];
          if (contacts.needsBackfill(one, at) !== "no") sent.push(...contacts.backfill(one, known, at));
          sent.push(...contacts.addRecord(one, at));
        }
      }
      const turns = sent.filter((update) => update.type === "contact.turn");
      expect(new Set(turns.map(({ turnId }) => turnId)).size).toBe(10);
      const scores = sent.filter((update) => update.type === "contact.sentiment");
      const newest = scores.reduce((best, score) => (score.occurredAt >= best.occurredAt ? score : best));
      expect(newest).toMatchObject(PUBLISHED);
    }),
  );
});
