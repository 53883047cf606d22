interface BoardKey {
  readonly id: string;
  /** The values of `KeyboardEvent.key`. Any of them does it. */
  readonly keys: readonly string[];
  /** Alone, and wherever the focus is. A reader can switch these off, because speech input types them by accident (WCAG 2.1.4). */
  readonly single?: true;
}

/** The keys of the board, in the order of the sheet. The handlers and the sheet read this list. */
export const BOARD_KEYS = [
  { id: "search", keys: ["/"], single: true },
  { id: "alerts", keys: ["a"], single: true },
  { id: "live", keys: ["l"], single: true },
  { id: "sheet", keys: ["?"], single: true },
  { id: "step", keys: ["ArrowUp", "ArrowDown"] },
  { id: "page", keys: ["PageUp", "PageDown"] },
  { id: "end", keys: ["Home", "End"] },
  { id: "open", keys: ["Enter"] },
  { id: "menu", keys: ["Shift+F10"] },
  { id: "close", keys: ["Escape"] },
  { id: "play", keys: [" "] },
  { id: "across", keys: ["ArrowLeft", "ArrowRight"] },
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
