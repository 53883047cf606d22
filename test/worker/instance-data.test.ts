import { evictDurableObject } from "cloudflare:test";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { rowsSchema } from "../../worker/stored-tables.ts";
import { call, center, freshInstance, OTHER_SECRET, post, posted, ticket } from "./support.ts";
import { agentState, contact, turn } from "./updates.ts";
import { TestViewer } from "./viewer.ts";

const pageSchema = v.object({ page: v.nullable(rowsSchema), next: v.nullable(v.unknown()) });
type Page = v.InferOutput<typeof rowsSchema>;
const NOW = Date.now();

async function ask(instance: string, path: string, body: unknown, options: { id?: string } = {}): Promise<Response> {
  return post(instance, null, { path, body: JSON.stringify(body), ...options });
}

async function backup(instance: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let after: unknown = null; ; ) {
    const answer = v.parse(pageSchema, await (await ask(instance, "backups", { after })).json());
    if (answer.page === null) return pages;
    pages.push(answer.page);
    after = answer.next;
  }
}

async function restore(instance: string, pages: readonly Page[], restoreId = "one"): Promise<Response[]> {
  const answers: Response[] = [];
  for (const [part, page] of pages.entries())
    answers.push(await ask(instance, "restores", { restoreId, part, last: part === pages.length - 1, ...page }));
  return answers;
}

/** Returns the board of an instance without what a clock changes. */
async function board(instance: string): Promise<string[]> {
  const headers = { authorization: `Bearer ${await ticket(instance)}` };
  const { data } = await (await call(`/v1/instances/${instance}/agents`, { headers })).json<{ data: { duration: unknown }[] }>();
  return data.map(({ duration: _, ...row }) => JSON.stringify(row)).sort();
}

/** Fills an instance: ana talks in call-1, luis in call-2, eva is free. */
async function fill(instance: string): Promise<void> {
  await posted(
    instance,
    agentState("ana", { occurredAt: NOW, contacts: [contact("call-1")] }),
    agentState("luis", { occurredAt: NOW, contacts: [contact("call-2")] }),
    agentState("eva", { occurredAt: NOW }),
    turn("call-1", "t1", { text: "secret words of ana's call" }),
    turn("call-2", "t1", { text: "words of the other call" }),
  );
}

const textOf = (instance: string) => backup(instance).then((pages) => JSON.stringify(pages));

describe("Backup and restore", () => {
  it("DAT-1 A backup that is restored into another hub shows the same board, also after that hub has slept.", async () => {
    const [from, to] = [freshInstance(), freshInstance()];
    await fill(from);
    await posted(to, agentState("somebody else", { occurredAt: NOW }));
    const answers = await restore(to, await backup(from));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await board(to)).toEqual(await board(from));
    await evictDurableObject(center(to));
    expect(await board(to)).toEqual(await board(from));
    expect((await backup(to)).map(({ table }) => table)).not.toContain("posts");
  });

  it("DAT-1 An open viewer gets the restored board at once, under a new epoch.", async () => {
    const instance = freshInstance();
    await fill(instance);
    const pages = await backup(instance);
    await posted(instance, { type: "agent.removed", agentId: "eva", occurredAt: NOW + 1 });
    const viewer = await TestViewer.open(instance);
    await viewer.until(({ agents }) => agents.size === 2, "the board without eva");
    const { epoch } = viewer;
    await restore(instance, pages);
    await viewer.until(({ agents }) => agents.has("eva"), "eva again");
    expect(viewer.epoch).not.toBe(epoch);
  });

  it("DAT-2 A page of a backup fits into a post, and the pages of 3,000 agents hold each of them once.", async () => {
    const instance = freshInstance();
    for (let start = 0; start < 3000; start += 500)
      await posted(
        instance,
        ...Array.from({ length: 500 }, (_, index) => agentState(`agent-${start + index}`, { occurredAt: NOW })),
      );
    const pages = await backup(instance);
    const agents = pages.filter(({ table }) => table === "agents");
    expect(agents.length).toBeGreaterThan(1);
    for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(700 * 1024);
    const ids = agents.flatMap(({ columns, rows }) => rows.map((row) => row[columns.indexOf("agent_id")]));
    expect(ids).toHaveLength(3000);
    expect(new Set(ids).size).toBe(3000);
  });

  it("DAT-3 A restore that lacks a part, names an unknown table or is unfinished changes nothing.", async () => {
    const instance = freshInstance();
    await fill(instance);
    const before = await board(instance);
    const [page] = await backup(instance);
    const part = { restoreId: "a", part: 1, last: true, ...page };
    expect((await ask(instance, "restores", part)).status).toBe(409);
    expect((await ask(instance, "restores", { ...part, part: 0, table: "sqlite_master" })).status).toBe(400);
    expect((await ask(instance, "restores", { ...part, part: 0, table: 'x"; DROP TABLE agents' })).status).toBe(400);
    expect((await ask(instance, "restores", { ...part, part: 0, columns: ["nothing"] })).status).toBe(400);
    expect((await ask(instance, "restores", { ...part, part: 0, last: false })).status).toBe(200);
    expect(await board(instance)).toEqual(before);
  });
});

describe("Erasure", () => {
  it("DAT-4 The erasure of an agent deletes its rows, its calls and their turns, and nothing of others.", async () => {
    const instance = freshInstance();
    await fill(instance);
    await posted(instance, { type: "roster.snapshot", takenAt: NOW + 1, agents: [] });
    await posted(instance, agentState("ana", { occurredAt: NOW + 2, contacts: [contact("call-1")] }));
    const viewer = await TestViewer.open(instance);
    await viewer.until(({ agents }) => agents.has("ana"), "ana");
    expect(await (await ask(instance, "erasures", { agentId: "ana" })).json()).toEqual({ rows: 4 });
    const left = await textOf(instance);
    expect(left).not.toMatch(/"ana"|secret words|call-1/);
    expect(left).toMatch(/luis/);
    expect(left).toMatch(/eva/);
    await viewer.until(({ agents }) => !agents.has("ana") && agents.size === 2, "a board without ana");
  });

  it("DAT-4 The erasure of an agent that nobody knows deletes nothing.", async () => {
    const instance = freshInstance();
    await fill(instance);
    expect(await (await ask(instance, "erasures", { agentId: "nobody" })).json()).toEqual({ rows: 0 });
    expect(await board(instance)).toHaveLength(3);
  });

  it("DAT-5 The erasure of an instance leaves no row with data, and the hub goes on with the next post.", async () => {
    const instance = freshInstance();
    await fill(instance);
    expect((await ask(instance, "erasures", { everything: true })).status).toBe(200);
    expect(await board(instance)).toEqual([]);
    expect((await backup(instance)).flatMap(({ table, rows }) => (table === "meta" ? [] : rows))).toEqual([]);
    await posted(instance, agentState("new", { occurredAt: NOW }));
    expect(await board(instance)).toHaveLength(1);
  });
});

describe("A request about stored data", () => {
  it("DAT-6 Without a valid signature, with another form or with a used webhook-id it is refused and does nothing.", async () => {
    const instance = freshInstance();
    await fill(instance);
    const everything = JSON.stringify({ everything: true });
    expect((await post(instance, null, { path: "erasures", body: everything, secrets: OTHER_SECRET })).status).toBe(401);
    for (const body of [{}, { agentId: "" }, { everything: false }, { agentId: "ana", everything: true }, { subject: "ana" }])
      expect([body, (await ask(instance, "erasures", body)).status]).toEqual([body, 400]);
    expect((await ask(instance, "backups", { after: 1 })).status).toBe(400);
    expect((await ask(instance, "backups", { after: null }, { id: "same" })).status).toBe(200);
    expect((await ask(instance, "backups", { after: null }, { id: "same" })).status).toBe(409);
    expect((await call(`/v1/instances/${instance}/backups`)).status).toBe(405);
    expect(await board(instance)).toHaveLength(3);
  });
});
