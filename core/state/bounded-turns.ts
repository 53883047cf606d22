import type { Channel } from "../../protocol/agent.ts";
import type { ContactTurn } from "../../protocol/updates.ts";
import { foldTurn, type TurnStore } from "./transcripts.ts";

/** How much of a transcript is kept: the newest turns. `length` counts the characters of their JSON. */
interface TranscriptLimit {
  turns: number;
  length: number;
}

/** A chat lives for up to seven days, and a message may have 16,384 characters. */
const CHAT_LIMIT: TranscriptLimit = { turns: 1000, length: 512 * 1024 };
/** Six hours of talk. */
const CALL_LIMIT: TranscriptLimit = { turns: 5000, length: 2 * 1024 * 1024 };

/** What became of a turn. */
interface FoldedTurn {
  news: boolean;
  /** The stored turn that it replaced; null = none. */
  replaced: ContactTurn | null;
  /** The time of the newest turn that had to leave, epoch ms; 0 = none had to. */
  droppedUntil: number;
}

const NO_NEWS: FoldedTurn = { news: false, replaced: null, droppedUntil: 0 };

/** Keeps the newest turns of each contact in the store. Which ones stay depends on no order of arrival. */
export class BoundedTurns {
  readonly #store: TurnStore;
  /** Contact id -> what the store has of it. It is read from the store once. */
  readonly #sizes = new Map<string, TranscriptLimit>();

  constructor(store: TurnStore) {
    this.#store = store;
  }

  /**
   * Stores a turn unless the stored one is as new, or it is older than what was dropped.
   * @param leftUntil up to which time turns of the contact have left, epoch ms
   */
  fold(turn: ContactTurn, channel: Channel | null, leftUntil: number): FoldedTurn {
    if (turn.occurredAt <= leftUntil && this.#store.turn(turn.contactId, turn.turnId) === null) {
      return NO_NEWS;
    }
    const { contactId } = turn;
    const size = this.#sizes.get(contactId) ?? this.#store.turnsSize(contactId);
    this.#sizes.set(contactId, size);
    const { news, replaced } = foldTurn(this.#store, turn);
    if (!news) return NO_NEWS;
    size.turns += replaced === null ? 1 : 0;
    size.length += JSON.stringify(turn).length - (replaced === null ? 0 : JSON.stringify(replaced).length);
    const droppedUntil = this.#dropOldest(contactId, size, channel === "chat" ? CHAT_LIMIT : CALL_LIMIT);
    return { news, replaced, droppedUntil };
  }

  /** Call when the contact and its turns are deleted. */
  forgetContact(contactId: string): void {
    this.#sizes.delete(contactId);
  }

  #dropOldest(contactId: string, size: TranscriptLimit, limit: TranscriptLimit): number {
    if (size.turns <= limit.turns && size.length <= limit.length) return 0;
    const newestFirst = this.#store
      .turns(contactId)
      .sort((a, b) => b.occurredAt - a.occurredAt || (a.turnId < b.turnId ? 1 : -1));
    let droppedUntil = 0;
    const kept: TranscriptLimit = { turns: 0, length: 0 };
    for (const turn of newestFirst) {
      const length = kept.length + JSON.stringify(turn).length;
      // The newest turn always stays. Behind the first that is too much, nothing stays, so that no gap is left.
      if (kept.turns === 0 || (droppedUntil === 0 && kept.turns < limit.turns && length <= limit.length)) {
        kept.turns += 1;
        kept.length = length;
        continue;
      }
      droppedUntil = Math.max(droppedUntil, turn.occurredAt);
      this.#store.deleteTurn(contactId, turn.turnId);
    }
    this.#sizes.set(contactId, kept);
    return droppedUntil;
  }
}
