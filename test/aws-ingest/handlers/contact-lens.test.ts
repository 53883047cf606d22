import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LensContacts } from "../../../aws-ingest/connect/lens-contacts.ts";
import { handler as contactEvents } from "../../../aws-ingest/handlers/contact-events.ts";
import { handler } from "../../../aws-ingest/handlers/contact-lens.ts";
import { replay } from "../../../aws-ingest/handlers/replay.ts";
import { type LocalContactLens, startContactLens } from "../../../local/aws/contact-lens.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import { startSqs } from "../../../local/aws/sqs.ts";
import { INSTANCE, storyOf } from "../../support/ingest-lab.ts";
import { ARRIVED, batch, EXAMPLE, read, record, transcript } from "../../support/lens-records.ts";
import { readerLab } from "../../support/reader-lab.ts";

let analysis: LocalContactLens;
const lab = readerLab(async () => {
  analysis = await startContactLens({ instanceId: INSTANCE });
  return { env: { AWS_ENDPOINT_URL_CONNECT_CONTACT_LENS: analysis.url }, close: () => analysis.close() };
});

test("Segments in several batches become turns, the published score, a category and the end of the contact.", async () => {
  const contactId = randomUUID();
  await handler(batch(record(contactId, { EventType: "STARTED" }), record(contactId, { Segments: EXAMPLE.slice(0, 4) })));
  await handler(batch(record(contactId, { Segments: EXAMPLE.slice(4) })));
  const categories = {
    Categories: { MatchedCategories: ["PortalIssue"], MatchedDetails: { PortalIssue: { PointsOfInterest: [] } } },
  };
  await handler(batch(record(contactId, { Segments: [categories] }), record(contactId, { EventType: "COMPLETED" })));
  const updates = lab.hub.contents();
  expect(updates.filter((update) => update.type === "contact.turn")).toHaveLength(10);
  const score = updates.findLast((update) => update.type === "contact.sentiment");
  expect(score).toMatchObject({
    contactId,
    customer: { score: 2, quarters: [-2.5, 5, 5, 5] },
    agent: { score: 0, quarters: [0, -5, 0, 5] },
    turns: 10,
  });
  expect(updates.slice(-2)).toMatchObject([
    { type: "contact.category", name: "PortalIssue", occurredAt: ARRIVED },
    { type: "contact.ended", contactId, occurredAt: score?.occurredAt },
  ]);
});

test("A turn is posted with its issues, and a turn whose issues cannot be read is posted without them.", async () => {
  const contactId = randomUUID();
  const turnWith = (Id: string, IssuesDetected: unknown) => {
    const { Transcript } = transcript(Id, "CUSTOMER", 4700, 8690, "NEGATIVE", "I cannot submit the form and nobody answers.");
    return { Transcript: { ...Transcript, IssuesDetected } };
  };
  const at = (BeginOffsetChar: unknown, EndOffsetChar: unknown) => ({ CharacterOffsets: { BeginOffsetChar, EndOffsetChar } });
  const Segments = [
    turnWith("t-1", [at(0, 24), at(25, 900), at(60, 70)]),
    turnWith("t-2", "none"),
    turnWith("t-3", [at("0", "24")]),
  ];
  expect(await handler(batch(record(contactId, { Segments })))).toEqual({ batchItemFailures: [] });
  const turns = lab.hub.updates().filter((update) => update.type === "contact.turn");
  const issues = [
    { begin: 0, end: 24 },
    { begin: 25, end: 44 },
  ];
  expect(turns.map((turn) => turn.issues)).toEqual([issues, undefined, undefined]);
});

test("Partial turns are posted only for a watched contact, each with all pieces of its text.", async () => {
  const contactId = randomUUID();
  const piece = (Id: string, PartialContent: string) => ({
    Utterance: {
      Id,
      TranscriptId: "t-1",
      ParticipantId: "AGENT",
      ParticipantRole: "AGENT",
      PartialContent,
      BeginOffsetMillis: 1010,
      EndOffsetMillis: 2980,
    },
  });
  await handler(batch(record(contactId, { Segments: [piece("u-1", "Hello,")] })));
  expect(lab.hub.contents()).toEqual([]);
  lab.hub.watch(contactId);
  await handler(batch(record(contactId, { Segments: [transcript("t-0", "CUSTOMER", 0, 900, "NEUTRAL")] })));
  await handler(batch(record(contactId, { Segments: [piece("u-2", "thanks for calling.")] })));
  await handler(batch(record(contactId, { Segments: [transcript("t-1", "AGENT", 1010, 4598, "NEUTRAL", "Hello, thanks.")] })));
  const turns = lab.hub
    .updates()
    .flatMap((update) => (update.type === "contact.turn" && update.turnId === "t-1" ? [update] : []));
  expect(turns.map(({ text, final, sentiment }) => ({ text, final, sentiment }))).toEqual([
    { text: "Hello, thanks for calling.", final: false, sentiment: null },
    { text: "Hello, thanks.", final: true, sentiment: "neutral" },
  ]);
});

test("Turns that the hub refuses go to the dead-letter queue, and a replay delivers them.", async () => {
  const sqs = await startSqs(["dead"]);
  const settings = { DEAD_LETTER_QUEUE_URL: sqs.queueUrl("dead"), AWS_ENDPOINT_URL_SQS: sqs.url };
  Object.assign(process.env, settings);
  try {
    const contactId = randomUUID();
    lab.hub.answerNext({ status: 401 }, { status: 401 });
    const event = batch(record(contactId, { EventType: "STARTED" }), record(contactId, { Segments: EXAMPLE }));
    expect(await handler(event)).toEqual({ batchItemFailures: [] });
    expect(lab.hub.updates()).toEqual([]);
    expect(await replay(process.env)).toMatchObject({ left: 0 });
    expect(storyOf(lab.hub, contactId)).toMatchObject({ turns: { length: 10 }, score: { customer: { score: 2 } } });
    // When the queue refuses the turns too, Lambda has to repeat the batch.
    sqs.faults.refuse(10, new ServiceError(403, "AccessDenied", "no"));
    lab.hub.answerNext({ status: 401 }, { status: 401 });
    expect(await handler(event)).toEqual({ batchItemFailures: [{ itemIdentifier: "seq-0" }] });
  } finally {
    for (const name of Object.keys(settings)) delete process.env[name];
    await sqs.close();
  }
});

test("A record of another instance, one of an unknown version, and a broken segment cost only themselves and are not repeated.", async () => {
  const contactId = randomUUID();
  const good = record(contactId, { Segments: [transcript("1", "CUSTOMER", 0, 900, "POSITIVE")] });
  const started = record(contactId, { EventType: "STARTED" });
  const broken = record(contactId, { Segments: [transcript("2", "CUSTOMER", -5, 900, "POSITIVE")] });
  const answer = await handler(batch(started, { ...good, Channel: "CHAT" }, { ...good, InstanceId: "other" }, broken, good));
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(lab.hub.contents().map(({ type }) => type)).toEqual(["contact.turn", "contact.sentiment"]);
});

test("Repeated records in any order end in the same score.", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 }), (repeated) => {
      const contacts = new LensContacts();
      const segments = [...EXAMPLE, ...repeated.flatMap((index) => EXAMPLE[index] ?? [])];
      let last: unknown = null;
      contacts.addRecord(read(record("c", { EventType: "STARTED" })), ARRIVED);
      for (const [index, segment] of segments.entries()) {
        last = contacts
          .addRecord(read(record("c", { Segments: [segment] })), ARRIVED + index)
          .findLast((update) => update.type === "contact.sentiment");
      }
      expect(last).toMatchObject({ customer: { score: 2 }, agent: { score: 0 }, turns: 10 });
    }),
  );
});

const EVENT = {
  version: "0",
  id: "abcabcab-abca-abca-abca-abcabcabcabc",
  "detail-type": "Amazon Connect Contact Event",
  source: "aws.connect",
  time: "2024-04-29T04:15:33Z",
  detail: {
    eventType: "DISCONNECTED",
    contactId: "b373d225",
    initialContactId: "a0",
    channel: "VOICE",
    instanceArn: `arn:aws:connect:us-east-1:111122223333:instance/${INSTANCE}`,
    disconnectTimestamp: "2024-04-29T04:15:32.500Z",
  },
};

test("A contact event of a disconnected contact ends the contact at the time of the disconnection.", async () => {
  expect(await contactEvents(EVENT)).toEqual({ posted: 1 });
  expect(lab.hub.updates()).toEqual([
    { type: "contact.ended", contactId: "b373d225", initialContactId: "a0", occurredAt: Date.parse("2024-04-29T04:15:32.500Z") },
  ]);
});

test("A contact event with the guide's other spelling of names and with an unset time ends the contact.", async () => {
  const { eventType, contactId, instanceArn } = EVENT.detail;
  const detail = {
    EventType: eventType,
    ContactId: contactId,
    InstanceArn: instanceArn,
    DisconnectTimestamp: "1970-01-01T00:00:00.001Z",
  };
  expect(await contactEvents({ ...EVENT, detail })).toEqual({ posted: 1 });
  expect(lab.hub.updates()).toMatchObject([{ contactId, initialContactId: null, occurredAt: Date.parse(EVENT.time) }]);
});

test("A contact event that ends no contact, one of another instance and a broken one post nothing.", async () => {
  const changed = (fields: object) => contactEvents({ ...EVENT, detail: { ...EVENT.detail, ...fields } });
  expect(await changed({ eventType: "QUEUED" })).toEqual({ posted: 0 });
  expect(await changed({ instanceArn: "arn:aws:connect:us-east-1:1:instance/other" })).toEqual({ posted: 0 });
  expect(await changed({ contactId: 7 })).toEqual({ posted: 0 });
  expect(await contactEvents("hello")).toEqual({ posted: 0 });
  expect(lab.hub.updates()).toEqual([]);
});
