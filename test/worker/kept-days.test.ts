import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type AgentDay, agentDaySchema } from "../../protocol/agent-day.ts";
import released from "../fixtures/days-0.1.json";
import { live } from "./passing-time.ts";
import { call, center, freshInstance, post, posted, ticket } from "./support.ts";
import { agentState, contact, sentiment } from "./updates.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A day to come: the runtime runs an alarm at once whose time its own clock has passed. The settings of the tests keep seven days, in UTC. */
const THREE = Date.UTC(2040, 10, 23, 15);
const DATE = "2040-11-23";
const at = (minutes: number) => THREE + minutes * MINUTE;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(THREE);
});
afterEach(() => {
  vi.useRealTimers();
});

async function dayOf(instance: string, agentId = "ana"): Promise<AgentDay> {
  const headers = { Authorization: `Bearer ${await ticket(instance)}` };
  const response = await call(`/v1/instances/${instance}/agents/${agentId}/day?date=${DATE}`, { headers });
  return v.parse(agentDaySchema, await response.json());
}

/** Table -> its number of rows of the first day, as SQLite has them. */
function rowsOfDay(instance: string): Promise<number[]> {
  return runInDurableObject(center(instance), (_, { storage: { sql } }) => {
    const count = (query: string) => sql.exec<{ n: number }>(query, at(24 * 60 - 15 * 60)).one().n;
    return [
      count("SELECT count(*) AS n FROM agent_hours WHERE hour < ?"),
      count("SELECT count(*) AS n FROM contact_notes WHERE at < ?"),
    ];
  });
}

/** Gives an instance the rows of the first release. */
async function restoreReleased(instance: string): Promise<void> {
  for (const [part, page] of released.tables.entries()) {
    const last = part === released.tables.length - 1;
    const body = JSON.stringify({ restoreId: "released", part, last, ...page });
    expect((await post(instance, null, { path: "restores", body })).status).toBe(200);
  }
}

/** Ana's call with a hold, its score and a category, and a call that she missed. */
async function workOfAna(instance: string): Promise<void> {
  const state = (minutes: number, ...contacts: unknown[]) =>
    agentState("ana", {
      occurredAt: at(minutes),
      status: { name: "Available", kind: "routable", since: THREE },
      groups: ["Ventas"],
      contacts,
    });
  const held = (kind: string, since: number, contactId = "call-1", connectedAt: number | null = at(1)) =>
    contact(contactId, { state: kind, since: at(since), connectedAt });
  await posted(
    instance,
    state(0),
    state(1, held("connected", 1)),
    state(2, held("hold", 2)),
    state(3, held("connected", 3)),
    sentiment("call-1", -2.5, { occurredAt: at(4) }),
    { type: "contact.category", contactId: "call-1", name: "PortalIssue", occurredAt: at(4) },
    state(5, held("ended", 5)),
    { type: "contact.ended", contactId: "call-1", occurredAt: at(5) },
    state(6),
    { type: "agent.heartbeat", agentId: "ana", occurredAt: at(8), snapshot: { ...state(8) } },
    state(10, held("missed", 10, "call-2", null)),
    state(11),
    agentState("ana", { occurredAt: at(20), status: { name: "Almuerzo", kind: "custom", since: at(20) }, groups: ["Ventas"] }),
    agentState("ana", {
      occurredAt: at(30),
      signedIn: false,
      status: { name: "Offline", kind: "offline", since: at(30) },
      groups: ["Ventas"],
    }),
  );
}

describe("The days that a hub keeps", () => {
  test("DAY-8 A note on a contact lives as long as its day, and is gone from the storage with it.", async () => {
    const instance = freshInstance();
    vi.setSystemTime(at(31));
    await workOfAna(instance);
    await live(instance, 60 * MINUTE);
    const first = await dayOf(instance);
    expect(first.contacts[0]).toMatchObject({ contactId: "call-1", sentiment: { score: -2.5 }, categories: ["PortalIssue"] });
    const [hours, notes] = await rowsOfDay(instance);
    expect([hours, notes]).toEqual([1, 1]);
    for (let day = 1; day <= 7; day += 1) {
      await live(instance, DAY);
      await evictDurableObject(center(instance));
      const { contacts, totals } = await dayOf(instance);
      expect([contacts, totals]).toEqual([first.contacts, first.totals]);
      expect(await rowsOfDay(instance)).toEqual([1, 1]);
    }
    await live(instance, DAY);
    expect(await rowsOfDay(instance)).toEqual([0, 0]);
    expect((await dayOf(instance)).contacts).toEqual([]);
  });

  test("DAT-1 Days that the first release wrote are the same after they are restored, and after a restart.", async () => {
    const instance = freshInstance();
    vi.setSystemTime(at(120));
    await restoreReleased(instance);
    expect(await dayOf(instance)).toMatchObject(released.day);
    await evictDurableObject(center(instance));
    expect(await dayOf(instance)).toMatchObject(released.day);
  });

  test("DAT-1 Days that the first release wrote go on with later news.", async () => {
    const instance = freshInstance();
    vi.setSystemTime(at(31));
    await restoreReleased(instance);
    // All of it is told again, and one status more.
    await workOfAna(instance);
    await posted(instance, agentState("ana", { occurredAt: at(31), groups: ["Ventas"] }));
    const { totals, contacts } = await dayOf(instance);
    expect([totals, contacts]).toMatchObject([released.day.totals, released.day.contacts]);
  });
});
