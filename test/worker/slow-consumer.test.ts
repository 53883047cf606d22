import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { center, freshInstance, posted } from "./support.ts";
import { agentState } from "./updates.ts";
import { openSocket, TestViewer } from "./viewer.ts";

const group = (round: number) =>
  Array.from({ length: 500 }, (_, index) => agentState(`agent-${index}`, { name: `Round ${round} ${"x".repeat(150)}` }));

describe("slow viewers", () => {
  it("FLU-5 stop being sent to above 256 KiB, cost the others nothing, and get one catch-up when they drain", async () => {
    const instance = freshInstance();
    await posted(instance, ...group(0));
    const healthy = await TestViewer.open(instance);
    await healthy.until((v) => v.agents.size === 500);
    // Not accepted yet: nobody reads, so everything sent stays in the hub's hands.
    const { webSocket } = await openSocket(instance);
    if (webSocket === null) throw new Error("No socket.");
    for (let round = 1; round <= 8; round += 1) {
      await posted(instance, ...group(round));
      await healthy.until((v) => (v.agents.get("agent-499")?.name ?? "").startsWith(`Round ${round} `));
    }
    const backlogs = await runInDurableObject(center(instance), (_, state) => state.getWebSockets().map((s) => s.bufferedAmount));
    expect(Math.max(...backlogs)).toBeLessThan(256 * 1024 + 400_000);

    const slow = new TestViewer(webSocket);
    await slow.until((v) => (v.agents.get("agent-499")?.name ?? "").startsWith("Round 8 "));
    expect(slow.gaps).toEqual([]);
    expect(slow.frames.map((frame) => frame.type)).toContain("resumed");
    expect(slow.frames.length).toBeLessThan(9);
    slow.close();
    healthy.close();
  });
});
