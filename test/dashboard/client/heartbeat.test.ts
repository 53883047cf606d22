import { beforeEach, describe, expect, test } from "vitest";
import { FakeClock } from "../../../dashboard/client/fake-clock.ts";
import { Heartbeat } from "../../../dashboard/client/heartbeat.ts";

let clock: FakeClock;
let events: unknown[];
let heartbeat: Heartbeat;

beforeEach(() => {
  clock = new FakeClock(1_000);
  events = [];
  heartbeat = new Heartbeat(clock, {
    send: (text) => events.push(text),
    onDead: () => events.push("dead"),
    onLatency: (ms) => events.push(ms),
  });
});

describe("The heartbeat", () => {
  test("pings at once and reports the round trip of the pong.", () => {
    clock.advance(120);
    heartbeat.messageReceived(true);
    expect(events).toEqual(["ping", 120]);
  });

  test("takes any message as a sign of life, but not as a round trip.", () => {
    heartbeat.messageReceived(false);
    clock.advance(24_999);
    expect(events).toEqual(["ping"]);
    clock.advance(1);
    expect(events).toEqual(["ping", "ping"]);
  });

  test("pings every 25 s, however many messages come in between.", () => {
    heartbeat.messageReceived(true);
    for (let second = 0; second < 50; second += 1) {
      clock.advance(1_000);
      heartbeat.messageReceived(second % 25 === 24);
    }
    expect(events.filter((event) => event === "ping")).toHaveLength(3);
  });

  test("reports a dead connection 10 s after an unanswered ping.", () => {
    clock.advance(9_999);
    expect(events).toEqual(["ping"]);
    clock.advance(1);
    expect(events).toEqual(["ping", "dead"]);
  });

  test("reports a dead connection 3 s after an unanswered probe, and only once.", () => {
    heartbeat.messageReceived(true);
    heartbeat.wake();
    clock.advance(3_000);
    expect(events).toEqual(["ping", 0, "ping", "dead"]);
    clock.advance(60_000);
    expect(events.filter((event) => event === "dead")).toHaveLength(1);
  });

  test("is not calmed after sleep by the pong of an earlier ping or by an earlier frame.", () => {
    heartbeat.wake();
    clock.advance(1_000);
    heartbeat.messageReceived(true);
    clock.advance(1_000);
    heartbeat.messageReceived(false);
    clock.advance(2_999);
    expect(events).toEqual(["ping", "ping"]);
    clock.advance(1);
    expect(events).toEqual(["ping", "ping", "dead"]);
  });

  test("lives on after sleep with the pong of its own ping, and measures that one.", () => {
    heartbeat.wake();
    clock.advance(40);
    heartbeat.messageReceived(true);
    clock.advance(60);
    heartbeat.messageReceived(true);
    clock.advance(24_999);
    expect(events).toEqual(["ping", "ping", 100]);
    clock.advance(1);
    expect(events).toEqual(["ping", "ping", 100, "ping"]);
  });

  test("takes a frame as a sign of life again once the ping after the sleep is answered.", () => {
    heartbeat.wake();
    heartbeat.messageReceived(true);
    heartbeat.messageReceived(true);
    clock.advance(25_000);
    heartbeat.messageReceived(false);
    clock.advance(24_999);
    expect(events).toEqual(["ping", "ping", 0, "ping"]);
  });

  test("leaves no timer after stop().", () => {
    heartbeat.stop();
    expect(clock.waitingTimers).toBe(0);
    heartbeat.messageReceived(true);
    expect(clock.waitingTimers).toBe(0);
  });

  test("leaves no timer when it is stopped between two pings.", () => {
    heartbeat.messageReceived(true);
    heartbeat.stop();
    expect(clock.waitingTimers).toBe(0);
  });
});
