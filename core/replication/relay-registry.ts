import type { Board, Position } from "../board/board.ts";
import { type Feed, makeFeed } from "./feed.ts";

/** Less than every seq, so that even an empty board is fed. */
const NOTHING_SENT = -1;

/** Which relays there are must outlive the primary's memory. */
export interface RelayStore {
  relays(): { name: string; watching: string[] }[];
  saveRelay(name: string, watching: readonly string[]): void;
  deleteRelay(name: string): void;
}

interface RelayEntry {
  /** null = the primary has restarted, and the relay has not reported since. */
  viewers: number | null;
  watching: ReadonlySet<string>;
  /** The relay got every row up to this seq. */
  sentUpTo: number;
  /** The watched contacts as storage knows them; null = storage does not know the relay. */
  stored: string | null;
}

/** A feed on its way to a relay. Give it back to {@link RelayRegistry.confirmFeed}. */
export interface OutgoingFeed {
  name: string;
  feed: Feed;
  /** The entry as it was: the relay may report meanwhile. */
  entry: RelayEntry;
}

/** Decides for a primary which relay has room, and which rows each relay still needs. */
export class RelayRegistry {
  #board: Board;
  readonly #store: RelayStore;
  readonly #entries = new Map<string, RelayEntry>();
  /** Most relays stand at the same position, so they share one feed. */
  #lastFeed: Feed | null = null;

  constructor(board: Board, store: RelayStore) {
    this.#board = board;
    this.#store = store;
    for (const { name, watching } of store.relays()) {
      this.#entries.set(name, { viewers: null, watching: new Set(watching), sentUpTo: board.seq, stored: watching.join("\n") });
    }
  }

  /** Goes on with a board that was read from storage again. The relays have nothing that it lacks, unless it has another epoch. */
  replaceBoard(board: Board): void {
    if (board.epoch !== this.#board.epoch) for (const entry of this.#entries.values()) entry.sentUpTo = NOTHING_SENT;
    this.#board = board;
    this.#lastFeed = null;
  }

  get size(): number {
    return this.#entries.size;
  }

  get viewers(): number {
    let viewers = 0;
    for (const entry of this.#entries.values()) viewers += entry.viewers ?? 0;
    return viewers;
  }

  /** The relays whose number of viewers is not known. */
  uncounted(): string[] {
    return [...this.#entries].filter(([, entry]) => entry.viewers === null).map(([name]) => name);
  }

  /** Notes how many viewers a relay says it has. */
  countViewers(name: string, viewers: number): void {
    if (this.#entries.get(name)?.viewers === null) this.#change(name, { viewers });
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  watchedContacts(): Set<string> {
    return new Set([...this.#entries.values()].flatMap((entry) => [...entry.watching]));
  }

  /** The relays with a viewer that watches the contact. */
  relaysWatching(contactId: string): string[] {
    return [...this.#entries].filter(([, entry]) => entry.watching.has(contactId)).map(([name]) => name);
  }

  /** Counts one more viewer at the first of the relays that has room. null = all are full. */
  assignViewer(names: Iterable<string>, room: number): string | null {
    for (const name of names) {
      const viewers = this.#entries.get(name)?.viewers ?? 0;
      if (viewers >= room) continue;
      this.#change(name, { viewers: viewers + 1 });
      return name;
    }
    return null;
  }

  /** Takes a relay's report and returns what it missed since `position`: all rows if that cannot be proven. */
  report(name: string, viewers: number, watching: readonly string[], position: Position | null): Feed {
    const stored = watching.join("\n");
    if (this.#entries.get(name)?.stored !== stored) this.#store.saveRelay(name, watching);
    this.#change(name, { viewers, watching: new Set(watching), sentUpTo: this.#board.seq, stored });
    return makeFeed(this.#board, position !== null && this.#board.canResume(position) ? position.seq : 0);
  }

  /** The rows that the relay still needs; null = it has all of them, or is gone. */
  nextFeed(name: string): OutgoingFeed | null {
    const entry = this.#entries.get(name);
    if (entry === undefined || entry.sentUpTo >= this.#board.seq) return null;
    const last = this.#lastFeed;
    const shared = last !== null && last.from === entry.sentUpTo && last.to === this.#board.seq;
    this.#lastFeed = shared ? last : makeFeed(this.#board, entry.sentUpTo);
    return { name, feed: this.#lastFeed, entry };
  }

  /** Notes the relay's answer. A relay that serves nobody is detached, unless it has reported meanwhile. */
  confirmFeed({ name, feed, entry }: OutgoingFeed, accepted: boolean): void {
    if (!accepted && this.#entries.get(name) === entry) this.detach(name);
    entry.sentUpTo = Math.max(entry.sentUpTo, feed.to);
  }

  detach(name: string): void {
    this.#entries.delete(name);
    this.#store.deleteRelay(name);
  }

  #change(name: string, change: Partial<RelayEntry>): void {
    const fresh = { viewers: 0, watching: new Set<string>(), sentUpTo: this.#board.seq, stored: null };
    this.#entries.set(name, { ...fresh, ...this.#entries.get(name), ...change });
  }
}
