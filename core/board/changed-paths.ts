import { sameJson } from "./same-json.ts";

/** Objects and lists with more entries are sent whole: a path for each would be longer. */
const MOST_ENTRIES = 16;

/**
 * Returns what differs between two values of a field, as paths with dots (`sentiment.customer.score`, `contacts.0.status`). An
 * object is taken apart only while both values have the same fields, and a list while both are as long, so that a viewer that has
 * either value can apply each path.
 */
export function changedPaths(path: string, before: unknown, after: unknown): string[] {
  if (!hasEntries(before) || !hasEntries(after) || !areAlike(before, after)) return sameJson(before, after) ? [] : [path];
  return Object.keys(after).flatMap((name) => changedPaths(`${path}.${name}`, before[name], after[name]));
}

function areAlike(before: Entries, after: Entries): boolean {
  const names = Object.keys(after);
  return (
    Array.isArray(before) === Array.isArray(after) &&
    names.length <= MOST_ENTRIES &&
    names.length === Object.keys(before).length &&
    names.every((name) => Object.hasOwn(before, name) && !name.includes("."))
  );
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
