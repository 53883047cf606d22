import type { Board } from "../board/board.ts";

/** A text may be shared by viewers who arrive within this time: `duration` is in whole seconds anyway. */
const SHARE_MS = 1000;
/** Distinct texts kept for the next viewer. */
const MAX_TEXTS = 64;
/**
 * Characters of all of them together. After a night away everybody stands somewhere else and misses nearly everything: a text
 * each, as long as the whole list (2,000 agents: 1.4 million characters). An object has 128 MB (Cloudflare docs, Workers limits).
 */
const MAX_CHARACTERS = 4 * 1024 * 1024;

interface Shared<Text> {
  seq: number;
  madeAt: number;
  text: Text;
}

/** Texts about the board as it stands, made once for all who ask within a second: after a break everybody comes at once. */
export class SharedTexts<Text extends string | null> {
  readonly #board: Board;
  readonly #texts = new Map<string, Shared<Text>>();

  constructor(board: Board) {
    this.#board = board;
  }

  /** How much is kept. */
  get characters(): number {
    let characters = 0;
    for (const { text } of this.#texts.values()) characters += text?.length ?? 0;
    return characters;
  }

  /** The text under this key, made anew when the board has changed or the text is too old. */
  take(key: string, now: number, make: () => Text): Text {
    const shared = this.#texts.get(key);
    if (shared !== undefined && this.#serves(shared, now)) return shared.text;
    for (const [old, made] of this.#texts) if (!this.#serves(made, now)) this.#texts.delete(old);
    const text = make();
    if (this.#texts.size >= MAX_TEXTS || this.characters + (text?.length ?? 0) > MAX_CHARACTERS) this.#texts.clear();
    this.#texts.set(key, { seq: this.#board.seq, madeAt: now, text });
    return text;
  }

  #serves({ seq, madeAt }: Shared<Text>, now: number): boolean {
    // A clock that was set back would keep a text for as long as it was set back.
    return seq === this.#board.seq && madeAt <= now && now - madeAt < SHARE_MS;
  }
}
