/**
 * A shard without a record for this long has ended, for example because a resharding replaced it by the next one. It is the age at
 * which the event source drops records (`infra/ingest-stack.ts`), so no record of it can still come.
 */
const ENDED_AFTER_MS = 15 * 60_000;

/** Tells several shards at once from one after another. */
export class LiveShards {
  /** Shard -> arrival of its newest record, epoch ms. */
  readonly #newestRecords = new Map<string, number>();

  /** How many shards have had records lately. */
  get count(): number {
    return this.#newestRecords.size;
  }

  /**
   * Notes the shard of a record. Returns whether it is a further shard beside another.
   * @param shard empty = the event does not say
   * @param at arrival of the record, epoch ms
   */
  noteShard(shard: string, at: number): boolean {
    if (shard === "") return false;
    const known = this.#newestRecords.has(shard);
    this.#newestRecords.set(shard, Math.max(at, this.#newestRecords.get(shard) ?? 0));
    const newest = Math.max(...this.#newestRecords.values());
    for (const [other, lastAt] of this.#newestRecords) {
      if (lastAt < newest - ENDED_AFTER_MS) this.#newestRecords.delete(other);
    }
    return !known && this.#newestRecords.size > 1;
  }
}
