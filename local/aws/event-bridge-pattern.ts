/** The part of EventBridge's event patterns that rules about contacts use. */

/**
 * Maps a field to its allowed values and conditions, or to the pattern of its inner fields. Under `$or` stand patterns of which one
 * has to match.
 */
export interface EventPattern {
  readonly [field: string]: readonly Condition[] | readonly EventPattern[] | EventPattern;
}

export type Condition =
  | string
  | number
  | boolean
  | null
  | { prefix: string }
  | { suffix: string }
  | { "anything-but": string | number | readonly (string | number)[] }
  | { "equals-ignore-case": string }
  | { exists: boolean };

/**
 * A list under `$or` with one of these as the name of a field is no choice between patterns (Event Ruler, EventBridge's own library,
 * `RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP`, read 2026-11-26).
 */
const RESERVED: ReadonlySet<string> = new Set([
  ...["exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "wildcard", "numeric", "cidr", "regex"],
  ...["=", "<", "<=", ">", ">=", "not-wildcard", "not-equals-ignore-case", "ip-address-in-range", "ip-address-not-in-range"],
  ...["date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"],
]);

export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === "$or" && isChoice(wanted)) return wanted.some((choice) => matchesPattern(choice, event));
    const value = fieldOf(event, field);
    if (isPattern(wanted)) return matchesPattern(wanted, value);
    // A list in the event matches when one of its entries matches.
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return isConditions(wanted) && wanted.some((condition) => values.some((entry) => fits(entry, condition)));
  });
}

function isPattern(wanted: EventPattern[string]): wanted is EventPattern {
  return !Array.isArray(wanted);
}

/** EventBridge refuses a rule with other objects in a list. */
function isConditions(wanted: EventPattern[string]): wanted is readonly Condition[] {
  const isCondition = (member: unknown) =>
    typeof member !== "object" || member === null || Object.keys(member).some((name) => RESERVED.has(name));
  return Array.isArray(wanted) && wanted.every(isCondition);
}

/** `$or` is a choice only for two patterns or more (Event Ruler, README, "The $or Primitive", read 2026-11-26). */
function isChoice(wanted: EventPattern[string]): wanted is readonly EventPattern[] {
  if (!Array.isArray(wanted) || wanted.length < 2) return false;
  return wanted.every((choice: unknown) => {
    if (typeof choice !== "object" || choice === null || Array.isArray(choice)) return false;
    const names = Object.keys(choice);
    return names.length > 0 && !names.some((name) => RESERVED.has(name));
  });
}

function fieldOf(event: unknown, field: string): unknown {
  return typeof event === "object" && event !== null ? Object.entries(event).find(([name]) => name === field)?.[1] : undefined;
}

function fits(value: unknown, condition: Condition): boolean {
  if (typeof condition !== "object" || condition === null) return value === condition;
  if ("exists" in condition) return (value !== undefined) === condition.exists;
  if ("anything-but" in condition) {
    const unwanted: readonly unknown[] = [condition["anything-but"]].flat();
    return value !== undefined && !unwanted.includes(value);
  }
  if (typeof value !== "string") return false;
  if ("prefix" in condition) return value.startsWith(condition.prefix);
  if ("suffix" in condition) return value.endsWith(condition.suffix);
  return value.toLowerCase() === condition["equals-ignore-case"].toLowerCase();
}
