import type { Board } from "../board/board.ts";
import type { GroupView } from "../board/group-view.ts";
import { BoardText, type TextKind } from "./board-text.ts";

/** Viewers who arrive within this time may share a text: `duration` is in whole seconds anyway. */
const SHARE_MS = 1000;
/** Distinct texts kept for the next viewer. */
const MAX_TEXTS = 64;
/**
 * Characters of all kept texts together. After a night away every viewer has another position and misses nearly everything. Each
 * then needs a text as long as the whole list (2,000 agents: 1.4 million characters). An object has 128 MB (Cloudflare docs,
 * Workers limits).
 */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * Texts about the board as it stands, made once for all who ask within a second: after a break all viewers come at once. Viewers
 * share a text when their filters have the same effect.
 */
export class SharedTexts {
  readonly #board: Board;
  readonly #texts = new Map<string, BoardText>();

  constructor(board: Board) {
    this.#board = board;
  }

  /** How much is kept. */
  get characters(): number {
    let characters = 0;
    for (const text of this.#texts.values()) characters += text.frame.text.length;
    return characters;
  }

  /**
   * Returns a text of this kind, perhaps one that is still being written. A viewer that `knows` the board up to some seq gets none
   * from before it. A long text may be older than the board: on a busy board everybody would need one of his own.
   */
  textFor(view: GroupView, kind: TextKind, knows: number, now: number): BoardText {
    const key = `${kind.kind} ${kind.kind === "missed" ? kind.since : ""} ${this.#board.effectKey(view)}`;
    const shared = this.#texts.get(key);
    if (shared !== undefined && shared.seq >= knows && this.#isCurrent(shared, now)) return shared;
    this.dropOld(now);
    if (this.#texts.size >= MAX_TEXTS || this.characters > MAX_CHARACTERS) this.#texts.clear();
    const text = new BoardText(this.#board, view, kind, now);
    this.#texts.set(key, text);
    return text;
  }

  /** Lets go of the texts that nobody may get any more. */
  dropOld(now: number): void {
    for (const [key, text] of this.#texts) if (!this.#isCurrent(text, now)) this.#texts.delete(key);
  }

  #isCurrent(text: BoardText, now: number): boolean {
    // A clock that was set back would keep a text for as long as it was set back.
    const isRecent = text.begunAt <= now && now - text.begunAt < SHARE_MS;
    return isRecent && (text.seq === this.#board.seq || text.isLong);
  }
}
