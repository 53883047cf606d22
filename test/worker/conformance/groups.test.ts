import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { call, center, freshInstance, posted, ticket } from "../support.ts";
import { agentState, onCall, sentiment, turn } from "../updates.ts";
import { TestViewer } from "../viewer.ts";

const ventas = { groups: ["Ventas"] };

describe("Group filters", () => {
  it("VIS-2 The first list, the changes and polling show only agents that share a group with the viewer.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("v1", ventas), agentState("s1", { groups: ["Soporte"] }), agentState("n1"));
    const viewer = await TestViewer.open(instance, ventas);
    await viewer.until((v) => v.frames.length > 0);
    expect([...viewer.agents.keys()]).toEqual(["v1"]);
    await posted(instance, onCall("s1", "c1", { groups: ["Soporte"] }), onCall("v1", "c2", ventas));
    await viewer.until((v) => v.agents.get("v1")?.status === "on a call");
    expect(JSON.stringify(viewer.frames)).not.toContain("s1");

    const polled = await call(`/v1/instances/${instance}/agents`, {
      headers: { Authorization: `Bearer ${await ticket(instance, ventas)}` },
    });
    expect(await polled.text()).not.toMatch(/s1|n1/);
    viewer.close();
  });

  it("VIS-3 An agent that leaves the viewer's groups is removed, and one that enters comes whole.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1", ventas), agentState("a2", { groups: ["Soporte"] }));
    const viewer = await TestViewer.open(instance, ventas);
    await viewer.until((v) => v.agents.has("a1"));
    await posted(instance, agentState("a1", { groups: ["Soporte"] }), agentState("a2", ventas));
    await viewer.until((v) => !v.agents.has("a1") && v.agents.has("a2"));
    expect(viewer.agents.get("a2")).toMatchObject({ name: "Agent a2", status: "available", categories: [] });
    viewer.close();
  });

  it("SEQ-4 A viewer that missed nothing sees no gap, whatever its groups hide.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("v1", ventas), agentState("s1", { groups: ["Soporte"] }));
    const viewer = await TestViewer.open(instance, ventas);
    await viewer.until((v) => v.agents.has("v1"));
    for (let round = 0; round < 5; round += 1) {
      for (let hidden = 0; hidden < 3; hidden += 1) {
        await posted(instance, agentState("s1", { groups: ["Soporte"], name: `S ${round} ${hidden}` }));
      }
      if (round % 2 === 1) await evictDurableObject(center(instance));
      await posted(instance, agentState("v1", { ...ventas, name: `V ${round}` }));
      await viewer.until((v) => v.agents.get("v1")?.name === `V ${round}`);
    }
    expect(viewer.gaps).toEqual([]);
    expect(JSON.stringify(viewer.frames)).not.toContain("s1");
    viewer.close();
  });

  it("VIS-4 A viewer that resumes gets only ids of agents that it may have seen.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1", ventas), agentState("s1", { groups: ["Soporte"] }));
    const first = await TestViewer.open(instance, ventas);
    await first.until((v) => v.agents.has("a1"));
    const position = { epoch: first.epoch, seq: first.seq };
    first.close();
    await posted(instance, agentState("a1", { groups: ["Soporte"] }), {
      type: "agent.removed",
      agentId: "s1",
      occurredAt: Date.now(),
    });
    const second = await TestViewer.open(instance, { ...ventas, position });
    await second.until((v) => JSON.stringify(v.frames).includes('"removed":["a1"]'), "a1 removed");
    expect(second.frames[0]).toMatchObject({ type: "resumed", from: position.seq });
    expect(JSON.stringify(second.frames)).not.toContain("s1");
    second.close();
  });

  it("SEQ-8 A viewer that comes back with other groups gets the whole list.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("v1", ventas), agentState("s1", { groups: ["Soporte"] }));
    const first = await TestViewer.open(instance, ventas);
    await first.until((v) => v.agents.has("v1"));
    const position = { epoch: first.epoch, seq: first.seq };
    first.close();
    for (const groups of [["Soporte"], ["Soporte", "Ventas"]]) {
      const back = await TestViewer.open(instance, { groups, position });
      await back.until((v) => v.frames.length > 0);
      expect(back.frames[0]?.type).toBe("initialAgentList");
      expect(back.agents.has("s1")).toBe(true);
      back.close();
    }
    const same = await TestViewer.open(instance, { groups: ["Ventas", "Ventas"], position });
    await same.until((v) => v.frames.length > 0);
    expect(same.frames[0]).toMatchObject({ type: "resumed", epoch: position.epoch, data: [], removed: [] });
    same.close();
  });

  it("TRA-4 A viewer gets an error for the transcript of a contact outside its groups.", async () => {
    const instance = freshInstance();
    await posted(instance, onCall("s1", "c1", { groups: ["Soporte"] }), turn("c1", "t1"), sentiment("c1", 1));
    const viewer = await TestViewer.open(instance, ventas);
    viewer.send({ type: "watch", contactId: "c1" });
    await viewer.until((v) => v.frames.some((frame) => frame.type === "error"));
    expect(viewer.last("error")["code"]).toBe("not_allowed");
    expect(viewer.last("error")["contactId"]).toBe("c1");
    expect(JSON.stringify(viewer.frames)).not.toContain("words of");
    viewer.close();
  });
});
