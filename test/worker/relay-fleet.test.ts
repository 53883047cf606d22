import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Board } from "../../core/board/board.ts";
import type { Feed } from "../../core/replication/feed.ts";
import { RelayFleet } from "../../worker/relay-fleet.ts";
import type { TurnsOfContact } from "../../worker/rpc-arguments.ts";
import { MemoryStore } from "../core/memory-store.ts";

/** How a relay of a test answers. Each call resolves by default. */
interface RelayAnswers {
  applyFeed?: (feed: Feed) => Promise<boolean>;
  sendTurns?: (turns: TurnsOfContact) => Promise<void>;
  revoke?: (subject: string) => Promise<number>;
}

const NEVER = () => new Promise<never>(() => {});
const turns: TurnsOfContact = { contactId: "c1", turns: [], complete: true, groups: [] };

/** A fleet of relays `i/enam/1`, `i/enam/2` and so on, and the calls that they got, such as `1 feed 0-1`. */
function fleetOf(size: number, answers: Record<number, RelayAnswers> = {}) {
  const calls: string[] = [];
  const relayOf = (name: string) => {
    const number = Number(name.split("/")[2]);
    const { applyFeed, sendTurns, revoke } = answers[number] ?? {};
    return {
      async applyFeed(feed: Feed): Promise<boolean> {
        calls.push(`${number} feed ${feed.from}-${feed.to}`);
        return applyFeed === undefined ? true : applyFeed(feed);
      },
      async sendTurns(sent: TurnsOfContact): Promise<void> {
        calls.push(`${number} turns ${sent.contactId}`);
        if (sendTurns !== undefined) await sendTurns(sent);
      },
      async revoke(subject: string): Promise<number> {
        calls.push(`${number} revoke ${subject}`);
        return revoke === undefined ? 2 : revoke(subject);
      },
    };
  };
  const testEnv: Env = new Proxy(env, {
    get: (target, key) => (key === "RELAY" ? { getByName: relayOf } : Reflect.get(target, key)),
  });
  const board = new Board("an epoch");
  const fleet = new RelayFleet(testEnv, new MemoryStore(), board);
  for (let number = 1; number <= size; number += 1) fleet.report(`i/enam/${number}`, 1, ["c1"], null);
  return { fleet, board, calls };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("A relay that never answers", () => {
  it("REL-2 A relay that never answers holds up the feeds of the others for five seconds at most.", async () => {
    const { fleet, board, calls } = fleetOf(7, { 1: { applyFeed: NEVER } });
    board.advance(1, 0);
    const round = fleet.sendFeeds();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(calls).toEqual([1, 2, 3, 4, 5, 6].map((number) => `${number} feed 0-1`));
    await vi.advanceTimersByTimeAsync(1);
    await round;
    expect(calls.slice(6)).toEqual(["7 feed 0-1"]);
    expect(fleet.failures).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("REL-2 A relay that never answered gets the missed rows with the next feed.", async () => {
    let answer: () => Promise<boolean> = NEVER;
    const { fleet, board, calls } = fleetOf(2, { 1: { applyFeed: () => answer() } });
    board.advance(1, 0);
    const round = fleet.sendFeeds();
    await vi.advanceTimersByTimeAsync(5_000);
    await round;
    answer = () => Promise.resolve(true);
    board.advance(2, 0);
    await fleet.sendFeeds();
    expect(calls).toEqual(["1 feed 0-1", "2 feed 0-1", "1 feed 0-2", "2 feed 1-2"]);
    await fleet.sendFeeds();
    expect(calls).toHaveLength(4);
    expect(fleet.failures).toBe(1);
  });

  it("SES-14 A relay that never answers holds up a revocation for five seconds at most.", async () => {
    const { fleet, calls } = fleetOf(3, { 2: { revoke: NEVER } });
    const closed = fleet.revoke("ana");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await closed).toBe(4);
    expect(calls).toEqual(["1 revoke ana", "2 revoke ana", "3 revoke ana"]);
    expect(fleet.failures).toBe(1);
  });
});

describe("The primary's calls to its relays", () => {
  it("OPS-2 The primary counts each call that a relay refuses, and calls the other relays all the same.", async () => {
    const refuse = () => Promise.reject(new Error("The relay is overloaded."));
    const { fleet, board, calls } = fleetOf(8, {
      2: { applyFeed: refuse, sendTurns: refuse },
      5: { applyFeed: refuse },
    });
    board.advance(1, 0);
    await fleet.sendFeeds();
    expect(calls).toHaveLength(8);
    expect(fleet.failures).toBe(2);
    await fleet.sendTurns(turns);
    expect(calls.slice(8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((number) => `${number} turns c1`));
    expect(fleet.failures).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("The primary sends turns only to relays whose viewers watch the contact.", async () => {
    const { fleet, calls } = fleetOf(3);
    fleet.report("i/enam/2", 1, ["c2"], null);
    await fleet.sendTurns(turns);
    expect(calls).toEqual(["1 turns c1", "3 turns c1"]);
  });

  it("REL-2 A change during a round of feeds is sent in a second round.", async () => {
    let confirm: (accepted: boolean) => void = () => {};
    const first = new Promise<boolean>((resolve) => {
      confirm = resolve;
    });
    let fed = 0;
    const { fleet, board, calls } = fleetOf(2, { 1: { applyFeed: async () => (++fed === 1 ? first : true) } });
    board.advance(1, 0);
    const round = fleet.sendFeeds();
    await vi.advanceTimersByTimeAsync(0);
    board.advance(2, 0);
    await fleet.sendFeeds();
    expect(calls).toEqual(["1 feed 0-1", "2 feed 0-1"]);
    confirm(true);
    await round;
    expect(calls.slice(2)).toEqual(["1 feed 1-2", "2 feed 1-2"]);
    // After two quiet rounds a new change starts a round of its own.
    board.advance(3, 0);
    await fleet.sendFeeds();
    expect(calls.slice(4)).toEqual(["1 feed 2-3", "2 feed 2-3"]);
  });

  it("REL-1 The primary drops a relay that says that it serves nobody, and keeps one whose viewer came meanwhile.", async () => {
    const { fleet, board } = fleetOf(2, {
      1: { applyFeed: () => Promise.resolve(false) },
      2: {
        async applyFeed() {
          fleet.report("i/enam/2", 1, [], null);
          return false;
        },
      },
    });
    board.advance(1, 0);
    await fleet.sendFeeds();
    expect(fleet.registry.names()).toEqual(["i/enam/2"]);
  });
});
