import type { Board } from "../board/board.ts";
import { type Frame, frameOf } from "./frame.ts";

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

interface SharedText {
  seq: number;
  madeAt: number;
  /** null = there is no such text. */
  frame: Frame | null;
}

/** Texts about the board as it stands, made once for all who ask within a second: after a break all viewers come at once. */
export class SharedTexts {
  readonly #board: Board;
  readonly #texts = new Map<string, SharedText>();

  constructor(board: Board) {
    this.#board = board;
  }

  /** How much is kept. */
  get characters(): number {
    let characters = 0;
    for (const { frame } of this.#texts.values()) characters += frame?.text.length ?? 0;
    return characters;
  }

  /** Returns the text under this key. `makeText` runs when the board has changed or the kept text is too old. */
  textFor(key: string, now: number, makeText: () => string | null): Frame | null {
    const shared = this.#texts.get(key);
    if (shared !== undefined && this.#isCurrent(shared, now)) return shared.frame;
    for (const [old, made] of this.#texts) if (!this.#isCurrent(made, now)) this.#texts.delete(old);
    const text = makeText();
    const frame = text === null ? null : frameOf(text);
    if (this.#texts.size >= MAX_TEXTS || this.characters + (text?.length ?? 0) > MAX_CHARACTERS) this.#texts.clear();
    this.#texts.set(key, { seq: this.#board.seq, madeAt: now, frame });
    return frame;
  }

  #isCurrent({ seq, madeAt }: SharedText, now: number): boolean {
    // A clock that was set back would keep a text for as long as it was set back.
    return seq === this.#board.seq && madeAt <= now && now - madeAt < SHARE_MS;
  }
}
