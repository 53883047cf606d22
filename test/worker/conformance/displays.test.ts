import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { askDisplays, displayTicket, madeSecret } from "../displays/support.ts";
import { call, center, freshInstance, posted } from "../support.ts";
import { agentState, contact } from "../updates.ts";
import { TestViewer } from "../viewer.ts";

async function openDisplay(instance: string, secret: string): Promise<TestViewer> {
  const viewer = await TestViewer.open(instance, { token: await displayTicket(instance, secret) });
  await viewer.until(({ frames }) => frames.length > 0, "the first frame");
  return viewer;
}

const isClosed = ({ closed }: TestViewer) => closed !== null;

describe("A display on its socket", () => {
  it("DIS-4 It gets the agents of its groups, and may not acknowledge an alert.", async () => {
    const instance = freshInstance();
    const since = Date.now() - 3_600_000;
    const wrapUp = (agentId: string, group: string) =>
      agentState(agentId, { groups: [group], contacts: [contact(`c-${agentId}`, { state: "ended", since })] });
    await posted(instance, wrapUp("a1", "Ventas"), wrapUp("a2", "Soporte"));
    const wall = await openDisplay(instance, await madeSecret(instance, "wall", ["Ventas"]));
    expect([...wall.agents.keys()]).toEqual(["a1"]);
    const [alertId] = wall.alerts.keys();
    wall.send({ type: "acknowledge", alertId });
    await wall.until(({ frames }) => frames.some(({ type }) => type === "error"), "the refusal");
    expect(wall.last("error")).toMatchObject({ code: "not_allowed", alertId });
    wall.close();
  });

  it("DIS-4 It renews its session with a new ticket of the same link.", async () => {
    const instance = freshInstance();
    const secret = await madeSecret(instance, "wall");
    const wall = await openDisplay(instance, secret);
    wall.send({ type: "refresh", ticket: await displayTicket(instance, secret) });
    await wall.until(({ frames }) => frames.some(({ type }) => type === "refreshed"), "the longer session");
    wall.close();
  });

  it("DIS-7 A link that is removed closes its sockets with 4503 and opens none, also after a restart.", async () => {
    const instance = freshInstance();
    const [secret, other] = [await madeSecret(instance, "wall"), await madeSecret(instance, "other")];
    const walls = [await openDisplay(instance, secret), await openDisplay(instance, secret)];
    const stays = await openDisplay(instance, other);
    const [unused, forRefresh, forPoll] = await Promise.all([1, 2, 3].map(() => displayTicket(instance, secret)));
    expect((await askDisplays(instance, "DELETE", "/wall")).status).toBe(200);
    for (const wall of walls) {
      await wall.until(isClosed, "the end");
      expect(wall.closed).toEqual({ code: 4503, reason: "revoked" });
    }
    await evictDurableObject(center(instance));
    const late = await TestViewer.open(instance, { token: unused ?? "" });
    await late.until(isClosed, "the refusal");
    expect([late.closed?.code, late.frames]).toEqual([4503, []]);
    const headers = { Authorization: `Bearer ${forPoll}` };
    expect((await call(`/v1/instances/${instance}/agents`, { headers })).status).toBe(401);
    stays.send({ type: "refresh", ticket: forRefresh });
    await stays.until(isClosed, "the refusal");
    expect(stays.closed?.code).toBe(4503);
  });

  it("DIS-7 A name that is used again signs the old wallboard out, and the new one in.", async () => {
    const instance = freshInstance();
    const old = await openDisplay(instance, await madeSecret(instance, "wall"));
    const secret = await madeSecret(instance, "wall", ["Ventas"]);
    await old.until(isClosed, "the end");
    expect(old.closed?.code).toBe(4503);
    const wall = await openDisplay(instance, secret);
    expect(wall.closed).toBeNull();
    wall.close();
  });
});
