import { expect } from "vitest";
import type { BoardRow } from "../../core/board/collection.ts";
import { newRecord } from "../../core/state/agent-record.ts";
import type { AgentRow } from "../../core/state/agent-row.ts";
import { newContact } from "../../core/state/contact-record.ts";
import type { StateStore, StoredState } from "../../core/state/ports.ts";
import { anAgentState, aSentiment, aTurn, NOON } from "../support/updates.ts";

export interface PersistentStore extends StateStore {
  load(newEpoch: string): StoredState;
}

interface Clause {
  title: string;
  /** Checks one rule. `open` reopens the same storage each time, as a hub does after it wakes. It is empty at first. */
  check(open: () => PersistentStore): void;
}

const { type: _, ...body } = anAgentState();
const record = {
  ...newRecord("agent-1"),
  state: body,
  heartbeatAt: NOON,
  heldSince: { "contact-1": NOON },
  expiredContacts: ["contact-1"],
};
const row: BoardRow<AgentRow> = {
  key: "agent-1",
  seq: 7,
  left: { Ventas: 3, "Sí, «claro»": 5 },
  value: {
    agentId: "agent-1",
    name: "Jane Doe ñ 🥪 'quoted'",
    status: "on a call",
    sentimentScore: -2.5,
    statusName: "Available",
    since: NOON,
    contactId: "contact-1",
    channel: "voice",
    queue: null,
    routingProfile: null,
    groups: ["Ventas"],
    sentiment: null,
    categories: ["PortalIssue"],
    stale: false,
    callStartedAt: NOON,
    transcription: "live",
    nextStatus: "Almuerzo",
    capacity: [{ channel: "chat", used: 2, max: 5 }],
    contacts: [],
    contactCount: 1,
    listening: [{ agentId: null, name: null, since: NOON }],
    today: { handled: 3, missed: 1, averageHandleMs: 60_000, occupancy: 0.5, signedInMs: 3_600_000 },
  },
};
const agentsOf = (store: PersistentStore) => [...store.load("unused").agents];
const contactsOf = (store: PersistentStore) => [...store.load("unused").contacts];

/** The rules that every store of the hub must keep. The test of each store runs them. */
export const STORE_CONTRACT: readonly Clause[] = [
  {
    title: "SEQ-2 The store keeps the first epoch that it was given.",
    check(open) {
      const { epoch } = open().load("first");
      expect(open().load("second").epoch).toBe(epoch);
      expect(open().load("third")).toMatchObject({ oldestResumableSeq: 0, listing: { takenAt: 0 } });
    },
  },
  {
    title: "ROS-1 The store returns each agent as it was saved last.",
    check(open) {
      open().saveAgent(record, undefined);
      expect(agentsOf(open())).toEqual([{ record, row: null }]);
      open().saveAgent(record, row);
      expect(agentsOf(open())).toEqual([{ record, row }]);
      const tombstone = { ...row, seq: 8, value: null };
      open().saveAgent(record, tombstone);
      expect(agentsOf(open())).toEqual([{ record, row: tombstone }]);
    },
  },
  {
    title: "TIM-4 The store deletes an agent and keeps the oldest resumable seq.",
    check(open) {
      open().saveAgent(record, row);
      open().saveAgent({ ...record, agentId: "agent-2" }, undefined);
      open().deleteAgent("agent-1", 7);
      expect(agentsOf(open()).map((agent) => agent.record.agentId)).toEqual(["agent-2"]);
      expect(open().load("unused").oldestResumableSeq).toBe(7);
    },
  },
  {
    title: "TIM-3 The store returns each contact as it was saved last, and deletes a contact with its own turns only.",
    check(open) {
      const contact = {
        ...newContact("contact-1"),
        sentiment: aSentiment(3.1),
        categories: { "Ñ'; --": NOON },
        groups: ["Ventas"],
      };
      const other = newContact("contact-2");
      for (const one of [newContact("contact-1"), contact, other]) open().saveContact(one);
      expect(contactsOf(open()).sort((a, b) => (a.contactId < b.contactId ? -1 : 1))).toEqual([contact, other]);
      for (const contactId of ["contact-1", "contact-2"]) open().saveTurn(aTurn({ contactId }));
      open().deleteContact("contact-1");
      expect(contactsOf(open())).toEqual([other]);
      expect(open().turns("contact-1")).toEqual([]);
      expect(open().turns("contact-2")).toHaveLength(1);
    },
  },
  {
    title: "SEQ-1 The store returns the newest row of an agent, whether its own row or a contact of it carries that.",
    check(open) {
      const contact = newContact("contact-1");
      const carried = { ...row, seq: 9, value: row.value && { ...row.value, sentimentScore: 4, transcription: null } };
      open().saveAgent(record, row);
      const store = open();
      store.load("unused");
      store.carryRow("contact-1", carried);
      store.saveContact(contact);
      expect(agentsOf(open())).toEqual([{ record, row: carried }]);
      expect(contactsOf(open())).toEqual([contact]);
      const next = open();
      next.load("unused");
      next.saveContact({ ...contact, groups: ["Ventas"] });
      expect(agentsOf(open())).toEqual([{ record, row: carried }]);
      const last = open();
      last.load("unused");
      last.deleteContact("contact-1");
      expect(agentsOf(open())).toEqual([{ record, row: carried }]);
      const own = { ...row, seq: 10 };
      open().saveAgent(record, own);
      expect(agentsOf(open())).toEqual([{ record, row: own }]);
    },
  },
  {
    title: "SEN-6 The store leaves nothing of an agent's row with a contact when the rows land.",
    check(open) {
      const carried = { ...row, seq: 9, value: row.value && { ...row.value, sentimentScore: 4 } };
      open().saveAgent(record, row);
      const store = open();
      store.load("unused");
      store.carryRow("contact-1", carried);
      store.saveContact(newContact("contact-1"));
      store.landRows();
      store.saveAgent({ ...record, heartbeatAt: NOON + 1 }, row);
      expect(agentsOf(open())[0]?.row).toEqual(row);
    },
  },
  {
    title: "TRA-2 The store keeps one turn per contact and turn id, the one that was saved last.",
    check(open) {
      const partial = aTurn({ final: false, text: "Es la…" });
      open().saveTurn(partial);
      expect(open().turn("contact-1", "turn-1")).toEqual(partial);
      open().saveTurn(aTurn());
      open().saveTurn(aTurn({ turnId: "turn-2" }));
      open().saveTurn(aTurn({ contactId: "contact-2" }));
      expect(open().turn("contact-1", "turn-1")).toEqual(aTurn());
      expect(open().turns("contact-1")).toHaveLength(2);
      expect(open().turn("contact-1", "turn-9")).toBeNull();
      expect(open().turns("contact-9")).toEqual([]);
    },
  },
  {
    title: "TRA-9 The store tells how much it has of a transcript, and deletes one turn.",
    check(open) {
      expect(open().turnsSize("contact-1")).toEqual({ turns: 0, length: 0 });
      const turns = [aTurn({ turnId: "1" }), aTurn({ turnId: "2", text: "ñ" }), aTurn({ contactId: "contact-2", turnId: "1" })];
      for (const turn of turns) open().saveTurn(turn);
      const length = turns.slice(0, 2).reduce((sum, turn) => sum + JSON.stringify(turn).length, 0);
      expect(open().turnsSize("contact-1")).toEqual({ turns: 2, length });
      open().deleteTurn("contact-1", "1");
      open().deleteTurn("contact-1", "unknown");
      expect(open().turns("contact-1")).toMatchObject([{ turnId: "2" }]);
      expect(open().turns("contact-2")).toHaveLength(1);
      expect(open().turnsSize("contact-1")).toEqual({ turns: 1, length: JSON.stringify(turns[1]).length });
    },
  },
  {
    title: "ALR-12 The store counts the customer's final turns that have words, of one contact.",
    check(open) {
      expect(open().customerTurns("contact-1")).toBe(0);
      open().saveTurn(aTurn({ turnId: "1" }));
      open().saveTurn(aTurn({ turnId: "2", text: "Ñ'" }));
      open().saveTurn(aTurn({ turnId: "3", final: false }));
      open().saveTurn(aTurn({ turnId: "4", text: "" }));
      open().saveTurn(aTurn({ turnId: "5", role: "agent" }));
      open().saveTurn(aTurn({ turnId: "1", contactId: "contact-2" }));
      expect(open().customerTurns("contact-1")).toBe(2);
    },
  },
  {
    title: "ROS-6 The store keeps the list of agents that was saved last.",
    check(open) {
      open().saveListing({ takenAt: NOON, agentIds: new Set(["agent-1"]) });
      open().saveListing({ takenAt: NOON + 1, agentIds: new Set(["agent-2", "agent-3"]) });
      expect(open().load("unused").listing).toEqual({ takenAt: NOON + 1, agentIds: new Set(["agent-2", "agent-3"]) });
    },
  },
  {
    title: "ROS-18 The store keeps the parts of lists until they are deleted by their age.",
    check(open) {
      const part = { takenAt: NOON, part: 2, parts: 3, agentIds: ["agent-1", "'"] };
      const newer = { ...part, takenAt: NOON + 1 };
      for (const each of [part, { ...part, agentIds: ["agent-2"] }, newer]) open().saveListPart(each);
      expect([...open().load("unused").listParts]).toEqual([{ ...part, agentIds: ["agent-2"] }, newer]);
      open().deleteListParts(NOON + 1);
      expect([...open().load("unused").listParts]).toEqual([newer]);
    },
  },
];
