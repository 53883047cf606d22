import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Board } from "../../../core/board/board.ts";
import { AGENTS, type AgentRow } from "../../../core/state/agent-row.ts";
import { type AgentContactRow, agentSchema } from "../../../protocol/agent.ts";
import { NOON } from "../../support/updates.ts";

const score = { score: 1, quarters: [1, null, null, null], recent: 1 };
const CONTACT: AgentContactRow = {
  contactId: "contact-1",
  channel: "voice",
  status: "on a call",
  since: NOON,
  startedAt: NOON,
  queue: "BasicQueue",
  direction: "inbound",
  sentimentScore: 1,
};
const FULL: AgentRow = {
  agentId: "agent-1",
  name: "Jane",
  status: "on a call",
  sentimentScore: 1,
  statusName: "Available",
  since: NOON,
  contactId: "contact-1",
  channel: "voice",
  queue: "BasicQueue",
  routingProfile: "Basic",
  groups: ["Ventas"],
  sentiment: { customer: score, agent: score },
  categories: ["PortalIssue"],
  stale: false,
  callStartedAt: NOON,
  transcription: "live",
  nextStatus: "Almuerzo",
  capacity: [{ channel: "chat", used: 2, max: 5 }],
  contacts: [CONTACT],
  contactCount: 1,
  listening: [{ agentId: "agent-7", name: "Rosa", since: NOON }],
  today: { handled: 3, missed: 1, averageHandleMs: 60_000, occupancy: 0.5, signedInMs: 3_600_000 },
};

/** Has another value than `FULL` in each field. The type makes sure that no field is missing. */
const OTHER: { [Field in Exclude<keyof AgentRow, "agentId">]: AgentRow[Field] } = {
  name: "John",
  status: "on hold",
  sentimentScore: null,
  statusName: null,
  since: NOON + 1,
  contactId: null,
  channel: "chat",
  queue: null,
  routingProfile: null,
  groups: ["Ventas", "Soporte"],
  sentiment: { customer: { ...score, quarters: [1, 2, null, null] }, agent: score },
  categories: [],
  stale: true,
  callStartedAt: null,
  transcription: "lost",
  nextStatus: null,
  capacity: [],
  contacts: [{ ...CONTACT, sentimentScore: 1.1 }],
  contactCount: 2,
  listening: [],
  today: null,
};

describe("A row of an agent", () => {
  it.each(Object.entries(OTHER))("SEQ-1 takes the next seq when only its %s changes, and a patch carries it.", (field, value) => {
    const agents = new Board("e").addCollection(AGENTS);
    agents.change("agent-1", FULL);
    const after: AgentRow = { ...FULL, [field]: value };
    expect(agents.change("agent-1", structuredClone(FULL))).toBeUndefined();
    expect(agents.change("agent-1", after)?.row.seq).toBe(2);
    const fields = new Set(agents.changedFields(FULL, after));
    expect([...fields]).toEqual([field]);
    expect(AGENTS.toPatch(after, fields, NOON)).toMatchObject({ agentId: "agent-1", [field]: value });
  });

  it("has every public field but the duration, which grows by itself.", () => {
    const wire = Object.keys(agentSchema.entries).filter((field) => field !== "duration");
    expect([...AGENTS.fields].sort()).toEqual(wire.sort());
  });

  it("is read with defaults for the fields that it lacks, as if an older version had written it.", () => {
    const some = fc.subarray(Object.keys(FULL).filter((field) => field !== "agentId"));
    fc.assert(
      fc.property(some, (fields) => {
        const stored = Object.fromEntries(Object.entries(FULL).filter(([field]) => !fields.includes(field)));
        const row = AGENTS.parse(stored);
        expect(row).not.toBeNull();
        expect(Object.keys(row ?? {}).sort()).toEqual(Object.keys(FULL).sort());
        expect(row).toMatchObject(stored);
        expect(Array.isArray(row?.groups) && Array.isArray(row?.categories)).toBe(true);
      }),
    );
  });

  it("keeps its other fields when a newer version wrote a value that this one does not know.", () => {
    expect(AGENTS.parse({ ...FULL, status: "on a fax", channel: "fax" })).toEqual({ ...FULL, status: "away", channel: null });
    expect(AGENTS.parse({ ...FULL, agentId: 7 })).toBeNull();
    expect(AGENTS.parse("no row")).toBeNull();
  });
});

describe("ROS-23 The status of an agent on a chat, a task or an e-mail", () => {
  it.each(["chat", "task", "email"] as const)(
    "is `on a contact` on hub.v1 and `on a call` for legacy viewers: %s.",
    (channel) => {
      const row = { ...FULL, channel };
      expect(AGENTS.toWire(row, NOON)).toMatchObject({ status: "on a contact", channel });
      expect(AGENTS.firstRelease?.toLegacyWire(row, NOON)).toMatchObject({ status: "on a call", channel });
    },
  );

  it("is in a patch when only the channel changes.", () => {
    expect(AGENTS.toPatch({ ...FULL, channel: "chat" }, new Set(["channel"]), NOON)).toEqual({
      agentId: "agent-1",
      channel: "chat",
      status: "on a contact",
    });
  });

  it("stays a call without a channel, and stays a hold or after call work on every channel.", () => {
    expect(AGENTS.toWire({ ...FULL, channel: null }, NOON)).toMatchObject({ status: "on a call" });
    for (const status of ["on hold", "after call work", "ringing", "missed"] as const) {
      expect(AGENTS.toWire({ ...FULL, status, channel: "chat" }, NOON)).toMatchObject({ status });
    }
  });

  it("is stored in the words of the first release, so that a rollback and other relays can read it.", () => {
    expect(AGENTS.parse({ ...FULL, status: "on a contact", channel: "chat" })).toEqual({ ...FULL, channel: "chat" });
  });
});

describe("ROS-24 The contacts of an agent", () => {
  it("are in whole agents and patches of hub.v1, and absent for legacy viewers.", () => {
    expect(AGENTS.toWire(FULL, NOON)).toMatchObject({ contacts: [CONTACT], contactCount: 1 });
    expect(AGENTS.toPatch(FULL, new Set(["contacts"]), NOON)).toEqual({ agentId: "agent-1", contacts: [CONTACT] });
    const legacy = AGENTS.firstRelease?.toLegacyWire(FULL, NOON);
    for (const field of ["contacts", "contactCount", "listening"]) expect(legacy).not.toHaveProperty(field);
  });

  it("lose only the entry that a newer version wrote with an unknown word.", () => {
    const unknown = { ...CONTACT, contactId: "contact-2", channel: "fax" };
    expect(AGENTS.parse({ ...FULL, contacts: [unknown, CONTACT, null, "x"] })?.contacts).toEqual([CONTACT]);
    expect(AGENTS.parse({ ...FULL, contacts: "none" })?.contacts).toEqual([]);
  });
});

describe("TRN-2 The transcription of a call", () => {
  it("is in whole agents and patches of hub.v1, and absent for legacy viewers.", () => {
    expect(AGENTS.toWire(FULL, NOON)).toHaveProperty("transcription", "live");
    expect(AGENTS.toPatch(FULL, new Set(["transcription"]), NOON)).toEqual({ agentId: "agent-1", transcription: "live" });
    expect(AGENTS.firstRelease?.toLegacyWire(FULL, NOON)).not.toHaveProperty("transcription");
  });

  it("is null in a row of an older version, or of a newer one with another word.", () => {
    const { transcription: _, ...older } = FULL;
    expect([AGENTS.parse(older)?.transcription, AGENTS.parse({ ...FULL, transcription: "half" })?.transcription]).toEqual([
      null,
      null,
    ]);
  });
});

describe("FLU-2 The start of a call", () => {
  it("is exact to the millisecond in whole agents and patches of hub.v1, and absent for legacy viewers.", () => {
    const row = { ...FULL, callStartedAt: NOON + 123 };
    expect(AGENTS.toWire(row, NOON + 5_000)).toMatchObject({ callStartedAt: NOON + 123, duration: 4 });
    expect(AGENTS.toPatch(row, new Set(["callStartedAt"]), NOON + 5_000)).toEqual({
      agentId: "agent-1",
      callStartedAt: NOON + 123,
      duration: 4,
    });
    expect(AGENTS.firstRelease?.toLegacyWire(row, NOON + 5_000)).not.toHaveProperty("callStartedAt");
  });
});
