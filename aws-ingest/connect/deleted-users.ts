/** A user who exists is asked for again after this. Users are seldom deleted, and Connect allows two requests a second. */
const ASK_AGAIN_AFTER_MS = 60 * 60_000;

export interface DeletionCheck {
  deleted: string[];
  /** Name of the error that ended the check; null = none. */
  failure: string | null;
}

/**
 * Finds users that Amazon Connect has deleted. A user who is missing in a list may be there all the same: a search index lags, a
 * page may be short. So only Amazon Connect's own answer about this user counts.
 */
export class DeletedUsers {
  /** User -> when Amazon Connect answered that the user exists, epoch ms. */
  readonly #existing = new Map<string, number>();

  /**
   * Asks about one candidate after another. An error ends the check, because the others would fail like it.
   * @param userExists returns false only if Amazon Connect has no such user
   * @param timeUp when it aborts, the rest waits for the next run
   */
  async findAmong(
    candidates: readonly string[],
    userExists: (userId: string) => Promise<boolean>,
    timeUp: AbortSignal,
    now: number,
  ): Promise<DeletionCheck> {
    for (const [userId, askedAt] of this.#existing) if (askedAt + ASK_AGAIN_AFTER_MS <= now) this.#existing.delete(userId);
    const deleted: string[] = [];
    for (const userId of candidates) {
      if (timeUp.aborted) break;
      if (this.#existing.has(userId)) continue;
      try {
        if (await userExists(userId)) this.#existing.set(userId, now);
        else deleted.push(userId);
      } catch (error) {
        return { deleted, failure: error instanceof Error ? error.name : "unknown" };
      }
    }
    return { deleted, failure: null };
  }
}
