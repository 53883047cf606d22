import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { call, center, freshInstance, posted, ticket } from "./support.ts";

function queued(contactId: string, queueId: string) {
  const now = Date.now();
  return { type: "contact.queue", contactId, channel: "voice", queueId, enqueuedAt: now, occurredAt: now };
}

async function queuesOf(instance: string): Promise<{ queueId: string; waiting: number; today: { queued: number } }[]> {
  const headers = { Authorization: `Bearer ${await ticket(instance)}` };
  const answer = await call(`/v1/instances/${instance}/queues`, { headers });
  const { data } = await answer.json<{ data: { queueId: string; waiting: number; today: { queued: number } }[] }>();
  return data;
}

/** Runs SQL in the object, and restarts it. */
async function damage(instance: string, sql: string): Promise<void> {
  await runInDurableObject(center(instance), (_, { storage }) => storage.sql.exec(sql));
  await runInDurableObject(center(instance), (_, state) => state.abort("restart")).catch(() => {});
}

function rowsOf(instance: string, sql: string): Promise<unknown[]> {
  return runInDurableObject(center(instance), (_, { storage }) => storage.sql.exec(sql).toArray());
}

describe("The tables of the queues", () => {
  it("QUE-9 An unreadable contact or quarter is logged and left where it is, and the others are shown.", async () => {
    const instance = freshInstance();
    const logged = vi.spyOn(console, "log");
    await posted(instance, queued("call-1", "q1"), queued("call-2", "q1"));
    await damage(instance, "UPDATE queue_legs SET leg = '{\"contactId\":7}' WHERE contact_id = 'call-1'");
    await posted(instance, queued("call-3", "q1"));
    expect(await queuesOf(instance)).toMatchObject([{ queueId: "q1", waiting: 2, today: { queued: 3 } }]);
    expect(logged.mock.calls.flat().join()).toContain('"table":"queue_legs"');
    expect(await rowsOf(instance, "SELECT leg FROM queue_legs WHERE contact_id = 'call-1'")).toEqual([
      { leg: '{"contactId":7}' },
    ]);
    await damage(instance, "UPDATE queue_buckets SET bucket = 'no json'");
    expect(await queuesOf(instance)).toMatchObject([{ queueId: "q1", waiting: 2 }]);
  });

  it("QUE-9 An unreadable queue stays in its row while the other queues of the row change.", async () => {
    const instance = freshInstance();
    await posted(instance, queued("call-1", "q1"), queued("call-2", "q2"));
    const [row] = await runInDurableObject(center(instance), (_, { storage }) =>
      storage.sql.exec<{ queues: string }>("SELECT queues FROM queues").toArray(),
    );
    const entries: unknown[] = JSON.parse(row?.queues ?? "[]");
    expect(entries).toHaveLength(2);
    const damaged = JSON.stringify([{ record: { queueId: 5 } }, entries[1]]);
    await damage(instance, `UPDATE queues SET queues = '${damaged}'`);
    await posted(instance, queued("call-3", "q2"));
    const [kept] = await runInDurableObject(center(instance), (_, { storage }) =>
      storage.sql.exec<{ queues: string }>("SELECT queues FROM queues").toArray(),
    );
    expect(JSON.parse(kept?.queues ?? "[]")).toContainEqual({ record: { queueId: 5 } });
    expect((await queuesOf(instance)).find(({ queueId }) => queueId === "q2")).toMatchObject({ waiting: 2 });
  });

  it("QUE-9 A contact that is over is read again when its news is repeated.", async () => {
    const instance = freshInstance();
    const call1 = queued("call-1", "q1");
    const ended = { ...call1, endedAt: call1.enqueuedAt + 5000, occurredAt: call1.enqueuedAt + 5000 };
    await posted(instance, ended);
    await damage(instance, "SELECT 1");
    expect((await posted(instance, ended)).accepted).toBe(0);
    expect(await queuesOf(instance)).toMatchObject([{ waiting: 0, today: { queued: 1, abandoned: 1 } }]);
    expect(await rowsOf(instance, "SELECT contact_id FROM queue_legs WHERE over_at IS NOT NULL")).toHaveLength(1);
  });
});
