import type { Position } from "../../core/board/board.ts";
import type { GroupFilter } from "../../core/board/visibility.ts";
import { BACKLOG_LIMIT_BYTES } from "../../core/broadcast/slow-consumers.ts";
import type { Feed } from "../../core/replication/feed.ts";
import type { OutgoingFeed } from "../../core/replication/relay-registry.ts";
import type { Replica } from "../../core/replication/replica.ts";
import type { Update } from "../../protocol/updates.ts";
import { NOON } from "../support/updates.ts";
import { CompactProtocolClient, DashboardClient, LegacyClient, ProtocolClient } from "./clients.ts";
import { Primary } from "./primary.ts";
import { GROUPS, randomUpdate } from "./random-updates.ts";
import { RelayObject } from "./relay.ts";
import { SeededRandom } from "./seeded-random.ts";
import { SimulatedConnection, type SimulatedViewer, shownBy } from "./simulated-connection.ts";

interface Post {
  id: string;
  updates: Update[];
  acknowledged: boolean;
}

/** A feed from the primary to a relay, or the primary's answer to a relay's question. */
type Call =
  | { kind: "feed"; relay: RelayObject; outgoing: OutgoingFeed }
  | { kind: "answer"; relay: RelayObject; feed: Feed; replica: Replica; asked: Position };

const GROUP_FILTERS: readonly GroupFilter[] = [null, null, ["Ventas"], ["Soporte", "Cobranza"], [...GROUPS], []];

/** Simulates a contact center, its hub and its viewers. Posts, calls and frames are lost, doubled or late at random. */
export class World {
  /** All events so far. The error of a failed run prints them. */
  readonly log: string[] = [];
  readonly primary = new Primary();
  readonly relays = [new RelayObject("relay-1", this.primary), new RelayObject("relay-2", this.primary)];
  readonly viewers: SimulatedViewer[];
  readonly posts: Post[] = [];
  readonly #random: SeededRandom;
  readonly #calm: boolean;
  #calls: Call[] = [];
  #now = NOON;

  /** A calm world has no long pauses, heartbeats or snapshots, so every acknowledged update must last. */
  constructor(seed: number, calm: boolean) {
    this.#random = new SeededRandom(seed);
    this.#calm = calm;
    const text = { legacy: false, compact: false, pace: 0, connection: null };
    const compact = { ...text, compact: true };
    this.viewers = GROUP_FILTERS.flatMap((groupFilter, index) => [
      index % 2 === 0
        ? { ...compact, id: `protocol-${index}`, groupFilter, client: new CompactProtocolClient() }
        : { ...text, id: `protocol-${index}`, groupFilter, client: new ProtocolClient() },
      { ...(index % 2 === 0 ? text : compact), id: `dashboard-${index}`, groupFilter, client: new DashboardClient() },
      ...(index % 2 === 0 ? [{ ...text, id: `legacy-${index}`, groupFilter, legacy: true, client: new LegacyClient() }] : []),
    ]);
  }

  run(steps: number): void {
    for (let step = 0; step < steps; step += 1) this.#step();
    this.#settle();
  }

  #step(): void {
    const random = this.#random;
    const viewer = random.pickAny(this.viewers);
    const relay = random.pickAny(this.relays);
    if (viewer === undefined || relay === undefined) return;
    this.#now += random.pick([0, 10, 100, 1_000]);
    this.#continueFanOuts();
    const steps: Array<readonly [weight: number, name: string, act: () => void]> = [
      [12, "post", () => this.#createPost()],
      [12, "deliver post", () => this.#deliverPost(null)],
      [2, "crash while storing", () => this.#deliverPost(random.integerBelow(6))],
      [10, "flush", () => this.#flush()],
      [8, "call arrives", () => this.#deliverLateCall()],
      [12, `connect ${viewer.id}`, () => this.#connectViewer(viewer)],
      [20, `frames for ${viewer.id}`, () => this.#receiveFrames(viewer, 1 + random.integerBelow(4))],
      [3, `disconnect ${viewer.id}`, () => this.#disconnect(viewer)],
      [1, `resync ${viewer.id}`, () => this.#resyncViewer(viewer)],
      [viewer.legacy ? 0 : 3, `${viewer.id} changes its pace`, () => this.#changePace(viewer)],
      [3, `${viewer.id} becomes slow or quick`, () => this.#toggleSlowness(viewer)],
      [2, "primary hibernates", () => this.#hibernatePrimary()],
      [1, "primary crashes", () => this.primary.crash()],
      [2, `${relay.name} hibernates`, () => relay.hibernate()],
      [1, `${relay.name} crashes`, () => relay.crash()],
      [3, `${relay.name} rechecks`, () => this.#recheckRelay(relay)],
      [2, `${relay.name} saves its position`, () => relay.savePosition()],
      ...(this.#calm
        ? []
        : ([
            [3, "time passes", () => this.#timePasses()],
            [0.2, "primary loses everything", () => this.primary.loseEverything()],
          ] as const)),
    ];
    let at = random.next() * steps.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, name, act] of steps) {
      at -= weight;
      if (at >= 0) continue;
      this.log.push(`+${this.#now - NOON} ${name}`);
      act();
      return;
    }
  }

  #createPost(): void {
    const random = this.#random;
    const updates = Array.from({ length: 1 + random.integerBelow(4) }, () => randomUpdate(random, this.#now, !this.#calm));
    this.posts.push({ id: `post-${this.posts.length}`, updates, acknowledged: false });
  }

  /** Delivers any post, also one that was acknowledged long ago. The answer may be lost. */
  #deliverPost(crashAfter: number | null): void {
    const waiting = this.posts.filter((post) => !post.acknowledged);
    const post = this.#random.pickAny(this.#random.chance(0.8) && waiting.length > 0 ? waiting : this.posts);
    if (post === undefined) return;
    const id = this.#random.chance(0.1) ? `${post.id} again at ${this.#now}` : post.id;
    try {
      this.primary.ingest(id, post.updates, this.#now, crashAfter);
      if (this.#random.chance(0.8)) post.acknowledged = true;
    } catch (error) {
      if (crashAfter === null) throw error;
      this.primary.crash();
    }
  }

  #flush(): void {
    this.primary.broadcaster.flush(this.#now);
    for (const relay of this.relays) this.#sendFeed(relay);
  }

  /** Continues the running flushes by one batch, so that other events happen between batches. */
  #continueFanOuts(): void {
    if (this.primary.broadcaster.isFanningOut) this.primary.broadcaster.continueFanOut(this.#now);
    for (const relay of this.relays) if (relay.busy) relay.runTimer(this.#now);
  }

  #sendFeed(relay: RelayObject): void {
    const next = this.primary.registry.nextFeed(relay.name);
    if (next === null) return;
    const call: Call = { kind: "feed", relay, outgoing: { ...next, feed: structuredClone(next.feed) } };
    // "late": the primary's call has failed when the feed arrives. "unanswered": the feed arrives and the answer is lost.
    const fate = this.#random.pick(["well", "well", "well", "lost", "late", "unanswered"]);
    if (fate === "late") this.#calls.push(call);
    const accepted = fate === "well" || fate === "unanswered" ? this.#deliverCall(call) : null;
    if (fate === "well" && accepted !== null) this.primary.registry.confirmFeed(call.outgoing, accepted);
  }

  #deliverLateCall(): void {
    const call = this.#random.pickAny(this.#calls);
    if (call === undefined) return;
    this.#calls = this.#calls.filter((other) => other !== call);
    this.#deliverCall(call);
  }

  /** Returns whether the relay has viewers. */
  #deliverCall(call: Call): boolean {
    if (call.kind === "answer") {
      call.relay.receiveAnswer(call.replica, call.feed, call.asked, this.#now);
      return true;
    }
    const result = call.relay.receiveFeed(call.outgoing.feed, this.#now);
    if (result === "ask") this.#askPrimary(call.relay);
    return result !== "refused";
  }

  #askPrimary(relay: RelayObject): void {
    const question = relay.question();
    if (question === null) return;
    const call: Call = { kind: "answer", relay, feed: this.primary.report(relay, question.asked), ...question };
    if (this.#random.chance(0.5)) this.#deliverCall(call);
    else if (this.#random.chance(0.8)) this.#calls.push(call);
  }

  #connectViewer(viewer: SimulatedViewer): void {
    if (viewer.connection?.open) return;
    this.#disconnect(viewer);
    // A new connection has no pace until its viewer asks for one.
    viewer.pace = 0;
    if (this.#random.chance(0.1)) viewer.groupFilter = this.#random.pickAny(GROUP_FILTERS) ?? null;
    const relay = this.#random.chance(0.5) ? this.#random.pickAny(this.relays) : undefined;
    if (relay === undefined) {
      viewer.connection = new SimulatedConnection(viewer, this.primary.core.board);
      this.primary.connectViewer(viewer, this.#now);
      return;
    }
    relay.connectViewer(viewer, this.#now, (board) => {
      viewer.connection = new SimulatedConnection(viewer, board);
    });
  }

  #receiveFrames(viewer: SimulatedViewer, count: number): void {
    for (let frame = 0; frame < count; frame += 1) viewer.connection?.receiveNext();
  }

  #disconnect(viewer: SimulatedViewer): void {
    viewer.connection?.breakOff();
    this.primary.removeViewer(viewer);
    for (const relay of this.relays) relay.removeViewer(viewer);
  }

  #resyncViewer(viewer: SimulatedViewer): void {
    if (this.primary.viewers.has(viewer)) this.primary.broadcaster.resync(viewer.id, this.#now);
    for (const relay of this.relays) if (relay.viewers.has(viewer)) relay.resync(viewer, this.#now);
  }

  #changePace(viewer: SimulatedViewer): void {
    viewer.pace = this.#random.pick([0, 0, 500, 2000]);
    if (this.primary.viewers.has(viewer)) this.primary.broadcaster.setPace(viewer.id, viewer.pace, this.#now);
    for (const relay of this.relays) if (relay.viewers.has(viewer)) relay.setPace(viewer, this.#now);
  }

  #toggleSlowness(viewer: SimulatedViewer): void {
    if (viewer.connection === null) return;
    viewer.connection.unsent = viewer.connection.unsent > 0 ? 0 : BACKLOG_LIMIT_BYTES + 1;
    this.#now += 100;
    for (const relay of this.relays) relay.runTimer(this.#now);
  }

  #hibernatePrimary(): void {
    this.#flush();
    this.primary.hibernate(this.#now);
  }

  #recheckRelay(relay: RelayObject): void {
    if (relay.recheck(this.#now)) this.#askPrimary(relay);
  }

  #timePasses(): void {
    this.#now += this.#random.pick([5_000, 20_000, 45_000]);
    this.primary.expire(this.#now);
  }

  /** Repairs the network and delivers everything that still waits. */
  #settle(): void {
    this.log.push("the network is repaired");
    for (const post of this.posts) {
      if (!post.acknowledged) this.primary.ingest(post.id, post.updates, this.#now, null);
    }
    this.primary.broadcaster.flush(this.#now);
    for (const call of this.#calls) this.#deliverCall(call);
    for (const viewer of this.viewers) {
      if (viewer.connection !== null) viewer.connection.unsent = 0;
      this.#connectViewer(viewer);
    }
    for (const relay of this.relays) if (relay.recheck(this.#now)) relay.askPrimary(this.#now);
    const slowestIsDue = this.#now + 10_000;
    this.primary.broadcaster.flush(slowestIsDue);
    while (this.primary.broadcaster.isFanningOut) this.primary.broadcaster.continueFanOut(slowestIsDue);
    do for (const relay of this.relays) relay.runTimer(slowestIsDue);
    while (this.relays.some((relay) => relay.busy));
    for (const viewer of this.viewers) {
      // A relay closes its viewers when the primary has lost its state.
      if (!viewer.connection?.open) this.#connectViewer(viewer);
      while ((viewer.connection?.waiting ?? 0) > 0) viewer.connection?.receiveNext();
    }
  }

  /** Lists the viewers whose board differs from the hub's. */
  divergentViewers(): string[] {
    return this.viewers.flatMap(({ id, groupFilter, legacy, client }) => {
      const [shown, should] = [client.shown(), shownBy(this.primary.core.board, groupFilter, legacy)];
      const same =
        shown.size === should.size &&
        [...should].every(([agentId, agent]) => JSON.stringify(sorted(shown.get(agentId))) === JSON.stringify(sorted(agent)));
      return same ? [] : [`${id} shows ${JSON.stringify([...shown])}, the hub ${JSON.stringify([...should])}`];
    });
  }

  /** Posts everything once more and returns the number of board changes. 0: nothing was lost. */
  countLostChanges(): number {
    const { seq } = this.primary.core.board;
    for (const { id, updates } of this.posts) this.primary.ingest(`${id} for the last time`, updates, this.#now, null);
    return this.primary.core.board.seq - seq;
  }
}

function sorted(agent: object | undefined): unknown {
  return Object.entries(agent ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}
