import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { AGENTS } from "../../core/state/agent-row.ts";
import { SqliteStore } from "../../worker/sqlite-store.ts";
import rows from "../fixtures/rows-0.1.json";
import { center, freshInstance, posted } from "./support.ts";
import { agentState, onCall } from "./updates.ts";
import { TestViewer } from "./viewer.ts";

/** The tables of the first release. They never change, because an upgrade may start from them at any time. */
const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE agents (agent_id TEXT PRIMARY KEY, seq INTEGER, record TEXT NOT NULL, agent TEXT, gone TEXT) WITHOUT ROWID;
  CREATE TABLE contacts (contact_id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE turns (contact_id TEXT, turn_id TEXT, turn TEXT NOT NULL, PRIMARY KEY (contact_id, turn_id)) WITHOUT ROWID;
  CREATE TABLE posts (webhook_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE tickets (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE revocations (subject TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE relays (name TEXT PRIMARY KEY, watching TEXT NOT NULL) WITHOUT ROWID;`;

type Edit = (row: Record<string, unknown>) => Record<string, unknown>;

/** Gives the instance the storage of the first release and restarts its object. `editAgent` changes each agent's public row. */
async function upgrade(instance: string, editAgent: Edit = (row) => row): Promise<void> {
  await runInDurableObject(center(instance), async (_, state) => {
    await state.storage.deleteAll();
    const { sql } = state.storage;
    sql.exec(TABLES);
    for (const [key, value] of Object.entries(rows.meta)) sql.exec("INSERT INTO meta VALUES (?, ?)", key, value);
    for (const { agent_id, seq, record, agent, gone } of rows.agents) {
      const edited = agent === null ? null : JSON.stringify(editAgent(JSON.parse(agent)));
      sql.exec("INSERT INTO agents VALUES (?, ?, ?, ?, ?)", agent_id, seq, record, edited, gone);
    }
    for (const { contact_id, record } of rows.contacts) sql.exec("INSERT INTO contacts VALUES (?, ?)", contact_id, record);
    for (const { contact_id, turn_id, turn } of rows.turns)
      sql.exec("INSERT INTO turns VALUES (?, ?, ?)", contact_id, turn_id, turn);
  });
  await evictDurableObject(center(instance));
}

describe("A hub with the storage of the first release", () => {
  it("SEQ-2 gives the same board under the same epoch after the upgrade, and viewers resume.", async () => {
    const instance = freshInstance();
    await upgrade(instance);
    const viewer = await TestViewer.open(instance, { position: { epoch: "epoch-1", seq: 5 } });
    await viewer.until((v) => v.frames.length > 0);
    expect(viewer.last("resumed")).toMatchObject({ from: 5, removed: ["agent-3"] });
    const polled = await TestViewer.open(instance);
    await polled.until((v) => v.agents.size > 0);
    const latest = {
      nextStatus: null,
      capacity: [],
      transcription: null,
      contacts: [],
      contactCount: 0,
      listening: [],
      today: null,
    };
    const shown = [...polled.agents.values()].map(({ callStartedAt: _, duration: __, ...agent }) => agent);
    const expected = rows.shown.map(({ duration: _, ...agent }) => ({ ...agent, ...latest }));
    expect(shown.sort((a, b) => ((a.agentId ?? "") < (b.agentId ?? "") ? -1 : 1))).toEqual(expected);
    expect(polled.agents.get("agent-1")?.callStartedAt).toBe(1_714_363_532_120);
    viewer.close();
    polled.close();
  });

  it("TRA-1 keeps the turns of a call in progress, under the id of its first contact too.", async () => {
    const instance = freshInstance();
    await upgrade(instance);
    for (const contactId of ["contact-1", "contact-0"]) {
      const { turns, complete } = await center(instance).transcript(contactId);
      expect(turns.map(({ text }) => text)).toContain("¿Bueno? Sí, «dígame».");
      expect(complete).toBe(false);
    }
  });

  it("TIM-2 TIM-4 keeps the expired contacts and the removal times of deleted agents.", async () => {
    const instance = freshInstance();
    await upgrade(instance);
    await runInDurableObject(center(instance), (_, state) => {
      const stored = [...new SqliteStore(state.storage.sql).load("unused").agents];
      const record = (agentId: string) => stored.find((agent) => agent.record.agentId === agentId)?.record;
      expect(record("agent-4")?.expiredContacts).toEqual(["contact-4"]);
      expect(record("agent-3")?.removalReceivedAt).toBeGreaterThan(0);
    });
  });

  it.each(AGENTS.fields.filter((field) => field !== "agentId"))(
    "ING-7 serves posts and viewers after an upgrade that adds the field %s, which no stored row has.",
    async (field) => {
      const instance = freshInstance();
      await upgrade(instance, (row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== field)));
      const answer = await posted(instance, agentState("agent-2", { name: "Ana María" }), onCall("agent-1", "contact-1"));
      expect(answer.accepted).toBe(2);
      const viewer = await TestViewer.open(instance);
      await viewer.until((v) => v.agents.size === 3);
      expect(viewer.agents.get("agent-2")?.name).toBe("Ana María");
      viewer.close();
    },
  );

  it("ING-7 serves posts without the rows that cannot be read, and keeps those rows.", async () => {
    const instance = freshInstance();
    await upgrade(instance);
    await runInDurableObject(center(instance), (_, state) => {
      state.storage.sql.exec("UPDATE agents SET record = '{\"agentId\":7}' WHERE agent_id = 'agent-2'");
      state.storage.sql.exec("UPDATE contacts SET record = 'no JSON' WHERE contact_id = 'contact-9'");
      state.storage.sql.exec("UPDATE turns SET turn = '{}' WHERE turn_id = 'turn-2'");
    });
    await evictDurableObject(center(instance));
    expect((await posted(instance, agentState("agent-1"))).accepted).toBe(1);
    expect((await center(instance).transcript("contact-1")).turns).toHaveLength(1);
    await runInDurableObject(center(instance), (_, state) => {
      expect(state.storage.sql.exec("SELECT count(*) AS n FROM agents").one()["n"]).toBe(4);
    });
  });

  it("SEQ-2 keeps the epoch from a release that did not know what contacts carry, and gives it none after a rollback.", async () => {
    const instance = freshInstance();
    await upgrade(instance);
    const { epoch } = await posted(instance, agentState("agent-1", { name: "Íñigo" }));
    expect(epoch).toBe("epoch-1");
    await runInDurableObject(center(instance), (_, state) => {
      const { sql } = state.storage;
      expect(sql.exec("SELECT value FROM meta WHERE key = 'epoch'").toArray()).toEqual([]);
      // What the older release does when it finds no epoch.
      sql.exec("INSERT INTO meta VALUES ('epoch', 'epoch-2')");
    });
    await evictDurableObject(center(instance));
    for (const name of ["Ana", "Eva"]) expect((await posted(instance, agentState("agent-1", { name }))).epoch).toBe("epoch-2");
  });

  it("keeps the field names of the first release, so that a rollback finds its fields again.", async () => {
    const instance = freshInstance();
    await upgrade(instance);
    await posted(instance, agentState("agent-1", { name: "Íñigo" }), { ...onCall("agent-4", "contact-4") });
    await runInDurableObject(center(instance), (_, state) => {
      const read = (query: string) => JSON.parse(String(state.storage.sql.exec(query).one()["record"]));
      const agent = read("SELECT record FROM agents WHERE agent_id = 'agent-1'");
      expect(Object.keys(agent)).toEqual(expect.arrayContaining(Object.keys(JSON.parse(rows.agents[0]?.record ?? "{}"))));
      const contact = read("SELECT record FROM contacts WHERE contact_id = 'contact-1'");
      expect(Object.keys(contact)).toEqual(expect.arrayContaining(Object.keys(JSON.parse(rows.contacts[0]?.record ?? "{}"))));
    });
  });
});
