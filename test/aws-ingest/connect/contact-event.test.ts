import { expect, test } from "vitest";
import { readContactEvent } from "../../../aws-ingest/connect/contact-event.ts";

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
const ENDED = {
  type: "contact.ended",
  contactId: "second-contact",
  initialContactId: "first-contact",
  occurredAt: Date.parse(EVENT.detail.disconnectTimestamp),
};

test.each(["DISCONNECTED", "COMPLETED", "Disconnected"])(
  "The event type %s ends the contact when it was disconnected.",
  (eventType) => {
    expect(read({ eventType })).toEqual({ ok: true, update: ENDED });
  },
);

test.each([null, "", undefined])("A contact event whose initialContactId is %j has no initial contact.", (initialContactId) => {
  expect(read({ initialContactId })).toEqual({ ok: true, update: { ...ENDED, initialContactId: null } });
});

test.each([null, undefined, "", "soon", "1970-01-01T00:00:00.001Z", "1999-12-31T23:59:59.999Z"])(
  "A contact event whose disconnectTimestamp is %j ends the contact at the time of the event.",
  (disconnectTimestamp) => {
    expect(read({ disconnectTimestamp })).toMatchObject({ update: { occurredAt: Date.parse(EVENT.time) } });
  },
);

test("The first moment of the year 2000 is a time, and the moment before is none.", () => {
  expect(read({ disconnectTimestamp: "2000-01-01T00:00:00.000Z" })).toMatchObject({
    update: { occurredAt: Date.UTC(2000, 0, 1) },
  });
});

test("A contact event without any usable time is refused.", () => {
  const times = { disconnectTimestamp: "1970-01-01T00:00:00.001Z" };
  expect(read(times, { time: "1970-01-01T00:00:00.001Z" })).toEqual({ ok: false, reason: "time is missing or wrong" });
});

test.each(["QUEUED", "INITIATED", "CONNECTED_TO_AGENT", "CONTACT_DATA_UPDATED"])(
  "The event type %s means no update.",
  (eventType) => {
    expect(read({ eventType })).toEqual({ ok: true, update: null });
  },
);

test.each([
  [read({ instanceArn: "arn:aws:connect:us-east-1:111122223333:instance/other" }), "detail.instanceArn names another instance"],
  [
    read({ instanceArn: "arn:aws:connect:us-east-1:111122223333:instance/not-this-instance" }),
    "detail.instanceArn names another instance",
  ],
  [read({ instanceArn: "this-instance" }), "detail.instancearn is missing or wrong"],
  [read({ contactId: "" }), "detail.contactid is missing or wrong"],
  [read({ contactId: "c".repeat(257) }), "detail.contactid is missing or wrong"],
  [read({ eventType: 7 }), "detail.eventtype is missing or wrong"],
  [read({}, { "detail-type": "Other" }), "detail-type is missing or wrong"],
  [read({}, { time: 5 }), "time is missing or wrong"],
  [readContactEvent("hello", "this-instance"), "the event is missing or wrong"],
])("A contact event is refused with its first wrong field (%#).", (refused, reason) => {
  expect(refused).toEqual({ ok: false, reason });
});

test("An id of 256 characters is the longest that is read.", () => {
  expect(read({ contactId: "c".repeat(256) })).toMatchObject({ ok: true });
});

test("The names of a detail are read in any case, as the guide's own samples write them.", () => {
  const detail = {
    EventType: "COMPLETED",
    CONTACTID: "c",
    InstanceArn: EVENT.detail.instanceArn,
    DisconnectTimeStamp: EVENT.time,
  };
  expect(readContactEvent({ ...EVENT, detail }, "this-instance")).toEqual({
    ok: true,
    update: { type: "contact.ended", contactId: "c", initialContactId: null, occurredAt: Date.parse(EVENT.time) },
  });
});
