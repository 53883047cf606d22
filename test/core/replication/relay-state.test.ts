import { describe, expect, it } from "vitest";
import { Board } from "../../../core/board/board.ts";
import type { Collection } from "../../../core/board/collection.ts";
import { type Feed, makeFeed } from "../../../core/replication/feed.ts";
import { RelayState } from "../../../core/replication/relay-state.ts";
import type { Replica } from "../../../core/replication/replica.ts";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { NOON } from "../../support/updates.ts";
import { TestPort } from "../center.ts";
import { LAMPS, type Lamp } from "../sample-collection.ts";

const REVOCATION_MS = 60_000;
const SESSION_MS = 3_600_000;

/** A primary's board, and the relay that holds a replica of it. */
class RelayedBoard {
  readonly board: Board;
  readonly lamps: Collection<Lamp>;
  readonly relay = new RelayState([LAMPS], REVOCATION_MS);

  constructor(epoch = "epoch-1") {
    this.board = new Board(epoch);
    this.lamps = this.board.addCollection(LAMPS);
  }

  lamp(lampId: string, color: string): void {
    this.lamps.change(lampId, { lampId, color, rooms: [] });
  }

  /** What the primary sends, as it arrives on the other side. */
  feedFrom(seq: number): Feed {
    return structuredClone(makeFeed(this.board, seq));
  }
}

function join({ broadcaster }: Replica, id: string, subject = id): TestPort {
  const port = new TestPort();
  const viewer = { id, subject, legacy: false, groupFilter: null, expiresAt: NOON + SESSION_MS, watching: new Set<string>() };
  broadcaster.addSubscriber(viewer, port);
  broadcaster.sendFirstFrame(id, null, NOON);
  return port;
}

describe("A relay", () => {
  it("asks the primary about a feed that it cannot apply.", () => {
    const primary = new RelayedBoard();
    const { relay } = primary;
    expect([relay.replica, relay.position]).toEqual([null, null]);
    expect(relay.applyFeed(primary.feedFrom(0), NOON)).toBe("ask");
    relay.openReplica(primary.feedFrom(0));
    primary.lamp("a", "red");
    primary.lamp("b", "red");
    expect(relay.applyFeed(primary.feedFrom(1), NOON)).toBe("ask");
    expect(relay.position).toEqual({ epoch: "epoch-1", seq: 0 });
    expect(relay.applyFeed(primary.feedFrom(0), NOON)).toBe("applied");
    expect(relay.position).toEqual({ epoch: "epoch-1", seq: 2 });
  });

  it("is behind a viewer with a greater seq, as long as it has a replica.", () => {
    const primary = new RelayedBoard();
    primary.lamp("a", "red");
    const { relay } = primary;
    expect(relay.isBehind({ epoch: "epoch-1", seq: 9 })).toBe(false);
    relay.openReplica(primary.feedFrom(0));
    const behind = [0, 1, 2].map((seq) => relay.isBehind({ epoch: "epoch-1", seq }));
    expect(behind).toEqual([false, false, true]);
    expect(relay.isBehind(null)).toBe(false);
  });

  it("refuses a revoked subject until the limit, and closes that subject's viewers only.", () => {
    const primary = new RelayedBoard();
    const { relay } = primary;
    expect(relay.revoke("jane", NOON)).toBe(0);
    const replica = relay.openReplica(primary.feedFrom(0));
    const ports = [join(replica, "1", "ana"), join(replica, "2", "ana"), join(replica, "3", "bea")];
    expect(relay.revoke("ana", NOON)).toBe(2);
    expect(ports.map(({ closed }) => closed)).toEqual([CLOSE.revoked, CLOSE.revoked, null]);
    expect([relay.isRevoked("ana", NOON + REVOCATION_MS - 1), relay.isRevoked("ana", NOON + REVOCATION_MS)]).toEqual([
      true,
      false,
    ]);
    expect(relay.isRevoked("bea", NOON)).toBe(false);
  });

  it("keeps refusing a revoked subject while others are revoked.", () => {
    const { relay } = new RelayedBoard();
    relay.revoke("ana", NOON);
    relay.revoke("bea", NOON + REVOCATION_MS - 1);
    expect(relay.isRevoked("ana", NOON + REVOCATION_MS - 1)).toBe(true);
    relay.revoke("cleo", NOON + REVOCATION_MS);
    expect(relay.isRevoked("bea", NOON + REVOCATION_MS)).toBe(true);
    // The clock is set back: only the pruned entry is forgotten.
    expect([relay.isRevoked("ana", NOON), relay.isRevoked("bea", NOON)]).toEqual([false, true]);
  });

  it("drops its replica at a recheck without viewers, and asks the primary with one.", () => {
    const primary = new RelayedBoard();
    const { relay } = primary;
    expect(relay.recheck(NOON)).toBe("detach");
    const port = join(relay.openReplica(primary.feedFrom(0)), "v");
    expect(relay.recheck(NOON + SESSION_MS - 1)).toBe("ask");
    expect([port.closed, relay.replica === null]).toEqual([null, false]);
    expect(relay.recheck(NOON + SESSION_MS)).toBe("detach");
    expect([port.closed, relay.replica]).toEqual([CLOSE.ticketExpired, null]);
  });

  it("applies the answer to its question and sends it to its viewers.", () => {
    const primary = new RelayedBoard();
    const replica = primary.relay.openReplica(primary.feedFrom(0));
    const port = join(replica, "v");
    port.newFrames();
    primary.lamp("a", "red");
    expect(primary.relay.applyAnswer(replica, primary.feedFrom(0), { epoch: "epoch-1", seq: 0 }, NOON)).toBe("applied");
    expect(port.newFrames()).toMatchObject([{ type: "agentStatusBatch", from: 0, to: 1, data: [{ lampId: "a" }] }]);
    expect(primary.relay.replica).toBe(replica);
  });

  it("closes all viewers with 4410 and drops the replica when the primary cannot say what they missed.", () => {
    const primary = new RelayedBoard();
    primary.lamp("a", "red");
    for (const lost of [new RelayedBoard("epoch-2").feedFrom(1), primary.feedFrom(0)]) {
      const replica = primary.relay.openReplica(primary.feedFrom(0));
      const ports = [join(replica, "v"), join(replica, "w")];
      expect(primary.relay.applyAnswer(replica, lost, { epoch: "epoch-1", seq: 1 }, NOON)).toBe("lost");
      expect(ports.map(({ closed }) => closed?.code)).toEqual([4410, 4410]);
      expect(replica.broadcaster.size).toBe(0);
      expect(primary.relay.replica).toBeNull();
    }
  });

  it("keeps the newer replica when the answer for an older one is lost.", () => {
    const primary = new RelayedBoard();
    primary.lamp("a", "red");
    const older = primary.relay.openReplica(primary.feedFrom(0));
    const newer = primary.relay.openReplica(primary.feedFrom(0));
    const port = join(newer, "v");
    expect(primary.relay.applyAnswer(older, primary.feedFrom(0), { epoch: "epoch-1", seq: 1 }, NOON)).toBe("lost");
    expect(primary.relay.replica).toBe(newer);
    expect(port.closed).toBeNull();
  });
});
