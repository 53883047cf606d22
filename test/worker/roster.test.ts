import { evictDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { call, center, freshInstance, post, posted, ticket } from "./support.ts";
import { agentState } from "./updates.ts";

const AGENTS = 4500;
const PARTS = 3;
const id = (index: number) => `agent-${String(index).padStart(5, "0")}`;

/** One of the parts of a list of all agents, without those for whom `leavesOut` is true. */
function partOf(takenAt: number, part: number, leavesOut: (index: number) => boolean = () => false) {
  const indexes = Array.from({ length: AGENTS }, (_, index) => index).filter(
    (index) => index % PARTS === part - 1 && !leavesOut(index),
  );
  const agents = indexes.map((index) => {
    const { type: _, ...body } = agentState(id(index), {
      occurredAt: takenAt,
      status: { name: "Available", kind: "routable", since: 1e12 },
    });
    return body;
  });
  return { type: "roster.snapshot", takenAt, agents, part, parts: PARTS, reportUnlisted: true };
}

async function statuses(instance: string): Promise<Map<string, string>> {
  const headers = { authorization: `Bearer ${await ticket(instance)}` };
  const { data } = await (await call(`/v1/instances/${instance}/agents`, { headers })).json<{
    data: { agentId: string; status: string }[];
  }>();
  return new Map(data.map(({ agentId, status }) => [agentId, status]));
}

it("ROS-18 ING-14 A roster that fits into no single post fills the board, signs agents out, and finds those who are gone.", async () => {
  const instance = freshInstance();
  const begunAt = Date.now() - 60_000;
  for (const part of [2, 3, 1]) {
    const answer = await posted(instance, partOf(begunAt, part));
    expect(answer.unlisted).toEqual(part === 1 ? [] : undefined);
  }
  expect((await statuses(instance)).size).toBe(AGENTS);

  const left = (index: number) => index % 100 === 7;
  await posted(instance, partOf(begunAt + 30_000, 1, left));
  await posted(instance, partOf(begunAt + 30_000, 3, left));
  expect([...(await statuses(instance)).values()].every((status) => status === "available")).toBe(true);
  // The parts outlive the sleep of the object.
  await evictDurableObject(center(instance));
  const { unlisted = [] } = await posted(instance, partOf(begunAt + 30_000, 2, left));
  expect(unlisted.sort()).toEqual(Array.from({ length: 45 }, (_, index) => id(index * 100 + 7)));
  const shown = await statuses(instance);
  expect(
    [...shown]
      .filter(([, status]) => status === "offline")
      .map(([agentId]) => agentId)
      .sort(),
  ).toEqual(unlisted);

  const removed = unlisted.slice(0, 20).map((agentId) => ({ type: "agent.removed", agentId, occurredAt: begunAt + 30_000 }));
  expect(await posted(instance, ...removed)).toMatchObject({ accepted: 20 });
  expect((await statuses(instance)).size).toBe(AGENTS - 20);
});

it("ROS-18 ING-2 A part that cannot be is refused, and changes nothing.", async () => {
  const instance = freshInstance();
  const list = { type: "roster.snapshot", takenAt: Date.now(), agents: [] };
  for (const wrong of [{ part: 2 }, { part: 3, parts: 2 }, { part: 0, parts: 2 }, { part: 1.5, parts: 2 }, { parts: 2 }]) {
    const answer = await post(instance, [{ ...list, ...wrong }]);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: "invalid_update", path: expect.stringMatching(/^updates\[0\]\.parts?$/) });
  }
  expect(await posted(instance, { ...list, part: null, parts: null })).toMatchObject({ accepted: 1 });
});
