import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import * as v from "valibot";
import { afterEach, describe, expect, test, vi } from "vitest";
import { agentDaySchema } from "../../../protocol/agent-day.ts";
import { call, center, freshInstance, post, posted, ticket } from "../support.ts";
import { agentState, contact } from "../updates.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

interface AskedFor {
  groups?: string[];
  accept?: string;
}

async function askDay(instance: string, path: string, { groups, accept }: AskedFor = {}): Promise<Response> {
  const token = await ticket(instance, groups === undefined ? {} : { groups });
  const headers = { Authorization: `Bearer ${token}`, ...(accept !== undefined && { Accept: accept }) };
  return call(`/v1/instances/${instance}/agents/${path}`, { headers });
}

async function dayOf(instance: string, agentId = "ana") {
  return v.parse(agentDaySchema, await (await askDay(instance, `${agentId}/day`)).json());
}

/** Ana's call of the last minutes, with its score. It began at `start`, epoch ms. */
async function callOfAna(instance: string, start: number, queue = "BasicQueue"): Promise<void> {
  const status = { name: "Available", kind: "routable", since: start };
  const state = (minutes: number, ...contacts: unknown[]) =>
    agentState("ana", { occurredAt: start + minutes * MINUTE, status, groups: ["Ventas"], contacts });
  const onCall = (kind: string, since: number) =>
    contact("call-1", { state: kind, since: start + since * MINUTE, connectedAt: start + MINUTE, queue });
  const quiet = { score: null, quarters: [null, null, null, null] };
  await posted(
    instance,
    state(0),
    state(1, onCall("connected", 1)),
    state(3, onCall("ended", 3)),
    state(4),
    {
      type: "contact.sentiment",
      contactId: "call-1",
      occurredAt: start + 2 * MINUTE,
      customer: { score: -2.5, quarters: [0, -5, null, null] },
      agent: quiet,
      turns: 2,
    },
    { type: "contact.category", contactId: "call-1", name: "PortalIssue", occurredAt: start + 2 * MINUTE },
    { type: "contact.ended", contactId: "call-1", occurredAt: start + 3 * MINUTE },
  );
}

afterEach(() => {
  vi.useRealTimers();
});

describe("GET …/agents/{agentId}/day", () => {
  test("DAY-10 answers with the time spans, the contacts with their scores, and the totals, also after a restart.", async () => {
    const instance = freshInstance();
    // All of it lies within the last five minutes, and a test at midnight would see two days.
    await callOfAna(instance, Date.now() - 5 * MINUTE);
    await evictDurableObject(center(instance));
    const { contacts, totals, date, from, to, serverTime, median } = await dayOf(instance);
    expect(contacts).toMatchObject([
      {
        contactId: "call-1",
        talkMs: 2 * MINUTE,
        afterCallMs: MINUTE,
        sentiment: { score: -2.5, quarters: [0, -5, null, null] },
        categories: ["PortalIssue"],
        transcript: false,
      },
    ]);
    expect(totals).toMatchObject({ handled: 1, missed: 0, averageHandleMs: 3 * MINUTE });
    expect(median).toMatchObject({ handled: 1, averageHandleMs: 3 * MINUTE });
    expect([from <= serverTime && serverTime < to, date]).toEqual([true, new Date(from).toISOString().slice(0, 10)]);
    const board = await (await askDay(instance, "../agents")).json();
    expect(board).toMatchObject({ data: [{ agentId: "ana", today: { handled: 1, averageHandleMs: 3 * MINUTE } }] });
  });

  test("DAY-10 answers with CSV on request, and no cell of it is a formula.", async () => {
    const instance = freshInstance();
    await callOfAna(instance, Date.now() - 5 * MINUTE, '=HYPERLINK("http://evil")');
    const response = await askDay(instance, "ana/day", { accept: "text/csv" });
    expect(response.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    const [head, ...lines] = (await response.text()).trim().split("\r\n");
    expect(head).toBe(
      "since,until,seconds,kind,status,contactId,channel,queue,answeredAt,talkSeconds,holdSeconds,afterCallSeconds,score,quarters,categories",
    );
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(`120,on a call,,call-1,voice,"'=HYPERLINK(""http://evil"")"`);
    expect(lines[2]).toMatch(/,120,0,60,-2\.5,0\|-5\|\|,PortalIssue$/);
  });

  test("DAY-10 writes no cell that a spreadsheet runs after a blank, a sign without a width or a semicolon.", async () => {
    for (const start of [" =", "\u200B=", "\uFF1D", "Sales;="]) {
      const instance = freshInstance();
      await callOfAna(instance, Date.now() - 5 * MINUTE, `${start}1+1`);
      const response = await askDay(instance, "ana/day", { accept: "text/csv" });
      const cells = (await response.text()).split(/[",;\r\n]+/);
      expect(cells.filter((cell) => /^[\s\u200B]*[=\uFF1D]/u.test(cell))).toEqual([]);
      expect(cells.some((cell) => cell.includes("1+1"))).toBe(true);
    }
  });

  test("DAY-11 answers the same 404 for an agent out of sight as for an unknown one, and 400 for a wrong date.", async () => {
    const instance = freshInstance();
    await callOfAna(instance, Date.now() - 5 * MINUTE);
    const hidden = await askDay(instance, "ana/day", { groups: ["Soporte"] });
    const unknown = await askDay(instance, "nobody/day", { groups: ["Soporte"] });
    expect([hidden.status, await hidden.text()]).toEqual([404, await unknown.text()]);
    expect(unknown.status).toBe(404);
    expect((await askDay(instance, "ana/day", { groups: ["Ventas"] })).status).toBe(200);
    for (const date of ["yesterday", "2026-02-30", "2026-13-01", ""]) {
      const wrong = await askDay(instance, `ana/day?date=${date}`);
      expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: "invalid_date", path: "date" }]);
    }
    const other = await askDay(instance, "ana/day?date=2026-01-01");
    expect(await other.json()).toMatchObject({ date: "2026-01-01", spells: [], contacts: [], median: null });
    expect((await call(`/v1/instances/${instance}/agents/ana/day`)).status).toBe(401);
    expect((await call(`/v1/instances/${instance}/agents/ana/day`, { method: "POST" })).status).toBe(405);
  });

  test("DAY-8 An old day is deleted from storage, some rows at a time.", async () => {
    const instance = freshInstance();
    await callOfAna(instance, Date.now() - 5 * MINUTE);
    const count = () =>
      runInDurableObject(center(instance), (_, { storage }) => {
        const rows = (table: string) => storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n;
        return [rows("agent_hours"), rows("contact_notes")];
      });
    const kept = (await count())[0] ?? 0;
    await runInDurableObject(center(instance), (_, { storage }) => {
      for (let row = 0; row < 2_500; row += 1)
        storage.sql.exec("INSERT INTO agent_hours VALUES (?, ?, '{}')", Date.now() - 9 * DAY - (row % 5) * MINUTE, `old-${row}`);
      storage.sql.exec("INSERT INTO contact_notes VALUES ('old', ?, '{}')", Date.now() - 9 * DAY);
    });
    await runDurableObjectAlarm(center(instance));
    expect(await count()).toEqual([kept + 500, 0]);
    await runDurableObjectAlarm(center(instance));
    expect(await count()).toEqual([kept, 0]);
  });

  test("DAY-12 An erasure of an agent takes its days and what is noted of their contacts.", async () => {
    const instance = freshInstance();
    await callOfAna(instance, Date.now() - 5 * MINUTE);
    await posted(instance, agentState("luis", { occurredAt: Date.now() }));
    await runInDurableObject(center(instance), (_, { storage }) => {
      for (const id of ["call-1", "call-2"]) storage.sql.exec("INSERT INTO contact_notes VALUES (?, ?, '{}')", id, Date.now());
    });
    await post(instance, null, { path: "erasures", body: JSON.stringify({ agentId: "ana" }) });
    const left = await runInDurableObject(center(instance), (_, { storage }) => [
      ...storage.sql.exec<{ id: string }>("SELECT DISTINCT agent_id AS id FROM agent_hours"),
      ...storage.sql.exec<{ id: string }>("SELECT contact_id AS id FROM contact_notes"),
    ]);
    expect(left.map(({ id }) => id)).toEqual(["luis", "call-2"]);
    expect((await askDay(instance, "ana/day")).status).toBe(404);
  });

  test("DAY-10 Who asks for more days than its share waits, because each is compared with the days of all agents.", async () => {
    const instance = freshInstance();
    for (let from = 0; from < 1000; from += 500)
      await posted(instance, ...Array.from({ length: 500 }, (_, index) => agentState(`agent-${from + index}`)));
    const ask = (subject: string, question: object = { what: "day", agentId: "agent-1", date: null }) =>
      center(instance).ask({ subject, name: "", filter: null, ticket: null }, question);
    // The clock stands still, so that the share does not grow meanwhile. The previews use up most of it.
    vi.useFakeTimers({ toFake: ["Date"] });
    const previews = Array.from({ length: 7 }, () => ask("ana", { what: "preview-rules", rules: [] }));
    const answers = await Promise.all([...previews, ...Array.from({ length: 200 }, () => ask("ana"))]);
    const refused = answers.filter((answer) => !answer.ok);
    expect(refused.length).toBeGreaterThan(20);
    expect(refused[0]).toMatchObject({ status: 429, error: "too_many_requests" });
    expect(await ask("eva")).toMatchObject({ ok: true });
  });
});
