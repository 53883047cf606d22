import type { TextKey } from "../text/messages.ts";

interface BoardKey {
  readonly id: string;
  /** The values of `KeyboardEvent.key`. Any of them does it. */
  readonly keys: readonly string[];
  readonly words: TextKey;
  /** Alone, and wherever the focus is. A reader can switch these off, because speech input types them by accident (WCAG 2.1.4). */
  readonly single?: true;
}

/** The keys of the board, in the order of the sheet. The handlers and the sheet read this list. */
export const BOARD_KEYS = [
  { id: "search", keys: ["/"], words: "keys.search", single: true },
  { id: "alerts", keys: ["a"], words: "keys.alerts", single: true },
  { id: "live", keys: ["l"], words: "keys.live", single: true },
  { id: "sheet", keys: ["?"], words: "keys.sheet", single: true },
  { id: "step", keys: ["ArrowUp", "ArrowDown"], words: "keys.step" },
  { id: "page", keys: ["PageUp", "PageDown"], words: "keys.page" },
  { id: "end", keys: ["Home", "End"], words: "keys.end" },
  { id: "open", keys: ["Enter"], words: "keys.open" },
  { id: "menu", keys: ["Shift+F10"], words: "keys.menu" },
  { id: "close", keys: ["Escape"], words: "keys.close" },
  { id: "play", keys: [" "], words: "keys.play" },
  { id: "across", keys: ["ArrowLeft", "ArrowRight"], words: "keys.across" },
] as const satisfies readonly BoardKey[];
export type BoardKeyId = (typeof BOARD_KEYS)[number]["id"];

/** Rows that PageUp and PageDown move by. A board on a laptop shows a few more. */
const PAGE_ROWS = 10;

/** Returns what a key does; null = nothing. A capital letter counts too, because of Caps Lock. */
export function boardKeyOf(key: string): BoardKeyId | null {
  const found = BOARD_KEYS.find(({ keys }) => keys.some((each) => each === key || each === key.toLowerCase()));
  return found?.id ?? null;
}

/** Whether the reader can switch the key off. */
export function isSingleKey(id: BoardKeyId): boolean {
  return BOARD_KEYS.some((key) => key.id === id && "single" in key);
}

/** Returns the place to which a key moves in a list of `length` rows; null = it moves nowhere. The list has two ends. */
export function rowPlaceAfter(key: string, place: number, length: number): number | null {
  const id = boardKeyOf(key);
  if (id !== "step" && id !== "page" && id !== "end") return null;
  const last = length - 1;
  if (id === "end") return key === "Home" ? 0 : last;
  const rows = id === "page" ? PAGE_ROWS : 1;
  const next = key === "ArrowUp" || key === "PageUp" ? place - rows : place + rows;
  return Math.min(last, Math.max(0, next));
}

/** How a keyboard names the key: a sign, or the word on the key. */
export function keyCap(key: string, names: Readonly<Record<string, string>>): string {
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}
