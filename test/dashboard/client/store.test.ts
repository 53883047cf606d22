import { beforeEach, describe, expect, test } from "vitest";
import { BoardStore } from "../../../dashboard/client/store.ts";
import { fakeAgent } from "../../../dashboard/client/testing.ts";
import type { AgentPatch } from "../../../protocol/agent.ts";

const AT = 1_800_000_000_000;
let store: BoardStore;
let seq: number;

function applyPatches(...data: AgentPatch[]): void {
  store.applyFrame({ type: "agentStatusBatch", epoch: "e", from: seq, to: seq + 1, serverTime: AT, data, removed: [] }, AT);
  seq += 1;
}
/** Counts the calls of a listener. */
function counter() {
  const calls = { count: 0 };
  const listener = () => {
    calls.count += 1;
  };
  return { calls, listener };
}

beforeEach(() => {
  store = new BoardStore();
  seq = 1;
  const data = [fakeAgent({ agentId: "a" }), fakeAgent({ agentId: "b" })];
  store.applyFrame({ type: "initialAgentList", epoch: "e", seq, serverTime: AT, data }, AT);
});

describe("The store", () => {
  test("keeps the list and calls no listener when a frame changes nothing.", () => {
    const { calls, listener } = counter();
    store.subscribe(listener);
    const list = store.agents.list();
    applyPatches({ agentId: "a", status: "available" });
    expect(store.agents.list()).toBe(list);
    expect(calls.count).toBe(0);
  });

  test("calls the listeners of an agent until each of them is removed.", () => {
    const first = counter();
    const second = counter();
    const removeFirst = store.agents.subscribeRow("a", first.listener);
    const removeSecond = store.agents.subscribeRow("a", second.listener);
    applyPatches({ agentId: "a", status: "away" });
    removeFirst();
    applyPatches({ agentId: "a", status: "ringing" });
    removeSecond();
    applyPatches({ agentId: "a", status: "available" });
    expect([first.calls.count, second.calls.count]).toEqual([1, 2]);
  });

  test("calls a new listener of an agent, although an old one is removed a second time.", () => {
    const removeOld = store.agents.subscribeRow("a", () => {});
    removeOld();
    const { calls, listener } = counter();
    store.agents.subscribeRow("a", listener);
    removeOld();
    applyPatches({ agentId: "a", status: "away" });
    expect(calls.count).toBe(1);
  });

  test("calls the listeners when a pause begins and when it ends.", () => {
    const { calls, listener } = counter();
    store.subscribe(listener);
    store.pause();
    expect([store.paused, calls.count]).toEqual([true, 1]);
    store.resume();
    expect([store.paused, calls.count]).toEqual([false, 2]);
  });

  test("ignores a second pause, so the agents stay those of the first.", () => {
    store.pause();
    applyPatches({ agentId: "a", status: "away" });
    const { calls, listener } = counter();
    store.subscribe(listener);
    store.pause();
    expect(calls.count).toBe(0);
    expect(store.agents.row("a")?.status).toBe("available");
  });

  test("keeps the list when nothing changed during a pause.", () => {
    const list = store.agents.list();
    store.pause();
    store.resume();
    expect(store.agents.list()).toBe(list);
  });

  test("ignores resume without a pause.", () => {
    const { calls, listener } = counter();
    store.subscribe(listener);
    store.resume();
    expect(calls.count).toBe(0);
  });

  test("calls the listener of an agent once on resume, however often the agent changed during the pause.", () => {
    const { calls, listener } = counter();
    store.agents.subscribeRow("a", listener);
    const list = store.agents.list();
    store.pause();
    applyPatches({ agentId: "a", status: "away" });
    applyPatches({ agentId: "a", status: "ringing" });
    expect(calls.count).toBe(0);
    expect(store.agents.list()).toBe(list);
    store.resume();
    expect(calls.count).toBe(1);
    expect(store.agents.row("a")?.status).toBe("ringing");
    applyPatches({ agentId: "b", status: "away" });
    expect(calls.count).toBe(1);
  });
});
