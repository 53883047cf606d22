import { Collection, type CollectionDefinition, type RowFields } from "./collection.ts";
import type { GroupView } from "./group-view.ts";
import { Sequence } from "./sequence.ts";

/** A place in the history of a board: everything up to `seq` of `epoch`. */
export interface Position {
  epoch: string;
  seq: number;
}

/**
 * Typed collections under one `epoch` and one `seq`. Every viewer holds a copy of them. The collection that is added first stands
 * at the top level of frames, the others under their names.
 */
export class Board {
  readonly epoch: string;
  readonly #sequence: Sequence;
  readonly #collections: Collection<RowFields>[] = [];

  constructor(epoch: string, seq = 0, oldestResumableSeq = 0) {
    this.epoch = epoch;
    this.#sequence = new Sequence(seq, oldestResumableSeq);
  }

  get seq(): number {
    return this.#sequence.newest;
  }

  get oldestResumableSeq(): number {
    return this.#sequence.oldestResumable;
  }

  get position(): Position {
    return { epoch: this.epoch, seq: this.seq };
  }

  get collections(): readonly Collection<RowFields>[] {
    return this.#collections;
  }

  addCollection<Value extends RowFields>(definition: CollectionDefinition<Value>): Collection<Value> {
    const collection = new Collection(definition, this.#sequence);
    this.#collections.push(collection);
    return collection;
  }

  /** Moves the position on without a row, as a replica does, and gives up what its primary can no longer prove. */
  advance(seq: number, oldestResumableSeq: number): void {
    this.#sequence.advanceTo(seq);
    this.#sequence.raiseOldestResumable(oldestResumableSeq);
  }

  /**
   * Whether the rows tell everything that happened after the position. They do not for another epoch, for a seq that was never
   * given out, and from before a deleted tombstone.
   */
  canResume({ epoch, seq }: Position): boolean {
    return epoch === this.epoch && seq <= this.seq && seq >= this.oldestResumableSeq;
  }

  /** How many rows there are in all collections, tombstones among them. */
  get rowCount(): number {
    return this.#collections.reduce((rows, collection) => rows + collection.size, 0);
  }

  /** Names what a view sees of the board: views with equal keys see the same rows. Groups that no row has make no difference. */
  effectKey(view: GroupView): string {
    return this.#collections.map((collection) => view.effectKey(collection.groups)).join("\n");
  }

  /**
   * The newest seq, `upTo` at most, of a row within the view. No viewer with that filter that got everything up to there has a
   * position below. It may be below `upTo`: rows that the filter hides move no viewer on.
   */
  newestVisible(view: GroupView, upTo = this.seq): number {
    return Math.max(0, ...this.#collections.map((collection) => collection.newestVisible(view, upTo)));
  }
}
