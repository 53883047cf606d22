import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { call, center, freshInstance, post, posted } from "../support.ts";
import { agentState, onCall, sentiment } from "../updates.ts";
import { openSocket, TestViewer } from "../viewer.ts";

describe("From a post to a viewer", () => {
  it("FLU-7 A hub.v1 viewer gets the list of agents and then each change.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1", { name: "Ana Ruiz" }));
    const response = await openSocket(instance);
    expect([response.status, response.headers.get("Sec-WebSocket-Protocol")]).toEqual([101, "hub.v1"]);
    const viewer = await TestViewer.open(instance);
    await viewer.until((v) => v.agents.size === 1);
    expect(viewer.last("initialAgentList")["data"]).toMatchObject([{ agentId: "a1", name: "Ana Ruiz", status: "available" }]);

    await posted(instance, onCall("a1", "c1"), sentiment("c1", -2.5));
    await viewer.until((v) => v.agents.get("a1")?.sentimentScore === -2.5);
    expect(viewer.agents.get("a1")).toMatchObject({ status: "on a call", contactId: "c1", queue: "BasicQueue", duration: 5 });
    expect(viewer.gaps).toEqual([]);
    viewer.close();
  });

  it("FLU-1 Changes within a flush interval come in one frame, with each agent once.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"), agentState("a2"));
    const viewer = await TestViewer.open(instance);
    await viewer.until((v) => v.agents.size === 2);
    for (let round = 1; round <= 20; round += 1) {
      await posted(instance, agentState("a1", { name: `One ${round}` }), agentState("a2", { name: `Two ${round}` }));
    }
    await viewer.until((v) => v.agents.get("a2")?.name === "Two 20");
    const batches = viewer.frames.filter((frame) => frame.type === "agentStatusBatch");
    expect(batches.length).toBeLessThan(20);
    for (const { data } of batches) {
      const ids = Array.isArray(data) ? data.map(({ agentId }) => agentId) : [];
      expect(new Set(ids).size).toBe(ids.length);
    }
    viewer.close();
  });

  it("FLU-8 A client that offers no subprotocol gets the legacy frames.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"), agentState("a2"));
    const viewer = await TestViewer.open(instance, { legacy: true });
    await viewer.until((v) => v.agents.size === 2);
    await posted(instance, onCall("a1", "c1"), { type: "agent.removed", agentId: "a2", occurredAt: Date.now() });
    await viewer.until((v) => v.agents.size === 1 && v.agents.get("a1")?.status === "on a call");
    expect(viewer.frames.map((frame) => frame.type)).toEqual(["initialAgentList", "agentStatusUpdate", "agentRemoved"]);
    viewer.close();
  });

  it("SEQ-2 Viewers and state survive the hub's hibernation.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const viewer = await TestViewer.open(instance);
    await viewer.until((v) => v.agents.size === 1);
    await evictDurableObject(center(instance));
    await posted(instance, onCall("a1", "c1"));
    await viewer.until((v) => v.agents.get("a1")?.status === "on a call");
    await evictDurableObject(center(instance));
    await posted(instance, sentiment("c1", 3));
    await viewer.until((v) => v.agents.get("a1")?.sentimentScore === 3);
    expect(viewer.gaps).toEqual([]);
    viewer.close();
  });

  it("SEQ-5 A viewer that resumes gets only the changes that it missed.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"), agentState("a2"), agentState("a3"));
    const first = await TestViewer.open(instance);
    await first.until((v) => v.agents.size === 3);
    const position = { epoch: first.epoch, seq: first.seq };
    first.close();
    await posted(instance, onCall("a2", "c1"), { type: "agent.removed", agentId: "a3", occurredAt: Date.now() });
    await evictDurableObject(center(instance));
    const second = await TestViewer.open(instance, { position });
    await second.until((v) => v.frames.length > 0);
    expect(second.last("resumed")).toMatchObject({ from: position.seq, data: [{ agentId: "a2" }], removed: ["a3"] });
    second.close();
  });

  it("ING-9 The hub applies a repeated webhook-id once, also after a restart.", async () => {
    const instance = freshInstance();
    const again = { id: "msg_1" };
    expect(await (await post(instance, [agentState("a1")], again)).json()).toMatchObject({ accepted: 1, duplicate: false });
    await evictDurableObject(center(instance));
    expect(await (await post(instance, [agentState("a1")], again)).json()).toMatchObject({ accepted: 0, duplicate: true });
  });

  it("OPS-1 The addresses /healthz and /readyz answer 200.", async () => {
    expect((await call("/healthz")).status).toBe(200);
    expect((await call("/readyz")).status).toBe(200);
  });
});
