import type { Clock } from "./contract.ts";
import { type Listener, Listeners } from "./listeners.ts";
import { ANSWER_DEADLINE_MS, Timer } from "./timer.ts";

/** What a page watches: `refused` means that the hub sends nothing, and `error` says why. `complete` needs no more news. */
export interface Watched {
  status: "loading" | "live" | "complete" | "refused";
  error: string | null;
}

interface Entry<View> {
  view: View;
  listeners: Listeners;
  /** Runs while the hub owes an answer. */
  deadline: Timer;
}

/** Keeps what has a listener. The hub sends only that. */
export class Watches<View extends Watched> {
  readonly #clock: Clock;
  readonly #ask: (id: string, watching: boolean) => boolean;
  readonly #empty: (id: string) => View;
  readonly #watched = new Map<string, Entry<View>>();
  #unwatched: { id: string; view: View } | null = null;

  /**
   * @param ask tells the hub. It may drop a message and return false while there is no connection, because {@link rewatch}
   * repeats it.
   * @param empty returns the view while nothing has come.
   */
  constructor(clock: Clock, ask: (id: string, watching: boolean) => boolean, empty: (id: string) => View) {
    this.#clock = clock;
    this.#ask = ask;
    this.#empty = empty;
  }

  /** Returns the same object until the view changes, and an empty view for an id without listeners. */
  readonly view = (id: string): View => {
    const watched = this.#watched.get(id);
    if (watched !== undefined) return watched.view;
    if (this.#unwatched?.id !== id) this.#unwatched = { id, view: this.#empty(id) };
    return this.#unwatched.view;
  };

  readonly watch = (id: string, listener: Listener): (() => void) => {
    let entry = this.#watched.get(id);
    if (entry === undefined) {
      entry = { view: this.view(id), listeners: new Listeners(), deadline: new Timer(this.#clock) };
      this.#watched.set(id, entry);
      this.#askFor(id, entry);
    }
    const { listeners, deadline } = entry;
    const remove = listeners.add(listener);
    return () => {
      remove();
      if (listeners.size > 0 || this.#watched.get(id)?.listeners !== listeners) return;
      deadline.stop();
      this.#watched.delete(id);
      this.#ask(id, false);
    };
  };

  /** Call on a new connection: the hub has forgotten the watches of the last one. */
  rewatch(): void {
    for (const [id, entry] of this.#watched) {
      if (entry.view.status !== "complete") this.#askFor(id, entry);
    }
  }

  /** Shows news of the hub. Ignores news of what nobody watches. */
  protected change(id: string, next: (before: View) => View): void {
    const entry = this.#watched.get(id);
    if (entry === undefined) return;
    entry.deadline.stop();
    entry.view = next(entry.view);
    entry.listeners.notify();
  }

  /** Marks a view as refused, or all with null. They keep their content unless `forget` is true. */
  refuse(id: string | null, error: string, forget = false): void {
    for (const key of this.#watched.keys()) {
      const { status } = this.view(key);
      if (key === (id ?? key) && (forget || status !== "complete")) {
        this.change(key, (before) => ({ ...(forget ? this.#empty(key) : before), status: "refused", error }));
      }
    }
  }

  /** Call when a connection has ended: its answers come no more. */
  stopWaiting(): void {
    for (const { deadline } of this.#watched.values()) deadline.stop();
  }

  #askFor(id: string, { deadline }: Entry<View>): void {
    deadline.stop();
    if (this.#ask(id, true)) deadline.start(ANSWER_DEADLINE_MS, () => this.refuse(id, "timeout"));
  }
}
