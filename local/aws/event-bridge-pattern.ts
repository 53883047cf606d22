/** The part of EventBridge's event patterns that rules about contacts use. */

/** Maps a field to its allowed values and conditions, or to the pattern of its inner fields. */
export interface EventPattern {
  readonly [field: string]: readonly Condition[] | EventPattern;
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

export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = fieldOf(event, field);
    if (!isConditions(wanted)) return matchesPattern(wanted, value);
    // A list in the event matches when one of its entries matches.
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return wanted.some((condition) => values.some((entry) => fits(entry, condition)));
  });
}

function isConditions(wanted: readonly Condition[] | EventPattern): wanted is readonly Condition[] {
  return Array.isArray(wanted);
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
