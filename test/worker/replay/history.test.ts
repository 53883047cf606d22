import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { call, center, freshInstance, post, posted, ticket } from "../support.ts";
import { agentState, contact } from "../updates.ts";

interface PastAgent {
  agentId: string;
  name?: string;
  status?: string;
}
interface PastList {
  historic: boolean;
  at: number;
  serverTime: number;
  data: PastAgent[];
  queues: object[];
  alerts: object[];
}
interface PastChange {
  at: number;
  data: PastAgent[];
  removed: string[];
  complete?: boolean;
}

async function ask(instance: string, query: string, groups?: string[]): Promise<Response> {
  const token = await ticket(instance, groups === undefined ? {} : { groups });
  return call(`/v1/instances/${instance}/history?${query}`, { headers: { authorization: `Bearer ${token}` } });
}

async function boardAt(instance: string, at: number, groups?: string[]): Promise<PastList> {
  const response = await ask(instance, `at=${at}`, groups);
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
  return response.json();
}

const statuses = ({ data }: PastList) => Object.fromEntries(data.map(({ agentId, status }) => [agentId, status]));

/** Waits until the clock has moved on, so that moments before and after differ. */
async function nextMoment(): Promise<number> {
  const before = Date.now();
  while (Date.now() <= before + 1) await new Promise((resolve) => setTimeout(resolve, 2));
  return before + 1;
}

/** Waits until the first keyframe is stored, which happens between posts. */
async function keyframeStored(instance: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await storedTexts(instance, "replay_keyframes")).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("No keyframe was stored.");
}

function storedTexts(instance: string, table: string): Promise<string[]> {
  return runInDurableObject(center(instance), (_, { storage }) =>
    storage.sql
      .exec(`SELECT * FROM ${table}`)
      .toArray()
      .map((row) => JSON.stringify(row)),
  );
}

/** Ana is free, then talks, then is gone. Returns a moment of each. */
async function playDay(instance: string): Promise<{ free: number; talks: number; gone: number }> {
  const occurredAt = Date.now();
  await posted(instance, agentState("ana", { occurredAt, groups: ["Ventas"] }));
  await keyframeStored(instance);
  const free = await nextMoment();
  await posted(instance, agentState("ana", { occurredAt: occurredAt + 1, groups: ["Ventas"], contacts: [contact("call-1")] }));
  const talks = await nextMoment();
  await posted(instance, { type: "agent.removed", agentId: "ana", occurredAt: occurredAt + 2 });
  const gone = await nextMoment();
  return { free, talks, gone };
}

describe("The board of the past", () => {
  it("HIS-1 Each moment shows the board that was there, also after the hub has slept.", async () => {
    const instance = freshInstance();
    const { free, talks, gone } = await playDay(instance);
    for (let round = 0; round < 2; round += 1) {
      expect(statuses(await boardAt(instance, free))).toEqual({ ana: "available" });
      expect(statuses(await boardAt(instance, talks))).toEqual({ ana: "on a call" });
      expect(await boardAt(instance, gone)).toMatchObject({ historic: true, at: gone, data: [], queues: [], alerts: [] });
      await evictDurableObject(center(instance));
    }
    await posted(instance, agentState("eva", { occurredAt: Date.now() }));
    expect(statuses(await boardAt(instance, talks))).toEqual({ ana: "on a call" });
    expect(statuses(await boardAt(instance, await nextMoment()))).toEqual({ eva: "available" });
  });

  it("HIS-2 A span begins with the board of its first moment and has each change with its time.", async () => {
    const instance = freshInstance();
    const { free, gone } = await playDay(instance);
    const response = await ask(instance, `from=${free}&to=${gone}`);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
    const [first, ...changes] = (await response.text()).trimEnd().split("\n");
    const board: PastList = JSON.parse(first ?? "");
    expect([board.historic, board.at, statuses(board)]).toEqual([true, free, { ana: "available" }]);
    const all: PastChange[] = changes.map((line) => JSON.parse(line));
    expect(all.map(({ data, removed }) => [data.map(({ status }) => status), removed])).toEqual([
      [["on a call"], []],
      [[], ["ana"]],
      [[], []],
    ]);
    expect(all.at(-1)).toEqual({ at: gone, data: [], removed: [], complete: true });
    expect(all.every(({ at }) => at > free && at <= gone)).toBe(true);
  });

  it("HIS-3 A viewer sees the rows that were in its groups then, and not the past of an agent who came later.", async () => {
    const instance = freshInstance();
    const occurredAt = Date.now();
    await posted(instance, agentState("ana", { occurredAt, groups: ["Ventas"] }));
    await keyframeStored(instance);
    const before = await nextMoment();
    await posted(instance, agentState("ana", { occurredAt: occurredAt + 1, groups: ["Soporte"] }));
    const after = await nextMoment();
    expect((await boardAt(instance, before, ["Soporte"])).data).toEqual([]);
    expect((await boardAt(instance, before, ["Ventas"])).data).toHaveLength(1);
    expect((await boardAt(instance, after, ["Ventas"])).data).toEqual([]);
    expect((await boardAt(instance, after, [])).data).toEqual([]);
    const text = await (await ask(instance, `from=${before}&to=${after}`, ["Soporte"])).text();
    const changes: PastChange[] = text
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => JSON.parse(line));
    // It enters whole, as on the live board.
    expect(changes[0]?.data[0]).toMatchObject({ agentId: "ana", name: expect.any(String), status: "available" });
    const left = await (await ask(instance, `from=${before}&to=${after}`, ["Ventas"])).text();
    expect(JSON.parse(left.split("\n")[1] ?? "")).toMatchObject({ data: [], removed: ["ana"] });
  });

  it("HIS-4 A wrong time is refused in a plain sentence.", async () => {
    const instance = freshInstance();
    await playDay(instance);
    const now = Date.now();
    const refusals: [query: string, status: number, error: string][] = [
      ["", 400, "invalid_query"],
      ["at=yesterday", 400, "invalid_query"],
      [`at=${now}&from=1&to=2`, 400, "invalid_query"],
      [`at=${now + 60_000}`, 400, "invalid_query"],
      [`from=${now}&to=${now - 1}`, 400, "invalid_query"],
      [`from=${now - 7_200_000}&to=${now}`, 400, "invalid_query"],
      [`at=${now - 60_000}`, 404, "not_kept"],
      ["at=0", 404, "not_kept"],
      [`from=${now - 60_000}&to=${now}`, 404, "not_kept"],
    ];
    for (const [query, status, error] of refusals) {
      const response = await ask(instance, query);
      const body = await response.json<{ error: string; message: string }>();
      expect([query, response.status, body.error]).toEqual([query, status, error]);
      expect(body.message).toMatch(/^[A-Z].*\.$/);
    }
    const stranger = await call(`/v1/instances/${instance}/history?at=${now}`, {});
    expect(stranger.status).toBe(401);
  });

  it("HIS-5 Whoever asks for more than its share waits, and others are answered.", async () => {
    const instance = freshInstance();
    const names = Array.from({ length: 450 }, (_, index) => `agent-${index}`);
    const groups = Array.from({ length: 20 }, (_, index) => `a group with a long name, number ${index}`);
    await posted(instance, ...names.map((name) => agentState(name, { groups })));
    await keyframeStored(instance);
    const at = Date.now();
    const answers: number[] = [];
    for (let index = 0; index < 12; index += 1) answers.push((await ask(instance, `at=${at}`)).status);
    expect(answers[0]).toBe(200);
    expect(answers.at(-1)).toBe(429);
    const other = await ticket(instance, { subject: "somebody else" });
    const headers = { authorization: `Bearer ${other}` };
    expect((await call(`/v1/instances/${instance}/history?at=${at}`, { headers })).status).toBe(200);
  });

  it("HIS-9 Rows that get no more lines are compressed, and are read as before.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("ana"));
    await keyframeStored(instance);
    const names = Array.from({ length: 100 }, (_, index) => `agent-${index}`);
    await posted(instance, ...names.map((name) => agentState(name)));
    await posted(instance, agentState("eva"));
    const packed = () =>
      runInDurableObject(center(instance), (_, { storage }) =>
        storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM replay_log WHERE typeof(lines) = 'blob'").one(),
      );
    await expect.poll(async () => (await packed()).n).toBe(1);
    expect((await boardAt(instance, await nextMoment())).data).toHaveLength(102);
  });

  it("HIS-9 A post that fills a row of its own is compressed at once, and is read as before.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("ana"));
    await keyframeStored(instance);
    const names = (kind: string) => Array.from({ length: 100 }, (_, index) => agentState(`${kind}-${index}`));
    await posted(instance, ...names("first"));
    await posted(instance, ...names("second"));
    const kinds = await runInDurableObject(center(instance), (_, { storage }) =>
      storage.sql.exec<{ kind: string }>("SELECT typeof(lines) AS kind FROM replay_log ORDER BY id").toArray(),
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(["blob", "blob"]);
    await posted(instance, agentState("eva"));
    expect((await boardAt(instance, await nextMoment())).data).toHaveLength(202);
  });

  it("HIS-6 After an erasure nothing in the storage names the person, and a new log begins.", async () => {
    const instance = freshInstance();
    const { talks } = await playDay(instance);
    await posted(instance, agentState("eva", { occurredAt: Date.now() }));
    expect((await storedTexts(instance, "replay_log")).join()).toContain("ana");
    const answer = await post(instance, null, { path: "erasures", body: JSON.stringify({ agentId: "ana" }) });
    expect(answer.status).toBe(200);
    await keyframeStored(instance);
    const texts = [...(await storedTexts(instance, "replay_log")), ...(await storedTexts(instance, "agents"))].join();
    expect(texts).not.toContain("ana");
    expect((await ask(instance, `at=${talks}`)).status).toBe(404);
    expect(statuses(await boardAt(instance, await nextMoment()))).toEqual({ eva: "available" });
  });

  it("HIS-7 The log has no words of a call.", async () => {
    const instance = freshInstance();
    await playDay(instance);
    await posted(instance, {
      type: "contact.turn",
      contactId: "call-1",
      initialContactId: null,
      turnId: "t1",
      role: "customer",
      beginMs: 0,
      endMs: 10,
      text: "secret words",
      final: true,
      sentiment: null,
      occurredAt: Date.now(),
    });
    expect((await storedTexts(instance, "replay_log")).join()).not.toContain("secret");
  });
});
