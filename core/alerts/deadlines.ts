import TinyQueue from "tinyqueue";

interface Deadline {
  readonly key: string;
  readonly due: number;
}

/** Replaced deadlines stay in the heap until they are due. Above so many of them for each live one, the heap is built anew. */
const REPLACED_PER_LIVE = 2;
/** Below this size the heap is never built anew. */
const SMALL = 64;

/** One deadline for each key, epoch ms. The next one is found without a look at the others. */
export class Deadlines {
  readonly #due = new Map<string, number>();
  #heap = new TinyQueue<Deadline>([], compareDeadlines);

  /** Sets, replaces or (with infinity) deletes the deadline of a key. */
  schedule(key: string, due: number): void {
    if (this.#due.get(key) === due) return;
    if (due === Number.POSITIVE_INFINITY) {
      this.#due.delete(key);
    } else {
      this.#due.set(key, due);
      this.#heap.push({ key, due });
    }
    if (this.#heap.length > SMALL + this.#due.size * (1 + REPLACED_PER_LIVE)) this.#rebuild();
  }

  /** Returns the earliest deadline and deletes it, if it is due at `now`. */
  popDue(now: number): Deadline | undefined {
    const next = this.#peek();
    if (next === undefined || next.due > now) return undefined;
    this.#heap.pop();
    this.#due.delete(next.key);
    return next;
  }

  /** When the earliest deadline is due; null = there is none. */
  next(): number | null {
    return this.#peek()?.due ?? null;
  }

  /** When the deadline of a key is due; infinity = it has none. */
  dueOf(key: string): number {
    return this.#due.get(key) ?? Number.POSITIVE_INFINITY;
  }

  /** How many deadlines are in memory, replaced ones among them. */
  get size(): number {
    return this.#heap.length;
  }

  #peek(): Deadline | undefined {
    let next = this.#heap.peek();
    while (next !== undefined && this.#due.get(next.key) !== next.due) {
      this.#heap.pop();
      next = this.#heap.peek();
    }
    return next;
  }

  #rebuild(): void {
    const live = [...this.#due].map(([key, due]) => ({ key, due }));
    this.#heap = new TinyQueue(live, compareDeadlines);
  }
}

/** By time, then by key, so that the order of scheduling does not matter. */
function compareDeadlines(a: Deadline, b: Deadline): number {
  if (a.due !== b.due) return a.due < b.due ? -1 : 1;
  return a.key < b.key ? -1 : Number(a.key > b.key);
}
