import { sameJson } from "./same-json.ts";

/** Objects and lists with more entries are sent whole: a path for each would be longer. */
const MOST_ENTRIES = 16;

/**
 * Returns what differs between two values of a field, as paths with dots (`sentiment.customer.score`, `contacts.0.status`). An
 * object is taken apart only while both values have the same fields, and a list while both are as long, so that a viewer that has
 * either value can apply each path.
 */
export function changedPaths(path: string, before: unknown, after: unknown): string[] {
  const paths: string[] = [];
  addChangedPaths(paths, path, before, after);
  return paths;
}

/** Each changed agent comes here with each change, so it makes no list for each level. */
function addChangedPaths(paths: string[], path: string, before: unknown, after: unknown): void {
  if (before === after) return;
  if (!hasEntries(before) || !hasEntries(after)) {
    paths.push(path);
    return;
  }
  const names = Object.keys(after);
  if (areAlike(before, after, names)) {
    for (const name of names)
      if (before[name] !== after[name]) addChangedPaths(paths, `${path}.${name}`, before[name], after[name]);
  } else if (!sameJson(before, after)) paths.push(path);
}

function areAlike(before: Entries, after: Entries, names: readonly string[]): boolean {
  if (names.length > MOST_ENTRIES || names.length !== Object.keys(before).length) return false;
  if (Array.isArray(before) !== Array.isArray(after)) return false;
  for (const name of names) if (!Object.hasOwn(before, name) || name.includes(".")) return false;
  return true;
}

/** Returns the value at a path within the fields of a row; undefined = there is none. */
export function valueAt(fields: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = fields;
  for (const name of path.split(".")) value = hasEntries(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

type Entries = Readonly<Record<string, unknown>>;

/** Whether the value is an object, or a list by its indexes. */
function hasEntries(value: unknown): value is Entries {
  return typeof value === "object" && value !== null;
}
