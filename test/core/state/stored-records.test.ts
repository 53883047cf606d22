import { describe, expect, it } from "vitest";
import { newRecord } from "../../../core/state/agent-record.ts";
import { type ContactRecord, newContact } from "../../../core/state/contact-record.ts";
import { listingToStored, NO_LISTING, parseListing } from "../../../core/state/listing.ts";
import {
  agentRecordToStored,
  contactRecordToStored,
  parseAgentRecord,
  parseContactRecord,
  parseTurn,
} from "../../../core/state/stored-records.ts";
import { anAgentState, aSentiment, aTurn, NOON } from "../../support/updates.ts";

const { type: _, ...body } = anAgentState();
const AGENT = {
  agentId: "agent-1",
  state: body,
  named: { ...body, occurredAt: NOON - 1 },
  listed: { ...body, occurredAt: NOON - 2 },
  listedAt: NOON + 1,
  heartbeatAt: NOON + 2,
  repeated: { ...body, occurredAt: NOON + 3 },
  repeatedNewsAt: NOON - 60_000,
  receivedAt: NOON,
  removedAt: NOON - 3,
  removalReceivedAt: NOON - 4,
  heldSince: { "contact-1": NOON },
  expiredContacts: ["contact-2"],
  offers: { since: NOON - 9, missed: [{ contactId: "contact-3", at: NOON - 8 }] },
};
const CONTACT = {
  contactId: "contact-1",
  initialContactId: "contact-0",
  sentiment: aSentiment(1),
  categories: { PortalIssue: NOON },
  endedAt: NOON,
  talkedUntil: NOON - 5,
  hasTurns: true,
  receivedAt: NOON + 1,
  groups: ["Ventas"],
  transcription: { state: "live", occurredAt: NOON, heardAt: NOON + 1, lost: true },
  channel: "chat",
  customerWait: { answeredAt: NOON, unanswered: [NOON + 1] },
  turnsDroppedUntil: NOON - 9,
} as const satisfies ContactRecord;
const JUNK = [null, undefined, 7, "text", [], {}, { agentId: 7, contactId: 7 }];

describe("Records in storage", () => {
  it("SEQ-2 A stored record is read as it was written.", () => {
    expect(parseAgentRecord(JSON.parse(JSON.stringify(agentRecordToStored(AGENT))))).toEqual(AGENT);
    expect(parseContactRecord(JSON.parse(JSON.stringify(contactRecordToStored(CONTACT))))).toEqual(CONTACT);
    expect(parseTurn(JSON.parse(JSON.stringify(aTurn())))).toEqual(aTurn());
  });

  it("SEQ-2 A stored record keeps the names of the first release, so that a rollback finds them.", () => {
    const agent = agentRecordToStored(AGENT);
    expect(agent).toHaveProperty("swept", ["contact-2"]);
    expect(agent).toHaveProperty("removedHeardAt", NOON - 4);
    expect(agent).not.toHaveProperty("expiredContacts");
    const contact: unknown = JSON.parse(JSON.stringify(contactRecordToStored(CONTACT)));
    expect(contact).toHaveProperty("spoken", true);
    expect(contact).toHaveProperty("heardAt", NOON + 1);
    expect(contact).not.toHaveProperty("hasTurns");
  });

  it("SEQ-2 A stored record gets defaults for the fields that it lacks or that are unreadable.", () => {
    expect(parseAgentRecord({ agentId: "agent-1" })).toEqual(newRecord("agent-1"));
    expect(
      parseAgentRecord({ agentId: "agent-1", state: 7, heldSince: ["a"], expiredContacts: "x", heartbeatAt: "y", offers: null }),
    ).toEqual({
      agentId: "agent-1",
      state: null,
      named: null,
      listed: null,
      listedAt: 0,
      heartbeatAt: 0,
      repeated: null,
      repeatedNewsAt: 0,
      receivedAt: 0,
      removedAt: 0,
      removalReceivedAt: 0,
      heldSince: {},
      expiredContacts: [],
      offers: { since: 0, missed: [] },
    });
    expect(parseContactRecord({ contactId: "contact-1", categories: { a: "b" }, endedAt: "x" })).toEqual({
      contactId: "contact-1",
      channel: null,
      customerWait: { answeredAt: 0, unanswered: [] },
      turnsDroppedUntil: 0,
      initialContactId: null,
      sentiment: null,
      categories: {},
      endedAt: null,
      talkedUntil: 0,
      hasTurns: false,
      receivedAt: 0,
      groups: [],
      transcription: null,
    });
    expect(parseContactRecord({ contactId: "contact-1", transcription: { state: "live", occurredAt: NOON } })).toMatchObject({
      transcription: { state: "live", occurredAt: NOON, heardAt: 0, lost: false },
    });
    expect(parseContactRecord({ contactId: "contact-1", transcription: { state: "of tomorrow" } })).toMatchObject({
      transcription: null,
    });
    expect(newContact("contact-1")).toMatchObject({ hasTurns: false, categories: {} });
  });

  it("SEQ-2 A stored record counts as none when it is no record at all.", () => {
    for (const junk of JUNK) {
      expect([parseAgentRecord(junk), parseContactRecord(junk), parseTurn(junk)]).toEqual([null, null, null]);
    }
  });
});

describe("The stored list of a snapshot", () => {
  it("ROS-6 The list is read as it was written, and an unreadable one counts as none.", () => {
    const listing = { takenAt: NOON, agentIds: new Set(["agent-1", "agent-2"]) };
    expect(parseListing(JSON.parse(JSON.stringify(listingToStored(listing))))).toEqual(listing);
    for (const junk of JUNK) expect(parseListing(junk)).toBe(NO_LISTING);
  });
});
