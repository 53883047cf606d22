/** Lets each viewer cause so much work at once, and so much a second. What is beyond waits, it is not refused. */
export class WorkLimiter {
  readonly #burst: number;
  readonly #perSecond: number;
  /** Key -> the work that is not worked off yet, at a time. */
  readonly #debts = new Map<string, { work: number; at: number }>();

  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
  }

  /** When the key may cause more work, epoch ms; at most `now` = at once. */
  freeAt(key: string, now: number): number {
    const excess = this.#debtOf(key, now) - this.#burst;
    return excess < 0 ? now : now + Math.ceil((excess / this.#perSecond) * 1000);
  }

  /** Counts work that was done. A single large piece may go beyond the burst, and the key then waits for as long. */
  count(key: string, work: number, now: number): void {
    this.#debts.set(key, { work: this.#debtOf(key, now) + work, at: now });
  }

  forget(key: string): void {
    this.#debts.delete(key);
  }

  /** Forgets the keys that have worked off everything. */
  cleanUp(now: number): void {
    for (const key of this.#debts.keys()) if (this.#debtOf(key, now) === 0) this.#debts.delete(key);
  }

  #debtOf(key: string, now: number): number {
    const debt = this.#debts.get(key);
    if (debt === undefined) return 0;
    // A clock that was set back works nothing off, and adds nothing.
    return Math.max(0, debt.work - (Math.max(0, now - debt.at) / 1000) * this.#perSecond);
  }
}
