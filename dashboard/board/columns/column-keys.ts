import type { Column, OptionalColumn } from "./column.ts";
import { AGENT_COLUMN, COLUMNS } from "./registry.tsx";

/** The key of a column that a reader can show or hide. */
export type OptionalColumnKey = (typeof COLUMNS)[number]["key"];
/** The key of any column. The agent's name is always the first one. */
export type ColumnKey = (typeof AGENT_COLUMN)["key"] | OptionalColumnKey;

const OPTIONAL: readonly (OptionalColumn & { readonly key: OptionalColumnKey })[] = COLUMNS;
const ALL: readonly (Column & { readonly key: ColumnKey })[] = [AGENT_COLUMN, ...COLUMNS];

export const OPTIONAL_KEYS: readonly OptionalColumnKey[] = OPTIONAL.map((column) => column.key);
export const START_KEYS: readonly OptionalColumnKey[] = OPTIONAL.filter((column) => column.shownAtStart).map(({ key }) => key);
export const CARD_SORT_KEYS: readonly ColumnKey[] = ALL.filter((column) => column.sortsCards).map(({ key }) => key);

/** @throws Error when the registry has no column with this key. */
export function columnOf(key: ColumnKey): Column {
  const column = ALL.find((other) => other.key === key);
  if (column === undefined) throw new Error(`No column has the key "${key}". Add it to dashboard/board/columns/registry.tsx.`);
  return column;
}

/** The columns of these keys, in the order of the keys. */
export function optionalColumns(keys: readonly OptionalColumnKey[]): OptionalColumn[] {
  return keys.flatMap((key) => OPTIONAL.find((column) => column.key === key) ?? []);
}

/** The key for a word from an address or a saved view, which may be a former key. Null for an unknown word. */
export function optionalKeyFor(word: string): OptionalColumnKey | null {
  return OPTIONAL.find((column) => column.key === word || column.formerKeys?.includes(word))?.key ?? null;
}
