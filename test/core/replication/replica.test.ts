import { describe, expect, it } from "vitest";
import { Board, type Position } from "../../../core/board/board.ts";
import { type GroupFilter, viewEpoch } from "../../../core/board/visibility.ts";
import { type Feed, makeFeed } from "../../../core/replication/feed.ts";
import { Replica } from "../../../core/replication/replica.ts";
import { NOON } from "../../support/updates.ts";
import { TestPort } from "../center.ts";
import { LAMPS } from "../sample-collection.ts";

/** A primary's board of lamps. */
class LampBoard {
  readonly board = new Board("epoch-1");
  readonly lamps = this.board.addCollection(LAMPS);

  lamp(lampId: string, color: string, ...rooms: string[]): void {
    this.lamps.change(lampId, { lampId, color, rooms });
  }

  feedFrom(seq: number): Feed {
    return structuredClone(makeFeed(this.board, seq));
  }

  replica(batchSize?: number): Replica {
    return new Replica(this.feedFrom(0), [LAMPS], batchSize);
  }
}

function primaryWith(...lampIds: string[]): LampBoard {
  const primary = new LampBoard();
  for (const lampId of lampIds) primary.lamp(lampId, "red", "Hall");
  return primary;
}

/** Takes back a viewer whose socket outlived the relay's memory. Nothing is sent. */
function restored({ broadcaster }: Replica, id: string, groupFilter: GroupFilter = null): TestPort {
  const port = new TestPort();
  broadcaster.addSubscriber({ id, subject: id, legacy: false, groupFilter, expiresAt: NOON + 1, watching: new Set() }, port);
  return port;
}
const at = (seq: number, epoch = "epoch-1"): Position => ({ epoch, seq });

describe("A feed for a replica", () => {
  it("is applied when it begins at the replica's position or before.", () => {
    const primary = primaryWith("a", "b");
    const replica = primary.replica();
    const port = restored(replica, "v");
    primary.lamp("a", "blue", "Hall");
    expect(replica.applyFeed(primary.feedFrom(1), NOON)).toBe("applied");
    // The feed repeats the row of `b`, which the replica has.
    expect(port.newFrames()).toMatchObject([{ to: 3, data: [{ lampId: "a", color: "blue" }] }]);
    expect(replica.position).toEqual(at(3));
  });

  it("is a gap when it begins later, is of another epoch, or when the replica is too old to learn of removed rows.", () => {
    const primary = primaryWith("a", "b");
    const replica = primary.replica();
    primary.lamp("c", "red");
    primary.lamp("d", "red");
    expect(replica.applyFeed(primary.feedFrom(3), NOON)).toBe("gap");
    expect(replica.applyFeed({ ...primary.feedFrom(2), epoch: "epoch-2" }, NOON)).toBe("gap");
    expect(replica.applyFeed({ ...primary.feedFrom(2), floor: 3 }, NOON)).toBe("gap");
    expect(replica.position).toEqual(at(2));
    expect(replica.applyFeed({ ...primary.feedFrom(2), floor: 2 }, NOON)).toBe("applied");
    expect(replica.board.oldestResumableSeq).toBe(2);
  });

  it("changes nothing when the replica has everything in it.", () => {
    const primary = primaryWith("a");
    const replica = primary.replica();
    const port = restored(replica, "v");
    const old = primary.feedFrom(0);
    primary.lamp("a", "blue", "Hall");
    replica.applyFeed(primary.feedFrom(1), NOON);
    port.newFrames();
    expect(replica.applyFeed(old, NOON)).toBe("applied");
    expect(port.newFrames()).toEqual([]);
    expect(replica.position).toEqual(at(2));
  });

  it("moves the replica on even if it has no rows that the replica can read.", () => {
    const primary = primaryWith("a");
    const replica = primary.replica();
    expect(replica.applyFeed({ epoch: "epoch-1", from: 1, to: 4, floor: 0, rows: [] }, NOON)).toBe("applied");
    expect(replica.position).toEqual(at(4));
  });

  it("names a deleted row to viewers that may have it, and none that came and went unseen.", () => {
    const primary = primaryWith("a");
    const replica = primary.replica();
    const port = restored(replica, "v");
    primary.lamp("b", "red", "Hall");
    for (const lampId of ["a", "b"]) primary.lamps.change(lampId, null);
    replica.applyFeed(primary.feedFrom(1), NOON);
    expect(port.newFrames()).toMatchObject([{ data: [], removed: ["a"] }]);
    primary.lamp("a", "green", "Hall");
    replica.applyFeed(primary.feedFrom(4), NOON);
    expect(port.newFrames()).toMatchObject([{ data: [{ lampId: "a", color: "green", rooms: ["Hall"] }] }]);
  });

  it("waits while the flush before is on its way, and comes with the next one.", () => {
    const primary = primaryWith("a");
    const replica = primary.replica(1);
    const ports = ["v", "w", "x"].map((id) => restored(replica, id));
    primary.lamp("a", "blue", "Hall");
    replica.applyFeed(primary.feedFrom(1), NOON);
    primary.lamp("a", "green", "Hall");
    replica.applyFeed(primary.feedFrom(2), NOON);
    expect(ports.map((port) => port.texts.length)).toEqual([1, 0, 0]);
    expect([replica.broadcaster.isFanningOut, replica.broadcaster.hasPendingChanges]).toEqual([true, true]);
    while (replica.broadcaster.isFanningOut) replica.broadcaster.continueFanOut(NOON);
    replica.broadcaster.flush(NOON);
    while (replica.broadcaster.isFanningOut) replica.broadcaster.continueFanOut(NOON);
    for (const port of ports)
      expect(port.newFrames()).toMatchObject([
        { from: 1, to: 2 },
        { from: 2, to: 3 },
      ]);
  });

  it("is lost as an answer when it is of another epoch or does not begin where the relay asked.", () => {
    const primary = primaryWith("a", "b");
    const replica = primary.replica();
    primary.lamp("c", "red");
    expect(replica.applyAnswer({ ...primary.feedFrom(2), epoch: "epoch-2" }, at(2), NOON)).toBe("lost");
    expect(replica.applyAnswer(primary.feedFrom(0), at(2), NOON)).toBe("lost");
    expect(replica.position).toEqual(at(2));
    expect(replica.applyAnswer(primary.feedFrom(2), at(2), NOON)).toBe("applied");
    expect(replica.position).toEqual(at(3));
  });
});

describe("The viewers of a relay that slept", () => {
  it("get nothing when nothing has changed since.", () => {
    const replica = primaryWith("a").replica();
    const port = restored(replica, "v");
    replica.catchUpViewers(at(1), NOON);
    expect(port.texts).toEqual([]);
  });

  it("get what has changed since, from the newest position that their filter shows.", () => {
    const primary = primaryWith("a");
    primary.lamp("k", "red", "Kitchen");
    primary.lamp("b", "red", "Hall");
    const replica = primary.replica();
    const [all, hall] = [restored(replica, "all"), restored(replica, "hall", ["Hall"])];
    replica.catchUpViewers(at(2), NOON);
    expect(all.newFrames()).toMatchObject([{ type: "resumed", from: 2, to: 3, data: [{ lampId: "b" }] }]);
    const epoch = viewEpoch("epoch-1", ["Hall"]);
    expect(hall.newFrames()).toMatchObject([{ type: "resumed", epoch, from: 1, to: 3, data: [{ lampId: "b" }] }]);
  });

  it("get the whole list when the relay does not remember where they were, or the primary began anew.", () => {
    for (const remembered of [null, at(1, "epoch-0")]) {
      const replica = primaryWith("a").replica();
      const port = restored(replica, "v");
      replica.catchUpViewers(remembered, NOON);
      expect(port.newFrames()).toMatchObject([{ type: "initialAgentList", seq: 1, data: [{ lampId: "a" }] }]);
    }
  });
});
