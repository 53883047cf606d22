import { systemClock } from "../clock.ts";
import type { AgentClient, Clock, HubReply } from "../contract.ts";
import { Listeners } from "../listeners.ts";
import { Timer } from "../timer.ts";
import { PastStore } from "./past-store.ts";
import { changesBetween, type PastPiece, readMoment, readSpan } from "./piece.ts";
import { Pieces } from "./pieces.ts";
import { problemOf, type ReplayProblem } from "./replay-answer.ts";

export const REPLAY_SPEEDS = [1, 5, 15, 60] as const;
export type ReplaySpeed = (typeof REPLAY_SPEEDS)[number];

/** What the controls of a replay show. Times are epoch ms on the hub's clock. */
export interface ReplayState {
  /** The moment that the reader wants to see. */
  at: number;
  /** The moment that the board shows; null = nothing yet. */
  shownAt: number | null;
  playing: boolean;
  speed: ReplaySpeed;
  /** The board of `at` is on its way. */
  loading: boolean;
  problem: ReplayProblem | null;
  /** The oldest moment that can be asked for; null = unknown. */
  keptSince: number | null;
  /** It has played up to the present. */
  ended: boolean;
}

/** The part of the live client that a replay uses. */
export type LiveHub = Pick<AgentClient, "ask" | "now">;

/** What the hub is asked for. `bounds` is a moment that is asked only to learn what is kept. */
type Need = { kind: "moment" | "bounds"; at: number } | { kind: "span"; from: number; to: number };

/** Between two pictures while it plays: fast enough for 60 times, when each picture is 15 s later. */
const TICK_MS = 250;
/** The newest moment to ask for: the hub refuses the future, and an answer takes its time. */
const BEHIND_LIVE_MS = 1_000;
/** Without a wish the replay begins so long before the present. */
const START_BEFORE_MS = 60_000;
/** A piece lasts for so long on the reader's clock, but at least a minute: 10 min of the past at 60 times. */
const PIECE_SECONDS = 10;
const SHORTEST_PIECE_MS = 60_000;

function startOf(need: Need): number {
  return need.kind === "span" ? need.from : need.at;
}

type Answer = Readonly<{ need: Need; reply: HubReply }>;

/**
 * The play head over the past of a board. It asks the hub for the board of a moment after a jump, and for bounded pieces ahead of the
 * head while it plays. One question is open at a time, so that a slider that is dragged asks only for where it is.
 */
export class ReplaySession {
  readonly store = new PastStore();
  readonly #live: LiveHub;
  readonly #clock: Clock;
  readonly #pieces = new Pieces();
  readonly #listeners = new Listeners();
  readonly #tickTimer: Timer;
  readonly #retryTimer: Timer;
  /** Where the head was at a time of this machine's clock. */
  #base: { at: number; now: number };
  #shownPiece: PastPiece | null = null;
  #asking = false;
  #closed = false;
  /** The reader has named no moment, so the oldest one does as well. */
  #anyMoment: boolean;
  /** The moment that the hub does not know, while it is asked since when it knows one. */
  #notKept: number | null = null;
  #state: ReplayState;

  /** @param at the first moment to show; null = a minute ago */
  constructor(live: LiveHub, at: number | null, clock: Clock = systemClock) {
    this.#live = live;
    this.#clock = clock;
    this.#tickTimer = new Timer(clock);
    this.#retryTimer = new Timer(clock);
    this.#anyMoment = at === null;
    const start = Math.round(Math.min(at ?? live.now() - START_BEFORE_MS, this.newest()));
    this.#base = { at: start, now: clock.now() };
    const first = {
      shownAt: null,
      playing: false,
      speed: 1,
      loading: true,
      problem: null,
      keptSince: null,
      ended: false,
    } as const;
    this.#state = { at: start, ...first };
    void this.#load();
  }

  readonly state = (): ReplayState => this.#state;
  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  /** The number of pieces in memory. */
  get pieceCount(): number {
    return this.#pieces.count;
  }

  /** The newest moment that can be shown (epoch ms). */
  newest(): number {
    return this.#live.now() - BEHIND_LIVE_MS;
  }

  /** Goes to a moment (epoch ms). One in the future is the present. */
  seek(at: number): void {
    this.#anyMoment = false;
    this.#goTo(Math.round(Math.max(0, Math.min(at, this.newest()))));
  }

  play(): void {
    if (this.#state.playing) return;
    this.#rebase(this.#state.at);
    this.#change({ playing: true, problem: null, ended: false });
    this.#tick();
  }

  pause(): void {
    this.#tickTimer.stop();
    if (this.#state.playing) this.#change({ playing: false });
  }

  setSpeed(speed: ReplaySpeed): void {
    this.#rebase(this.#state.at);
    this.#change({ speed });
    void this.#load();
  }

  close(): void {
    this.#closed = true;
    this.#tickTimer.stop();
    this.#retryTimer.stop();
  }

  #goTo(at: number): void {
    this.#retryTimer.stop();
    this.#rebase(at);
    this.#change({ at, problem: null, ended: false });
    this.#show(at);
    void this.#load();
  }

  #tick(): void {
    const { playing, speed, at } = this.#state;
    if (!playing || this.#closed) return;
    this.#tickTimer.start(TICK_MS, () => this.#tick());
    const known = this.#pieces.knownUntil(at);
    const wanted = this.#base.at + (this.#clock.now() - this.#base.now) * speed;
    const next = Math.round(Math.max(at, Math.min(wanted, known ?? at)));
    // The head waits for the next piece, and does not jump when it comes.
    if (next < wanted) this.#rebase(next);
    this.#change({ at: next });
    this.#show(next);
    if (known !== null && next >= known && this.newest() - known < BEHIND_LIVE_MS + TICK_MS * speed) {
      this.pause();
      this.#change({ ended: true, loading: false });
    }
    void this.#load();
  }

  /** Shows the board of a moment if it is loaded. */
  #show(at: number): void {
    const piece = this.#pieces.pieceOf(at);
    this.#change({ loading: piece === null || (this.#state.playing && this.#isStarved()) });
    if (piece === null) return;
    const { shownAt } = this.#state;
    const goesOn = shownAt !== null && at >= shownAt;
    this.#state = { ...this.#state, shownAt: at };
    if (goesOn && piece === this.#shownPiece) this.store.showChanges(changesBetween(piece, shownAt, at));
    else this.store.showLists(piece.lists, changesBetween(piece, piece.from, at), goesOn);
    this.#shownPiece = piece;
    this.#listeners.notify();
  }

  /** Whether the head stands at the end of what is loaded, and there is more. */
  #isStarved(): boolean {
    const known = this.#pieces.knownUntil(this.#state.at);
    return known === null || (known <= this.#state.at && this.newest() - known > BEHIND_LIVE_MS);
  }

  async #load(): Promise<void> {
    if (this.#asking || this.#closed || this.#state.problem !== null) return;
    const need = this.#need();
    if (need === null) return;
    this.#asking = true;
    const query = need.kind === "span" ? `from=${need.from}&to=${need.to}` : `at=${need.at}`;
    const reply = await this.#live.ask({ method: "GET", resource: `history?${query}` });
    this.#asking = false;
    if (this.#closed) return;
    this.#apply({ need, reply });
    await this.#load();
  }

  #need(): Need | null {
    const { at, playing, speed } = this.#state;
    const length = Math.max(SHORTEST_PIECE_MS, speed * PIECE_SECONDS * 1000);
    const newest = Math.floor(this.newest());
    const known = this.#pieces.knownUntil(at);
    if (this.#notKept === at) return { kind: "bounds", at: newest };
    if (!playing) return known === null ? { kind: "moment", at } : null;
    const from = known ?? at;
    const rest = newest - from;
    const left = from - at;
    // Near the present the pieces get short. Each costs a ticket, so they are asked for only when there is a good part of one.
    const isDue = known === null || (left < length / 2 && (rest >= length / 4 || (left <= 0 && rest > BEHIND_LIVE_MS)));
    return isDue && rest > 0 ? { kind: "span", from, to: Math.min(from + length, newest) } : null;
  }

  #apply({ need, reply }: Answer): void {
    const piece = reply.status !== 200 ? null : need.kind === "span" ? readSpan(reply.body) : readMoment(reply.body);
    if (piece === null || piece.from !== startOf(need)) this.#fail(need, reply);
    else this.#use(need, piece);
  }

  #use(need: Need, piece: PastPiece): void {
    if (piece.lists.keptSince !== null) this.#change({ keptSince: piece.lists.keptSince });
    if (need.kind === "bounds") {
      this.#nameOldest();
      return;
    }
    const isStill = this.#isStill(need);
    this.#pieces.add(piece, this.#state.at);
    if (need.kind === "span" && piece.to <= need.from && isStill) this.#stopWith("hole");
    else if (this.#state.shownAt !== this.#state.at) this.#show(this.#state.at);
  }

  #fail(need: Need, reply: HubReply): void {
    const { problem, againMs } = problemOf(reply);
    if (againMs !== null) {
      this.#change({ problem });
      this.#retryTimer.start(againMs, () => {
        this.#change({ problem: null });
        void this.#load();
      });
    } else if (this.#isStill(need)) {
      if (problem !== "not_kept" || need.kind === "bounds") this.#stopWith(problem);
      else this.#notKept = this.#state.at;
    }
    // Else the reader has gone on to another moment, which is asked for next.
  }

  #isStill(need: Need): boolean {
    const now = this.#need();
    return now !== null && now.kind === need.kind && (now.kind === "bounds" || startOf(now) === startOf(need));
  }

  /** The board of the present has told since when there is one. */
  #nameOldest(): void {
    const { keptSince, at } = this.#state;
    const asked = this.#notKept;
    this.#notKept = null;
    if (asked !== at) return;
    const older = keptSince === null || at < keptSince;
    if (older && keptSince !== null && this.#anyMoment) this.seek(keptSince);
    else this.#stopWith(older ? "not_kept" : "hole");
  }

  #stopWith(problem: ReplayProblem): void {
    this.#tickTimer.stop();
    this.#change({ problem, playing: false, loading: false });
  }

  #rebase(at: number): void {
    this.#base = { at, now: this.#clock.now() };
  }

  #change(change: Partial<ReplayState>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    if (JSON.stringify(before) !== JSON.stringify(this.#state)) this.#listeners.notify();
  }
}
