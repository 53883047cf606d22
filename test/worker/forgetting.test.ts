import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import architecture from "../../docs/architecture.md?raw";
import { live } from "./passing-time.ts";
import { call, center, freshInstance, post, posted, ticket } from "./support.ts";
import { agentState, onCall, turn } from "./updates.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WEEK = 7 * DAY;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Table -> its number of rows, as SQLite has them. */
function rowCounts(instance: string): Promise<Record<string, number>> {
  return runInDurableObject(center(instance), (_, { storage: { sql } }) => {
    const tables = sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'")
      .toArray();
    return Object.fromEntries(
      tables.map(({ name }) => [name, sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${name}`).one().n]),
    );
  });
}

const bytesOf = (instance: string) => runInDurableObject(center(instance), (_, { storage }) => storage.sql.databaseSize);

/** Two weeks in a center whose staff changes: 10 agents come and never come back, and everything that can be left over is. */
async function liveTwoWeeks(instance: string, week: number): Promise<void> {
  const now = Date.now();
  const names = Array.from({ length: 10 }, (_, index) => `agent-${week}-${index}`);
  await posted(instance, ...names.map((name) => onCall(name, `call-of-${name}`)));
  await posted(instance, ...names.map((name) => turn(`call-of-${name}`, "t1", { occurredAt: now })));
  const ended = { type: "contact.ended", initialContactId: null, occurredAt: now + 1 };
  await posted(instance, ...names.slice(2).map((name) => ({ ...ended, contactId: `call-of-${name}` })));
  await posted(instance, ...names.slice(4).map((name) => agentState(name, { signedIn: false, occurredAt: now + 2 })));
  await posted(instance, { type: "agent.removed", agentId: names[4], occurredAt: now + 3 });
  await posted(instance, ...names.map((name) => ({ type: "agent.heartbeat", agentId: `stranger-${name}`, occurredAt: now })));
  await posted(instance, { type: "roster.snapshot", takenAt: now, agents: [], part: 1, parts: 2 });
  await center(instance).sync(`${instance}/weur/1`, 1, [], null);
  const headers = { Authorization: `Bearer ${await ticket(instance)}` };
  expect((await call(`/v1/instances/${instance}/agents`, { headers })).status).toBe(200);
  await post(instance, null, { path: "revocations", body: JSON.stringify({ subject: `person-${week}` }) });
  await live(instance, 2 * WEEK);
}

describe("A simulated year", () => {
  it("FGT-4 A center whose staff, calls and viewers change all the time has the same storage at any time of the year.", async () => {
    const instance = freshInstance();
    const counts: Record<string, number>[] = [];
    const bytes: number[] = [];
    for (let week = 0; week < 52; week += 2) {
      await liveTwoWeeks(instance, week);
      counts.push(await rowCounts(instance));
      bytes.push(await bytesOf(instance));
    }
    expect(counts[25]).toEqual(counts[8]);
    expect(bytes[25]).toBeLessThanOrEqual(bytes[8] ?? 0);
    await live(instance, 70 * DAY);
    // The feed that finds out that the relay serves nobody goes out after the alarm.
    await expect.poll(async () => (await rowCounts(instance))["relays"]).toBe(0);
    const { meta, ...rest } = await rowCounts(instance);
    // What is left says that the feed is silent.
    expect(Object.entries(rest).filter(([, rows]) => rows > 0)).toEqual([
      ["alerts", 1],
      ["rule_states", 1],
    ]);
    expect(meta).toBeLessThan(8);
    expect(await runInDurableObject(center(instance), (_, state) => state.storage.getAlarm())).toBeNull();
  });
});

describe("The owners of the tables", () => {
  it("The table in docs/architecture.md names who empties each table that SQLite has.", async () => {
    const [section = ""] = architecture.split("## What empties storage\n")[1]?.split("\n## ") ?? [];
    const documented = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, table]) => table);
    expect(documented.sort()).toEqual(Object.keys(await rowCounts(freshInstance())).sort());
  });
});

describe("Ids of posts and tickets", () => {
  it("FGT-5 The id of a post, a ticket or a revocation leaves storage also when nobody comes again.", async () => {
    const instance = freshInstance();
    const headers = { Authorization: `Bearer ${await ticket(instance)}` };
    await call(`/v1/instances/${instance}/agents`, { headers });
    expect((await rowCounts(instance))["tickets"]).toBe(1);
    await live(instance, 17 * MINUTE);
    expect(await rowCounts(instance)).toMatchObject({ posts: 0, tickets: 0, revocations: 0 });
    expect(await runInDurableObject(center(instance), (_, state) => state.storage.getAlarm())).toBeNull();
  });
});

describe("An instance that the settings no longer list", () => {
  it("FGT-6 Its object deletes its whole storage once its agents and calls are forgotten.", async () => {
    const stub = env.CONTACT_CENTER.getByName("removed-instance");
    const state = agentState("a1", { signedIn: false });
    await stub.ingest("post-1", [
      { ...state, type: "agent.state" as const, status: { ...state.status, kind: "routable" as const }, contacts: [] },
    ]);
    await live("removed-instance", 61 * DAY);
    const tables = await runInDurableObject(center("removed-instance"), (_, { storage }) =>
      storage.sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE name NOT GLOB '_cf_*'").toArray(),
    );
    expect(tables).toEqual([]);
  });
});
