import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type LocalContactLens, startContactLens } from "../../../local/aws/contact-lens.ts";
import { INSTANCE, storyOf } from "../../support/ingest-lab.ts";
import { ARRIVED, batch, batchAt, EXAMPLE, record } from "../../support/lens-records.ts";
import { readerLab } from "../../support/reader-lab.ts";

let analysis: LocalContactLens;
const lab = readerLab(async () => {
  analysis = await startContactLens({ instanceId: INSTANCE });
  return { env: { AWS_ENDPOINT_URL_CONNECT_CONTACT_LENS: analysis.url }, close: () => analysis.close() };
});
let handler: (event: unknown) => Promise<unknown>;
beforeEach(async () => {
  // A container of its own for each test.
  vi.resetModules();
  handler = (await import("../../../aws-ingest/handlers/contact-lens.ts")).handler;
});
afterEach(() => vi.restoreAllMocks());

test("A container asks for no earlier turns for a minute after Contact Lens failed, and posts the turns all the same.", async () => {
  let lateMs = 0;
  let asked = 0;
  const now = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => now() + lateMs);
  const send = fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
    if (!String(url).startsWith(analysis.url)) return send(url, init);
    asked += 1;
    // Longer than one request for earlier turns may take, so the function does not try again.
    lateMs += 50_000;
    return new Response("", { status: 503 });
  });
  const turnOf = (contactId: string) => batch(record(contactId, { Segments: EXAMPLE.slice(8) }));
  await handler(turnOf("first"));
  lateMs += 50_000;
  await handler(turnOf("second"));
  expect(asked).toBe(1);
  lateMs += 11_000;
  await handler(turnOf("third"));
  expect(asked).toBe(2);
  for (const contactId of ["first", "second", "third"]) {
    expect(storyOf(lab.hub, contactId)).toMatchObject({ turns: { length: 2 }, score: null });
  }
});

test("Every batch from a stream with several shards asks for the turns that another container has received meanwhile.", async () => {
  const contactId = randomUUID();
  let at = ARRIVED;
  const from = (shard: number, one: object) => {
    at += 1000;
    return { Records: batchAt(at, one).Records.map((sent) => ({ ...sent, eventID: `shardId-00000000000${shard}:1` })) };
  };
  await handler(from(0, record(randomUUID(), { EventType: "STARTED" })));
  await handler(from(1, record(randomUUID(), { EventType: "STARTED" })));
  analysis.addSegments(contactId, EXAMPLE.slice(0, 4));
  await handler(from(0, record(contactId, { Segments: EXAMPLE.slice(3, 4) })));
  expect(storyOf(lab.hub, contactId).score).toMatchObject({ turns: 4 });
  // Turns 5 to 8 go to another container.
  analysis.addSegments(contactId, EXAMPLE.slice(4));
  await handler(from(0, record(contactId, { Segments: EXAMPLE.slice(8) })));
  expect(storyOf(lab.hub, contactId).score).toMatchObject({ turns: 10, customer: { score: 2 } });
});
