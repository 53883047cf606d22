import { runInDurableObject } from "cloudflare:test";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { center, freshInstance, posted } from "./support.ts";
import { agentState, onCall, turn } from "./updates.ts";
import { openSocket, TestViewer } from "./viewer.ts";

const group = (round: number) =>
  Array.from({ length: 500 }, (_, index) => agentState(`agent-${index}`, { name: `Round ${round} ${"x".repeat(150)}` }));

describe("A slow consumer", () => {
  it("FLU-5 gets no more than 256 KiB and one frame, holds up no other viewer, and catches up once it reads.", async () => {
    const instance = freshInstance();
    await posted(instance, ...group(0));
    const healthy = await TestViewer.open(instance);
    await healthy.until((v) => v.agents.size === 500);
    // The test has not accepted the socket yet, so every sent frame stays in the hub's buffer.
    const { webSocket } = await openSocket(instance);
    if (webSocket === null) throw new Error("The hub opened no WebSocket.");
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

it("FLU-5 A viewer that does not read gets no more turns than its connection holds, and the whole transcript once it reads.", async () => {
  const instance = freshInstance();
  await posted(instance, onCall("a1", "c1"));
  const { webSocket } = await openSocket(instance);
  if (webSocket === null) throw new Error("The hub opened no WebSocket.");
  // A socket that is not accepted cannot send, so the test passes the message to the object itself.
  await runInDurableObject(center(instance), async (object, state) => {
    const [socket] = state.getWebSockets();
    if (socket !== undefined) await object.webSocketMessage(socket, JSON.stringify({ type: "watch", contactId: "c1" }));
  });
  const buffered = () =>
    runInDurableObject(center(instance), (_, state) => Math.max(...state.getWebSockets().map((s) => s.bufferedAmount)));
  expect((await posted(instance, turn("c1", "t0"))).watched).toEqual(["c1"]);
  const text = "x".repeat(15_000);
  for (let number = 1; number <= 60; number += 1) await posted(instance, turn("c1", `t${number}`, { text }));
  expect(await buffered()).toBeLessThan(256 * 1024 + 40_000);
  const viewer = new TestViewer(webSocket);
  const turnIds = (viewer: TestViewer) => new Set(viewer.transcripts.flatMap((frame) => turnIdsOf(frame["turns"])));
  await viewer.until((each) => turnIds(each).size === 61, "all turns of the call");
  expect(viewer.transcripts.length).toBeLessThan(60);
  viewer.close();
});

function turnIdsOf(turns: unknown): string[] {
  return v.parse(v.array(v.object({ turnId: v.string() })), turns).map(({ turnId }) => turnId);
}
