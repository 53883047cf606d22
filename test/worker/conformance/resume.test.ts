import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { center, freshInstance, posted } from "../support.ts";
import { agentState, onCall } from "../updates.ts";
import { TestViewer } from "../viewer.ts";

async function positionNow(instance: string): Promise<{ epoch: string; seq: number }> {
  const viewer = await TestViewer.open(instance);
  await viewer.until((v) => v.epoch !== "", "a first frame");
  const position = { epoch: viewer.epoch, seq: viewer.seq };
  viewer.close();
  return position;
}

describe("Resume", () => {
  it("SEQ-5 A viewer that missed nothing resumes with an empty frame.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const position = await positionNow(instance);
    const viewer = await TestViewer.open(instance, { position });
    await viewer.until((v) => v.frames.length > 0);
    expect(viewer.last("resumed")).toMatchObject({ from: position.seq, to: position.seq, data: [], removed: [] });
    viewer.close();
  });

  it.each([
    ["another epoch", (p: { epoch: string; seq: number }) => ({ ...p, epoch: "made-up" })],
    ["a seq that was never given out", (p: { epoch: string; seq: number }) => ({ ...p, seq: p.seq + 1000 })],
  ])("SEQ-6 A viewer that resumes from %s gets the whole list.", async (_, wrong) => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const viewer = await TestViewer.open(instance, { position: wrong(await positionNow(instance)) });
    await viewer.until((v) => v.frames.length > 0);
    expect(viewer.frames[0]?.type).toBe("initialAgentList");
    viewer.close();
  });

  it("SEQ-5 A viewer that resumes gets a change whose object crashed between the answer and the flush.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"), agentState("a2"));
    const position = await positionNow(instance);
    await posted(instance, onCall("a1", "c1"));
    await runInDurableObject(center(instance), (_, state) => state.abort("crash")).catch(() => {});
    const viewer = await TestViewer.open(instance, { position });
    await viewer.until((v) => v.frames.length > 0);
    expect(viewer.last("resumed")).toMatchObject({ from: position.seq, data: [{ agentId: "a1", status: "on a call" }] });
    viewer.close();
  });

  it("SEQ-2 The hub has a new epoch and sends the whole list after its storage was lost.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const position = await positionNow(instance);
    await runInDurableObject(center(instance), async (_, state) => {
      await state.storage.deleteAll();
      state.abort("restart");
    }).catch(() => {});
    await posted(instance, agentState("a2"));
    const viewer = await TestViewer.open(instance, { position });
    await viewer.until((v) => v.agents.has("a2"));
    expect(viewer.epoch).not.toBe(position.epoch);
    expect([...viewer.agents.keys()]).toEqual(["a2"]);
    viewer.close();
  });

  it("SES-15 The hub answers a resync with the whole list.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const viewer = await TestViewer.open(instance);
    await viewer.until((v) => v.frames.length === 1);
    viewer.send({ type: "resync" });
    await viewer.until((v) => v.frames.length === 2);
    expect(viewer.frames[1]).toMatchObject({ type: "initialAgentList", data: [{ agentId: "a1" }] });
    viewer.close();
  });

  it("SEQ-4 A viewer gets every change when the object hibernates between the answer and the flush.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const viewer = await TestViewer.open(instance);
    await viewer.until((v) => v.frames.length === 1);
    await posted(instance, agentState("a2"));
    await posted(instance, agentState("a3"));
    await evictDurableObject(center(instance));
    await posted(instance, agentState("a4"));
    await viewer.until((v) => v.agents.size === 4, "all four agents");
    viewer.close();
  });
});
