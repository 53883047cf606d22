import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { center, freshInstance, posted } from "../support.ts";
import { agentState, onCall, sentiment, turn } from "../updates.ts";
import { openSocket, TestViewer } from "../viewer.ts";

/** The agents without the duration, which grows by itself. */
const shown = (viewer: TestViewer) =>
  [...viewer.agents.values()]
    .map(({ duration: _, ...agent }) => agent)
    .sort((a, b) => String(a.agentId).localeCompare(String(b.agentId)));

describe("A viewer that speaks hub.v1.z", () => {
  it("ZIP-1 ZIP-2 ZIP-3 It has the same board as one that speaks hub.v1, with and without groups.", async () => {
    const instance = freshInstance();
    const agents = Array.from({ length: 30 }, (_, index) => `a${index}`);
    const groupsOf = (index: number) => [["Ventas"], ["Soporte"], ["Ventas", "Soporte"]][index % 3] ?? [];
    await posted(instance, ...agents.map((id, index) => agentState(id, { groups: groupsOf(index) })));
    expect((await openSocket(instance, { compact: true })).headers.get("Sec-WebSocket-Protocol")).toBe("hub.v1.z");
    const viewers = await Promise.all(
      [{}, { compact: true }, { groups: ["Ventas"] }, { groups: ["Ventas"], compact: true }].map((options) =>
        TestViewer.open(instance, options),
      ),
    );
    for (const viewer of viewers) await viewer.until(({ agents: known }) => known.size >= 20);
    for (let round = 0; round < 4; round += 1) {
      await posted(instance, ...agents.map((id, index) => onCall(id, `c${index}`, { groups: groupsOf(index + (round % 2)) })));
      await posted(instance, ...agents.map((_, index) => sentiment(`c${index}`, ((index + round) % 11) - 5)));
    }
    await posted(instance, { type: "agent.removed", agentId: "a7", occurredAt: Date.now() });
    await posted(instance, agentState("last", { groups: ["Ventas"], name: "The last" }));
    for (const viewer of viewers) await viewer.until(({ agents: known }) => known.has("last"));
    const [all, compact, sales, compactSales] = viewers;
    if (!all || !compact || !sales || !compactSales) throw new Error("All four are there.");
    expect(shown(compact)).toEqual(shown(all));
    expect(shown(compactSales)).toEqual(shown(sales));
    expect(compact.packed).toBeGreaterThan(1);
    expect([all.packed, sales.packed]).toEqual([0, 0]);
    for (const viewer of viewers) {
      expect(viewer.gaps).toEqual([]);
      viewer.close();
    }
  });

  it("ZIP-2 ZIP-4 It comes back with its position, and the object sleeps, without a table of numbers.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"), agentState("a2"));
    const viewer = await TestViewer.open(instance, { compact: true });
    await viewer.until(({ agents }) => agents.size === 2);
    await evictDurableObject(center(instance), { webSockets: "hibernate" });
    await posted(instance, agentState("a2", { name: "Awake" }));
    await viewer.until(({ agents }) => agents.get("a2")?.name === "Awake", "a change after the sleep");
    const { epoch, seq } = viewer;
    viewer.close();
    await posted(instance, agentState("a1", { name: "Missed" }));
    const again = await TestViewer.open(instance, { compact: true, position: { epoch, seq } });
    await again.until(({ agents }) => agents.get("a1")?.name === "Missed");
    expect(again.last("resumed")).toMatchObject({ from: seq });
    again.close();
  });

  it("ZIP-2 A long transcript is packed, and its turns are the same.", async () => {
    const instance = freshInstance();
    await posted(instance, onCall("a1", "c1"));
    await posted(instance, ...Array.from({ length: 40 }, (_, index) => turn("c1", `t${index}`, { text: `Palabra ${index}` })));
    const viewer = await TestViewer.open(instance, { compact: true });
    await viewer.until(({ agents }) => agents.size === 1);
    const { packed } = viewer;
    viewer.send({ type: "watch", contactId: "c1" });
    await viewer.until(({ transcripts }) => transcripts.length > 0);
    expect(viewer.packed).toBe(packed + 1);
    expect(viewer.transcripts[0]?.["turns"]).toHaveLength(40);
    viewer.close();
  });

  it("PAC-1 PAC-2 With a pace it gets a frame in that time at most, and ends at the same board.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const [quick, slow] = [await TestViewer.open(instance), await TestViewer.open(instance, { compact: true })];
    for (const viewer of [quick, slow]) await viewer.until(({ agents }) => agents.size === 1);
    slow.send({ type: "pace", intervalMs: 2000 });
    await posted(instance, agentState("a1", { name: "First" }));
    await slow.until(({ agents }) => agents.get("a1")?.name === "First");
    const batches = (viewer: TestViewer) => viewer.frames.filter(({ type }) => type === "agentStatusBatch").length;
    const before = batches(slow);
    for (let round = 0; round < 6; round += 1) {
      await posted(instance, agentState("a1", { name: `Round ${round}` }));
      await quick.until(({ agents }) => agents.get("a1")?.name === `Round ${round}`);
    }
    await slow.until(({ agents }) => agents.get("a1")?.name === "Round 5");
    expect(batches(quick)).toBeGreaterThanOrEqual(6);
    expect(batches(slow) - before).toBeLessThanOrEqual(2);
    expect(slow.gaps).toEqual([]);
    for (const viewer of [quick, slow]) viewer.close();
  });
});
