import { CLOSE } from "../../protocol/close-codes.ts";
import type { Position } from "../board/board.ts";
import type { CollectionDefinition, RowFields } from "../board/collection.ts";
import { FAN_OUT_BATCH } from "../broadcast/fan-out.ts";
import type { Compression } from "../broadcast/frame-packer.ts";
import type { Feed } from "./feed.ts";
import { Replica } from "./replica.ts";

/**
 * The decisions of a relay. The object around it asks the primary, keeps the timers, and writes the position down. A relay has a
 * replica while it serves viewers.
 */
export class RelayState {
  readonly #collections: readonly CollectionDefinition<RowFields>[];
  readonly #revocationMs: number;
  readonly #batchSize: number;
  readonly #compression: Compression | null;
  /** Subject -> until when it may not connect. The primary let the viewer pass a moment before it was revoked. */
  readonly #revokedUntil = new Map<string, number>();
  #replica: Replica | null = null;

  /** `revocationMs`: how long a ticket that was sold before a revocation may still arrive. */
  constructor(
    collections: readonly CollectionDefinition<RowFields>[],
    revocationMs: number,
    batchSize = FAN_OUT_BATCH,
    compression: Compression | null = null,
  ) {
    this.#collections = collections;
    this.#revocationMs = revocationMs;
    this.#batchSize = batchSize;
    this.#compression = compression;
  }

  get replica(): Replica | null {
    return this.#replica;
  }

  /** The position to ask the primary about; null = the relay has no replica. */
  get position(): Position | null {
    return this.#replica?.position ?? null;
  }

  /** Begins a replica from a feed of all rows. */
  openReplica(feed: Feed): Replica {
    this.#replica = new Replica(feed, this.#collections, this.#batchSize, this.#compression);
    return this.#replica;
  }

  /** Applies a feed that the primary sent by itself. "ask": the relay must ask the primary what it missed. */
  applyFeed(feed: Feed, now: number): "applied" | "ask" {
    if (this.#replica === null) return "ask";
    return this.#replica.applyFeed(feed, now) === "gap" ? "ask" : "applied";
  }

  /**
   * Applies the answer to the question what `replica` missed since `asked`. If the primary cannot say, all viewers are closed to
   * start anew, and the replica is dropped.
   */
  applyAnswer(replica: Replica, feed: Feed, asked: Position, now: number): "applied" | "lost" {
    if (replica.applyAnswer(feed, asked, now) === "applied") return "applied";
    for (const { id } of replica.broadcaster.viewers()) replica.broadcaster.closeViewer(id, CLOSE.resync);
    if (this.#replica === replica) this.#replica = null;
    return "lost";
  }

  /** Whether a viewer knows more than the relay. Then the relay asks first, so that no viewer is sent back in time. */
  isBehind(viewer: Position | null): boolean {
    return this.#replica !== null && (viewer?.seq ?? 0) > this.#replica.board.seq;
  }

  /** Closes the subject's viewers and refuses it for a while. Returns how many were closed. */
  revoke(subject: string, now: number): number {
    for (const [known, until] of this.#revokedUntil) if (until <= now) this.#revokedUntil.delete(known);
    this.#revokedUntil.set(subject, now + this.#revocationMs);
    return this.#replica?.broadcaster.revoke(subject) ?? 0;
  }

  isRevoked(subject: string, now: number): boolean {
    return (this.#revokedUntil.get(subject) ?? 0) > now;
  }

  /** Runs now and then. "ask": the relay has viewers, and asks what it missed. "detach": it has none, and drops its replica. */
  recheck(now: number): "ask" | "detach" {
    this.#replica?.broadcaster.expireSessions(now);
    if (this.#replica !== null && this.#replica.broadcaster.size > 0) return "ask";
    this.dropReplica();
    return "detach";
  }

  dropReplica(): void {
    this.#replica = null;
  }
}
