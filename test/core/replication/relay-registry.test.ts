import { describe, expect, it, vi } from "vitest";
import { Board } from "../../../core/board/board.ts";
import type { Collection } from "../../../core/board/collection.ts";
import { RelayRegistry } from "../../../core/replication/relay-registry.ts";
import { MemoryStore } from "../memory-store.ts";
import { LAMPS, type Lamp } from "../sample-collection.ts";

/** A primary: a board with a registry of its relays on a store in memory. */
class Primary {
  readonly board = new Board("epoch-1");
  readonly lamps: Collection<Lamp> = this.board.addCollection(LAMPS);
  readonly store = new MemoryStore();
  relays = new RelayRegistry(this.board, this.store);

  lamp(lampId: string, color: string): void {
    this.lamps.change(lampId, { lampId, color, rooms: [] });
  }

  /** Rebuilds the registry from the store, as a new process does. */
  restart(): void {
    this.relays = new RelayRegistry(this.board, this.store);
  }
}

const rowsOf = (outgoing: ReturnType<RelayRegistry["nextFeed"]>) => outgoing?.feed.rows.map(({ lampId }) => lampId);

function outgoingTo({ relays }: Primary, name: string) {
  const outgoing = relays.nextFeed(name);
  if (outgoing === null) throw new Error(`No feed is on its way to ${name}.`);
  return outgoing;
}

describe("The registry of relays", () => {
  it("assigns viewers to the first relay until it is full, then to the next.", () => {
    const { relays } = new Primary();
    const assigned = Array.from({ length: 5 }, () => relays.assignViewer(["one", "two"], 2));
    expect(assigned).toEqual(["one", "one", "two", "two", null]);
    expect([relays.viewers, relays.size, relays.names()]).toEqual([4, 2, ["one", "two"]]);
  });

  it("assigns viewers again to a relay that reports room.", () => {
    const { relays } = new Primary();
    for (let viewers = 0; viewers < 2; viewers += 1) relays.assignViewer(["one"], 2);
    relays.report("one", 1, [], null);
    expect(relays.viewers).toBe(1);
    expect(relays.assignViewer(["one"], 2)).toBe("one");
    expect(relays.assignViewer(["one"], 2)).toBeNull();
  });

  it("keeps what a relay watches when it assigns one more viewer to it.", () => {
    const { relays } = new Primary();
    relays.report("one", 1, ["contact-1"], null);
    relays.assignViewer(["one"], 2);
    expect(relays.relaysWatching("contact-1")).toEqual(["one"]);
  });

  it("sends a relay every change after its first viewer was assigned, and none before.", () => {
    const primary = new Primary();
    primary.lamp("a", "red");
    primary.relays.assignViewer(["one"], 1);
    expect(primary.relays.nextFeed("one")).toBeNull();
    primary.lamp("b", "red");
    expect(rowsOf(primary.relays.nextFeed("one"))).toEqual(["b"]);
    expect(primary.relays.nextFeed("unknown")).toBeNull();
  });

  it("sends nothing twice to a relay that has confirmed it.", () => {
    const primary = new Primary();
    primary.relays.report("one", 1, [], null);
    primary.lamp("a", "red");
    const first = outgoingTo(primary, "one");
    primary.lamp("b", "red");
    primary.relays.confirmFeed(first, true);
    const second = outgoingTo(primary, "one");
    expect(second.feed).toMatchObject({ from: 1, to: 2 });
    expect(rowsOf(second)).toEqual(["b"]);
    primary.relays.confirmFeed(second, true);
    expect(primary.relays.nextFeed("one")).toBeNull();
  });

  it("never moves a relay back when an older feed is confirmed last.", () => {
    const primary = new Primary();
    primary.relays.report("one", 1, [], null);
    primary.lamp("a", "red");
    const older = outgoingTo(primary, "one");
    primary.lamp("b", "red");
    primary.relays.confirmFeed(outgoingTo(primary, "one"), true);
    primary.relays.confirmFeed(older, true);
    expect(primary.relays.nextFeed("one")).toBeNull();
  });

  it("makes one feed for all relays at the same position, and another for the others.", () => {
    const primary = new Primary();
    primary.relays.report("one", 1, [], null);
    primary.relays.report("two", 1, [], null);
    primary.lamp("a", "red");
    primary.relays.report("three", 1, [], null);
    primary.lamp("b", "red");
    const [one, two, three] = ["one", "two", "three"].map((name) => outgoingTo(primary, name).feed);
    expect(two).toBe(one);
    expect(three).toMatchObject({ from: 1, to: 2, rows: [{ lampId: "b" }] });
    primary.lamp("c", "red");
    expect(outgoingTo(primary, "three").feed).toMatchObject({ from: 1, to: 3, rows: [{ lampId: "b" }, { lampId: "c" }] });
  });

  it("detaches a relay that refuses a feed, in its store too.", () => {
    const primary = new Primary();
    primary.relays.report("one", 1, ["contact-1"], null);
    primary.lamp("a", "red");
    primary.relays.confirmFeed(outgoingTo(primary, "one"), false);
    expect(primary.relays.names()).toEqual([]);
    expect(primary.store.relays()).toEqual([]);
    expect([...primary.relays.watchedContacts()]).toEqual([]);
  });

  it("keeps a relay that refused a feed and has reported meanwhile.", () => {
    const primary = new Primary();
    primary.relays.report("one", 0, [], null);
    primary.lamp("a", "red");
    const refused = outgoingTo(primary, "one");
    primary.relays.report("one", 1, ["contact-1"], null);
    primary.relays.confirmFeed(refused, false);
    expect(primary.relays.names()).toEqual(["one"]);
    expect(primary.store.relays()).toEqual([{ name: "one", watching: ["contact-1"] }]);
  });

  it("answers a report with the rows since the relay's position, and with all rows when it cannot prove them.", () => {
    const primary = new Primary();
    for (const lampId of ["a", "b", "c"]) primary.lamp(lampId, "red");
    const answer = (epoch: string, seq: number) => primary.relays.report("one", 1, [], { epoch, seq });
    expect(answer("epoch-1", 2)).toMatchObject({ from: 2, to: 3, rows: [{ lampId: "c" }] });
    for (const unprovable of [answer("epoch-0", 2), answer("epoch-1", 4), primary.relays.report("one", 1, [], null)]) {
      expect(unprovable).toMatchObject({ from: 0, to: 3, rows: [{ lampId: "a" }, { lampId: "b" }, { lampId: "c" }] });
    }
    expect(primary.relays.nextFeed("one")).toBeNull();
  });

  it("writes a relay to its store only when the watched contacts changed.", () => {
    const { relays, store } = new Primary();
    const saveRelay = vi.spyOn(store, "saveRelay");
    relays.report("one", 1, [], null);
    relays.report("one", 2, [], null);
    expect(saveRelay.mock.calls).toEqual([["one", []]]);
    relays.report("one", 2, ["contact-1", "contact-2"], null);
    relays.report("one", 3, ["contact-1", "contact-2"], null);
    relays.report("one", 3, ["contact-2"], null);
    expect(saveRelay.mock.calls.slice(1)).toEqual([
      ["one", ["contact-1", "contact-2"]],
      ["one", ["contact-2"]],
    ]);
  });

  it("still knows after a restart which relays there are and what they watch.", () => {
    const primary = new Primary();
    primary.relays.report("one", 5, ["contact-1", "contact-2"], null);
    primary.relays.report("two", 5, ["contact-2"], null);
    primary.lamp("a", "red");
    primary.restart();
    expect(primary.relays.names()).toEqual(["one", "two"]);
    expect(primary.relays.watchedContacts()).toEqual(new Set(["contact-1", "contact-2"]));
    expect(primary.relays.relaysWatching("contact-2")).toEqual(["one", "two"]);
    primary.lamp("b", "red");
    expect(rowsOf(primary.relays.nextFeed("one"))).toEqual(["b"]);
    const saveRelay = vi.spyOn(primary.store, "saveRelay");
    primary.relays.report("one", 5, ["contact-1", "contact-2"], null);
    expect(saveRelay).not.toHaveBeenCalled();
  });

  it("still finds the other relay of a contact when one of them no longer watches it or is detached.", () => {
    const { relays } = new Primary();
    for (const name of ["one", "two", "three"]) relays.report(name, 1, ["contact-1"], null);
    relays.report("one", 1, [], null);
    expect(relays.relaysWatching("contact-1")).toEqual(["two", "three"]);
    relays.detach("two");
    expect(relays.relaysWatching("contact-1")).toEqual(["three"]);
    expect([...relays.watchedContacts()]).toEqual(["contact-1"]);
    expect(relays.viewers).toBe(2);
  });
});
