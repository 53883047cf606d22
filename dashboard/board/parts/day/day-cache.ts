import type { AgentClient } from "../../../client/contract.ts";
import { Listeners } from "../../../client/listeners.ts";
import { DAY_LOADING, type DayAnswer, dayAnswer } from "../../model/day/day-answer.ts";

/** Each question needs a ticket and an answer. More at once would only wait in the browser. */
const MAX_AT_ONCE = 3;
/** An identity gets 60 tickets a minute, and the connection needs some of them. */
const MIN_BETWEEN_MS = 1_200;
/** So many questions may come without that wait: one page of rows. */
const BURST = 24;
/** After "too many requests" the hub is left alone for so long. */
const REST_MS = 10_000;
/** Days that nobody looks at stay for a reader who scrolls back. */
const MAX_KEPT = 300;

interface CachedDay {
  readonly agentId: string;
  readonly date: string | null;
  answer: DayAnswer;
  readonly listeners: Listeners;
  /** `again`: something has happened since the hub was asked. */
  state: "idle" | "waiting" | "asked" | "again";
}

type DaySource = Pick<AgentClient, "ask" | "agent">;

const caches = new WeakMap<DaySource, DayCache>();

/** Returns the days that were read with a client. All parts of a board share them. */
export function dayCacheOf(client: DaySource): DayCache {
  const cache = caches.get(client) ?? new DayCache(client);
  caches.set(client, cache);
  return cache;
}

/** Reads days from the hub: only those with a listener, the newest wish first, and few at a time. */
export class DayCache {
  readonly #client: DaySource;
  readonly #days = new Map<string, CachedDay>();
  /** Keys of the days to ask for. The last one is the next. */
  readonly #wishes: string[] = [];
  #running = 0;
  #credit = BURST;
  #creditAt = Date.now();
  #restsUntil = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(client: DaySource) {
    this.#client = client;
  }

  /** Returns the same object until the answer changes. */
  answer(agentId: string, date: string | null): DayAnswer {
    return this.#days.get(keyOf(agentId, date))?.answer ?? DAY_LOADING;
  }

  /** Asks for the day unless it is known, and calls the listener whenever it changes. Returns the function that stops it. */
  watch(agentId: string, date: string | null, listener: () => void): () => void {
    const key = keyOf(agentId, date);
    const day = this.#days.get(key) ?? {
      agentId,
      date,
      answer: DAY_LOADING,
      listeners: new Listeners(),
      state: "idle" as const,
    };
    this.#days.delete(key);
    this.#days.set(key, day);
    const remove = day.listeners.add(listener);
    // Today goes on, so a day from the cache is shown and read again.
    if (day.answer.status !== "ready" || date === null) this.refresh(agentId, date);
    this.#forgetOld();
    return remove;
  }

  /** Asks for the day again, because something has happened. */
  refresh(agentId: string, date: string | null): void {
    const key = keyOf(agentId, date);
    const day = this.#days.get(key);
    if (day === undefined || day.state === "waiting" || day.state === "again") return;
    if (day.state === "asked") {
      day.state = "again";
      return;
    }
    day.state = "waiting";
    this.#wishes.push(key);
    this.#next();
  }

  #next(): void {
    while (this.#running < MAX_AT_ONCE) {
      const key = this.#wishes.at(-1);
      if (key === undefined) return;
      const day = this.#days.get(key);
      if (day === undefined || day.listeners.size === 0) {
        this.#wishes.pop();
        if (day !== undefined) day.state = "idle";
        continue;
      }
      const wait = this.#waitMs();
      if (wait > 0) {
        this.#wakeIn(wait);
        return;
      }
      this.#wishes.pop();
      this.#credit -= 1;
      void this.#ask(day);
    }
  }

  /** How long the next question has to wait, in milliseconds. */
  #waitMs(): number {
    const now = Date.now();
    if (now < this.#restsUntil) return this.#restsUntil - now;
    this.#credit = Math.min(BURST, this.#credit + (now - this.#creditAt) / MIN_BETWEEN_MS);
    this.#creditAt = now;
    return this.#credit >= 1 ? 0 : Math.ceil((1 - this.#credit) * MIN_BETWEEN_MS);
  }

  #wakeIn(ms: number): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#next();
    }, ms);
  }

  async #ask(day: CachedDay): Promise<void> {
    const { agentId, date } = day;
    day.state = "asked";
    this.#running += 1;
    const query = date === null ? "" : `?date=${encodeURIComponent(date)}`;
    const reply = await this.#client.ask({ method: "GET", resource: `agents/${encodeURIComponent(agentId)}/day${query}` });
    this.#running -= 1;
    if (reply.status === 429) this.#restsUntil = Date.now() + REST_MS;
    day.answer = dayAnswer(reply, day.answer.day, this.#client.agent(agentId) !== undefined);
    const again = this.#isAgain(day) || reply.status === 429;
    day.state = "idle";
    day.listeners.notify();
    if (again) this.refresh(agentId, date);
    this.#next();
  }

  /** Something may have happened while the hub answered. */
  #isAgain({ state }: CachedDay): boolean {
    return state === "again";
  }

  #forgetOld(): void {
    for (const [key, { listeners, state }] of this.#days) {
      if (this.#days.size <= MAX_KEPT) return;
      if (listeners.size === 0 && state === "idle") this.#days.delete(key);
    }
  }
}

function keyOf(agentId: string, date: string | null): string {
  return `${date ?? "today"} ${agentId}`;
}
