import { sameJson } from "./same-json.ts";

/** Objects with more fields are sent whole: a path for each would be longer. */
const MOST_FIELDS = 16;

/**
 * Returns what differs between two values of a field, as paths with dots (`sentiment.customer.score`). An object is taken apart
 * only while both values have the same fields, so that a viewer that has either value can apply each path.
 */
export function changedPaths(path: string, before: unknown, after: unknown): string[] {
  if (sameJson(before, after)) return [];
  if (!isPlain(before) || !isPlain(after)) return [path];
  const names = Object.keys(after);
  const alike = names.length === Object.keys(before).length && names.every((name) => Object.hasOwn(before, name));
  if (!alike || names.length > MOST_FIELDS || names.some((name) => name.includes("."))) return [path];
  return names.flatMap((name) => changedPaths(`${path}.${name}`, before[name], after[name]));
}

/** Returns the value at a path within the fields of a row; undefined = there is none. */
export function valueAt(fields: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = fields;
  for (const name of path.split(".")) value = isPlain(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
