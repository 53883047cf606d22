/** Kills one of the product's own processes. Returns whether there was one to kill. */
export type KillProcess = () => Promise<boolean>;

/**
 * Kills a process every so many seconds, the given ones in turn. A kill that takes longer, because a process has to come back
 * first, makes the next ones come later.
 */
export class Chaos {
  readonly #victims: readonly KillProcess[];
  readonly #timer: NodeJS.Timeout;
  readonly #onError: (error: unknown) => void;
  #turn = 0;
  #kills = 0;
  #killing: Promise<void> | null = null;

  constructor(seconds: number, victims: readonly KillProcess[], onError: (error: unknown) => void) {
    this.#victims = victims;
    this.#onError = onError;
    this.#timer = setInterval(() => this.#killNext(), seconds * 1000);
  }

  get kills(): number {
    return this.#kills;
  }

  /** Ends the kills. Resolves when the process that was killed last is back. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#killing;
  }

  #killNext(): void {
    if (this.#killing !== null) return;
    const kill = this.#victims[this.#turn % this.#victims.length];
    this.#turn += 1;
    if (kill === undefined) return;
    this.#killing = kill()
      .then((killed) => {
        if (killed) this.#kills += 1;
      })
      .catch(this.#onError)
      .finally(() => {
        this.#killing = null;
      });
  }
}
