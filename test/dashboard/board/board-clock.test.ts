import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BoardClock } from "../../../dashboard/board/parts/board-clock.ts";
import { AgentSampler } from "../../../dashboard/board/parts/sampler.ts";
import { createFakeAgentClient, fakeAgent } from "../../../dashboard/client/testing.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("The board's clock", () => {
  it("moves once a second for all its listeners, and stands still while the board is paused.", () => {
    const client = createFakeAgentClient({ now: 0 });
    const clock = new BoardClock(client);
    const seen: number[] = [];
    const stops = [clock.subscribe(() => seen.push(clock.now())), clock.subscribe(() => {})];
    client.advance(400);
    expect(clock.now()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(seen).toEqual([400]);
    client.pause();
    client.advance(5000);
    vi.advanceTimersByTime(5000);
    expect(seen).toEqual([400]);
    client.resume();
    clock.advance();
    expect(seen).toEqual([400, 5400]);
    for (const stop of stops) stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("The sampled list of agents", () => {
  it("shows the first change at once, and then at most two changes a second.", () => {
    const client = createFakeAgentClient();
    const sampler = new AgentSampler(client);
    const counts: number[] = [];
    const stop = sampler.subscribe(() => counts.push(sampler.agents().length));
    const addAgent = (agentId: string) => client.play({ agents: [fakeAgent({ agentId })] });
    addAgent("a");
    addAgent("b");
    addAgent("c");
    expect(counts).toEqual([1]);
    vi.advanceTimersByTime(500);
    expect(counts).toEqual([1, 3]);
    vi.advanceTimersByTime(500);
    expect(vi.getTimerCount()).toBe(0);
    addAgent("d");
    expect(counts).toEqual([1, 3, 4]);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
