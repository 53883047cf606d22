import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import * as v from "valibot";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ContactCenter } from "../../worker/contact-center.ts";
import type { Relay } from "../../worker/relay.ts";
import { requestSocketAt } from "./relay-viewer.ts";
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

describe("A slow viewer that asks for the whole list", () => {
  const resync = JSON.stringify({ type: "resync" });
  type ServedObject = Pick<ContactCenter | Relay, "webSocketMessage">;
  type Step = (object: ServedObject, state: DurableObjectState) => Promise<number>;

  /** Lets the object answer as many resyncs as its connection holds, and one more. Returns how many lists it sent. */
  const fillAndAsk: Step = async (object, state) => {
    const [socket] = state.getWebSockets();
    if (socket === undefined) throw new Error("The object has no socket.");
    let lists = 1;
    for (; (socket.bufferedAmount ?? 0) <= 256 * 1024; lists += 1) await object.webSocketMessage(socket, resync);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await object.webSocketMessage(socket, resync);
    return lists;
  };
  const countBuffered: Step = async (_, state) => state.getWebSockets()[0]?.bufferedAmount ?? 0;
  const passSecond: Step = async () => {
    await vi.advanceTimersByTimeAsync(1_000);
    return 0;
  };

  async function check(webSocket: WebSocket | null, within: (step: Step) => Promise<number>): Promise<void> {
    if (webSocket === null) throw new Error("The hub opened no WebSocket.");
    const lists = await within(fillAndAsk);
    const viewer = new TestViewer(webSocket);
    await viewer.until((each) => each.frames.length === lists, "the lists of its connection");
    while ((await within(countBuffered)) > 0) await scheduler.wait(1);
    await within(passSecond);
    await viewer.until((each) => each.frames.length === lists + 1, "the list that it asked for");
    viewer.close();
  }

  afterEach(() => {
    vi.useRealTimers();
  });

  it("SES-15 FLU-5 The hub sends the list once the viewer reads, although nothing changes.", async () => {
    const instance = freshInstance();
    await posted(instance, ...group(0));
    while (!(await center(instance).metrics()).includes("vigia_flushes_total 1\n")) await scheduler.wait(5);
    const { webSocket } = await openSocket(instance);
    await check(webSocket, (step) => runInDurableObject(center(instance), step));
  });

  it("SES-15 FLU-5 A relay sends the list once the viewer reads, although nothing changes.", async () => {
    const instance = freshInstance();
    const relay = `${instance}/enam/1`;
    await posted(instance, ...group(0));
    const { webSocket } = await requestSocketAt(relay);
    await check(webSocket, (step) => runInDurableObject(env.RELAY.getByName(relay), step));
  });
});

function turnIdsOf(turns: unknown): string[] {
  return v.parse(v.array(v.object({ turnId: v.string() })), turns).map(({ turnId }) => turnId);
}
