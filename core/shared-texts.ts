import type { Board } from "./board.ts";

/** A text may be shared by viewers who arrive within this time: `duration` is in whole seconds anyway. */
const SHARE_MS = 1000;
/** Distinct texts kept for the next viewer. */
const MAX_TEXTS = 64;

/** Texts about the board as it stands, made once for all who ask within a second: after a break everybody comes at once. */
export class SharedTexts<Text extends string | null> {
  readonly #board: Board;
  readonly #texts = new Map<string, { seq: number; madeAt: number; text: Text }>();

  constructor(board: Board) {
    this.#board = board;
  }

  /** The text under this key, made anew when the board has changed or the text is too old. */
  take(key: string, now: number, make: () => Text): Text {
    const { seq } = this.#board;
    const shared = this.#texts.get(key);
    if (shared !== undefined && shared.seq === seq && now - shared.madeAt < SHARE_MS) return shared.text;
    const text = make();
    if (this.#texts.size >= MAX_TEXTS) this.#texts.clear();
    this.#texts.set(key, { seq, madeAt: now, text });
    return text;
  }
}
