import { expect, test } from "vitest";
import { type ContactNews, readContactEvent } from "../../../aws-ingest/connect/contact-event.ts";

const EVENT = {
  "detail-type": "Amazon Connect Contact Event",
  time: "2024-04-29T04:15:33Z",
  detail: {
    eventType: "DISCONNECTED",
    contactId: "second-contact",
    initialContactId: "first-contact",
    instanceArn: "arn:aws:connect:us-east-1:111122223333:instance/this-instance",
    disconnectTimestamp: "2024-04-29T04:15:32.500Z",
  },
};
const read = (detail: object = {}, fields: object = {}) =>
  readContactEvent({ ...EVENT, ...fields, detail: { ...EVENT.detail, ...detail } }, "this-instance");
/** The reading of an event of which only the end is of interest. */
const end = (detail: object = {}, fields: object = {}) => {
  const reading = read(detail, fields);
  const isEnd = ({ type }: ContactNews[number]) => type === "contact.ended";
  return reading.outcome === "read" ? { ...reading, value: reading.value.find(isEnd) } : reading;
};
const NO_FLAWS = { cut: 0, skipped: 0 };
const ENDED = {
  type: "contact.ended",
  contactId: "second-contact",
  initialContactId: "first-contact",
  occurredAt: Date.parse(EVENT.detail.disconnectTimestamp),
};

test.each(["DISCONNECTED", "COMPLETED", "Disconnected"])(
  "The event type %s ends the contact when it was disconnected.",
  (eventType) => {
    expect(read({ eventType })).toEqual({ outcome: "read", value: [ENDED], flaws: NO_FLAWS });
  },
);

test.each([null, "", undefined])("A contact event whose initialContactId is %j has no initial contact.", (initialContactId) => {
  expect(end({ initialContactId })).toMatchObject({ outcome: "read", value: { ...ENDED, initialContactId: null } });
});

test.each([null, undefined, "", "soon", "1970-01-01T00:00:00.001Z", "1999-12-31T23:59:59.999Z"])(
  "A contact event whose disconnectTimestamp is %j ends the contact at the time of the event.",
  (disconnectTimestamp) => {
    expect(end({ disconnectTimestamp })).toMatchObject({ value: { occurredAt: Date.parse(EVENT.time) } });
  },
);

test("The first moment that the hub accepts is a time, and the moment before is none.", () => {
  const at = (ms: number) => end({ disconnectTimestamp: new Date(ms).toISOString() });
  expect(at(1e12)).toMatchObject({ value: { occurredAt: 1e12 } });
  expect(at(1e12 - 1)).toMatchObject({ value: { occurredAt: Date.parse(EVENT.time) } });
});

test("A contact event without any usable time is refused.", () => {
  const times = { disconnectTimestamp: "1970-01-01T00:00:00.001Z" };
  expect(read(times, { time: "1970-01-01T00:00:00.001Z" })).toEqual({
    outcome: "unreadable",
    reason: "time is missing or wrong",
  });
});

test.each(["CONNECTED_TO_SYSTEM", "CONTACT_DATA_UPDATED", "AMD_DISABLED", "INITIATED"])(
  "The event type %s means no update.",
  (eventType) => {
    expect(read({ eventType, channel: "VOICE", queueInfo: {} })).toMatchObject({ outcome: "read", value: [] });
  },
);

test.each([
  [read({ instanceArn: "this-instance" }), "detail.instancearn is missing or wrong"],
  [read({ contactId: "" }), "detail.contactid is missing or wrong"],
  [read({ eventType: 7 }), "detail.eventtype is missing or wrong"],
  [read({}, { "detail-type": 7 }), "detail-type is missing or wrong"],
  [readContactEvent({ ...EVENT, detail: null }, "this-instance"), "detail is missing or wrong"],
  [read({ disconnectTimestamp: null }, { time: 5 }), "time is missing or wrong"],
  [readContactEvent("hello", "this-instance"), "the event is missing or wrong"],
])("A contact event is refused with its first wrong field (%#).", (refused, reason) => {
  expect(refused).toEqual({ outcome: "unreadable", reason });
});

test.each([
  [{ instanceArn: "arn:aws:connect:us-east-1:111122223333:instance/other" }, {}, "another-instance", ""],
  [{ instanceArn: "arn:aws:connect:us-east-1:111122223333:instance/not-this-instance" }, {}, "another-instance", ""],
  [{}, { "detail-type": "Contact Lens Analysis State Change" }, "another-kind", ""],
  [{ eventType: "TELEPORTED" }, {}, "unknown-type", "TELEPORTED"],
])("A contact event that is not ours is passed over (%#).", (detail, fields, kind, word) => {
  expect(read(detail, fields)).toEqual({ outcome: "not-mine", kind, detail: word });
});

test("An id of 256 characters is the longest that is kept, and a longer one is cut.", () => {
  expect(end({ contactId: "c".repeat(256) })).toMatchObject({ value: { contactId: "c".repeat(256) }, flaws: NO_FLAWS });
  const cut = end({ contactId: "c".repeat(257) });
  expect(cut).toMatchObject({ value: { contactId: expect.stringMatching(/^c{239}…[0-9a-f]{16}$/) }, flaws: { cut: 1 } });
});

test("A field that is null or of a wrong type costs only itself.", () => {
  expect(end({ initialContactId: 7, disconnectTimestamp: {} })).toMatchObject({
    value: { initialContactId: null, occurredAt: Date.parse(EVENT.time) },
  });
});

test("The names of a detail are read in any case, as the guide's own samples write them.", () => {
  const detail = {
    EventType: "COMPLETED",
    CONTACTID: "c",
    InstanceArn: EVENT.detail.instanceArn,
    DisconnectTimeStamp: EVENT.time,
  };
  expect(readContactEvent({ ...EVENT, detail }, "this-instance")).toMatchObject({
    outcome: "read",
    value: [{ type: "contact.ended", contactId: "c", initialContactId: null, occurredAt: Date.parse(EVENT.time) }],
  });
});
