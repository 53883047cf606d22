import type { Position } from "../../core/board/board.ts";
import type { GroupFilter } from "../../core/board/visibility.ts";
import { BACKLOG_LIMIT_BYTES } from "../../core/broadcast/slow-consumers.ts";
import type { Feed } from "../../core/replication/feed.ts";
import type { OutgoingFeed } from "../../core/replication/relay-registry.ts";
import type { Replica } from "../../core/replication/replica.ts";
import type { Update } from "../../protocol/updates.ts";
import { NOON } from "../support/updates.ts";
import { DashboardClient, LegacyClient, PaperClient } from "./clients.ts";
import { GROUPS, happening } from "./happenings.ts";
import { Line, shownBy, type Watcher } from "./line.ts";
import { Primary } from "./primary.ts";
import { Random } from "./random.ts";
import { RelayObject } from "./relay.ts";

interface Post {
  id: string;
  updates: Update[];
  acknowledged: boolean;
}

/** A call from the primary to a relay, or the primary's answer to one of the relay. */
type Call =
  | { kind: "feed"; relay: RelayObject; outgoing: OutgoingFeed }
  | { kind: "answer"; relay: RelayObject; feed: Feed; replica: Replica; asked: Position };

const LIMITED_TO: readonly GroupFilter[] = [null, null, ["Ventas"], ["Soporte", "Cobranza"], [...GROUPS], []];

/** A contact center, its hub and those who watch it, in which everything that can be lost, doubled or late is so at times. */
export class World {
  /** What has happened, for whoever must understand a failure. */
  readonly log: string[] = [];
  readonly primary = new Primary();
  readonly relays = [new RelayObject("relay-1", this.primary), new RelayObject("relay-2", this.primary)];
  readonly watchers: Watcher[];
  readonly posts: Post[] = [];
  readonly #random: Random;
  readonly #calm: boolean;
  #calls: Call[] = [];
  #now = NOON;

  /** In a calm world no time passes by itself and nothing is seen only in passing: every acknowledged update must last. */
  constructor(seed: number, calm: boolean) {
    this.#random = new Random(seed);
    this.#calm = calm;
    this.watchers = LIMITED_TO.flatMap((groupFilter, index) => [
      { id: `paper-${index}`, groupFilter, legacy: false, client: new PaperClient(), line: null },
      { id: `dashboard-${index}`, groupFilter, legacy: false, client: new DashboardClient(), line: null },
      ...(index % 2 === 0 ? [{ id: `legacy-${index}`, groupFilter, legacy: true, client: new LegacyClient(), line: null }] : []),
    ]);
  }

  run(steps: number): void {
    for (let step = 0; step < steps; step += 1) this.#step();
    this.#settle();
  }

  #step(): void {
    const random = this.#random;
    const watcher = random.any(this.watchers);
    const relay = random.any(this.relays);
    if (watcher === undefined || relay === undefined) return;
    this.#now += random.pick([0, 10, 100, 1_000]);
    this.#nextSlices();
    const steps: Array<readonly [weight: number, name: string, act: () => void]> = [
      [12, "post", () => this.#post()],
      [12, "deliver post", () => this.#deliver(null)],
      [2, "crash while storing", () => this.#deliver(random.below(6))],
      [10, "flush", () => this.#flush()],
      [8, "call arrives", () => this.#callArrives()],
      [12, `connect ${watcher.id}`, () => this.#connect(watcher)],
      [20, `frames for ${watcher.id}`, () => this.#frames(watcher, 1 + random.below(4))],
      [3, `cut ${watcher.id}`, () => this.#cut(watcher)],
      [1, `resync ${watcher.id}`, () => this.#resync(watcher)],
      [3, `${watcher.id} is slow or not`, () => this.#slow(watcher)],
      [2, "primary sleeps", () => this.#sleep()],
      [1, "primary crashes", () => this.primary.crash()],
      [2, `${relay.name} sleeps`, () => relay.hibernate()],
      [1, `${relay.name} crashes`, () => relay.crash()],
      [3, `${relay.name} rechecks`, () => this.#recheck(relay)],
      [2, `${relay.name} is quiet`, () => relay.savePosition()],
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

  #post(): void {
    const random = this.#random;
    const updates = Array.from({ length: 1 + random.below(4) }, () => happening(random, this.#now, !this.#calm));
    this.posts.push({ id: `post-${this.posts.length}`, updates, acknowledged: false });
  }

  /** Any post, also one that was acknowledged long ago; the answer may be lost. */
  #deliver(crashAfter: number | null): void {
    const waiting = this.posts.filter((post) => !post.acknowledged);
    const post = this.#random.any(this.#random.chance(0.8) && waiting.length > 0 ? waiting : this.posts);
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

  /** A flush that is on its way goes on while other things happen. */
  #nextSlices(): void {
    if (this.primary.broadcaster.isFanningOut) this.primary.broadcaster.continueFanOut(this.#now);
    for (const relay of this.relays) if (relay.busy) relay.tend(this.#now);
  }

  #sendFeed(relay: RelayObject): void {
    const next = this.primary.registry.nextFeed(relay.name);
    if (next === null) return;
    const call: Call = { kind: "feed", relay, outgoing: { ...next, feed: structuredClone(next.feed) } };
    // Lost; late (and given up by the primary); arrived but the primary never learns it; or all well.
    const fate = this.#random.pick(["well", "well", "well", "lost", "late", "unanswered"]);
    if (fate === "late") this.#calls.push(call);
    const accepted = fate === "well" || fate === "unanswered" ? this.#arrive(call) : null;
    if (fate === "well" && accepted !== null) this.primary.registry.confirmFeed(call.outgoing, accepted);
  }

  #callArrives(): void {
    const call = this.#random.any(this.#calls);
    if (call === undefined) return;
    this.#calls = this.#calls.filter((other) => other !== call);
    this.#arrive(call);
  }

  /** Returns whether the relay serves anybody. */
  #arrive(call: Call): boolean {
    if (call.kind === "answer") {
      call.relay.receiveAnswer(call.replica, call.feed, call.asked, this.#now);
      return true;
    }
    const result = call.relay.receiveFeed(call.outgoing.feed, this.#now);
    if (result === "ask") this.#ask(call.relay);
    return result !== "refused";
  }

  #ask(relay: RelayObject): void {
    const question = relay.question();
    if (question === null) return;
    const call: Call = { kind: "answer", relay, feed: this.primary.report(relay, question.asked), ...question };
    if (this.#random.chance(0.5)) this.#arrive(call);
    else if (this.#random.chance(0.8)) this.#calls.push(call);
  }

  #connect(watcher: Watcher): void {
    if (watcher.line?.open) return;
    this.#cut(watcher);
    if (this.#random.chance(0.1)) watcher.groupFilter = this.#random.any(LIMITED_TO) ?? null;
    const relay = this.#random.chance(0.5) ? this.#random.any(this.relays) : undefined;
    if (relay === undefined) {
      watcher.line = new Line(watcher, this.primary.state.board);
      this.primary.connect(watcher, this.#now);
      return;
    }
    relay.connect(watcher, this.#now, (board) => {
      watcher.line = new Line(watcher, board);
    });
  }

  #frames(watcher: Watcher, count: number): void {
    for (let frame = 0; frame < count; frame += 1) watcher.line?.arrive();
  }

  #cut(watcher: Watcher): void {
    watcher.line?.cut();
    this.primary.leave(watcher);
    for (const relay of this.relays) relay.leave(watcher);
  }

  #resync(watcher: Watcher): void {
    if (this.primary.watchers.has(watcher)) this.primary.broadcaster.resync(watcher.id, this.#now);
    for (const relay of this.relays) if (relay.watchers.has(watcher)) relay.resync(watcher, this.#now);
  }

  #slow(watcher: Watcher): void {
    if (watcher.line === null) return;
    watcher.line.unsent = watcher.line.unsent > 0 ? 0 : BACKLOG_LIMIT_BYTES + 1;
    this.#now += 100;
    for (const relay of this.relays) relay.tend(this.#now);
  }

  #sleep(): void {
    this.#flush();
    this.primary.hibernate(this.#now);
  }

  #recheck(relay: RelayObject): void {
    if (relay.recheck(this.#now)) this.#ask(relay);
  }

  #timePasses(): void {
    this.#now += this.#random.pick([5_000, 20_000, 45_000]);
    this.primary.expire(this.#now);
  }

  /** The network is well again, and everybody has the time they need. */
  #settle(): void {
    this.log.push("all is well again");
    for (const post of this.posts) {
      if (!post.acknowledged) this.primary.ingest(post.id, post.updates, this.#now, null);
    }
    this.primary.broadcaster.flush(this.#now);
    for (const call of this.#calls) this.#arrive(call);
    for (const watcher of this.watchers) {
      if (watcher.line !== null) watcher.line.unsent = 0;
      this.#connect(watcher);
    }
    for (const relay of this.relays) if (relay.recheck(this.#now)) relay.ask(this.#now);
    this.primary.broadcaster.flush(this.#now);
    while (this.primary.broadcaster.isFanningOut) this.primary.broadcaster.continueFanOut(this.#now);
    do for (const relay of this.relays) relay.tend(this.#now);
    while (this.relays.some((relay) => relay.busy));
    for (const watcher of this.watchers) {
      // Those whose relay had the state that was lost were told to come back.
      if (!watcher.line?.open) this.#connect(watcher);
      while ((watcher.line?.waiting ?? 0) > 0) watcher.line?.arrive();
    }
  }

  /** Viewers who do not see what the hub shows. */
  astray(): string[] {
    return this.watchers.flatMap(({ id, groupFilter, client }) => {
      const [shown, should] = [client.shown(), shownBy(this.primary.state.board, groupFilter)];
      const same =
        shown.size === should.size &&
        [...should].every(([agentId, agent]) => JSON.stringify(sorted(shown.get(agentId))) === JSON.stringify(sorted(agent)));
      return same ? [] : [`${id} shows ${JSON.stringify([...shown])}, the hub ${JSON.stringify([...should])}`];
    });
  }

  /** How many changes of the board it takes to tell everything once more: 0 when nothing was lost. */
  lost(): number {
    const { seq } = this.primary.state.board;
    for (const { id, updates } of this.posts) this.primary.ingest(`${id} for the last time`, updates, this.#now, null);
    return this.primary.state.board.seq - seq;
  }
}

function sorted(agent: object | undefined): unknown {
  return Object.entries(agent ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}
