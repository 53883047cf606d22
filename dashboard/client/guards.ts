/** Whether a value from outside has the shape of T. */
export type Guard<T> = (value: unknown) => value is T;
export type Fields<T> = { [K in keyof T]-?: Guard<T[K]> };

export const text: Guard<string> = (value) => typeof value === "string";
export const number: Guard<number> = (value) => typeof value === "number";
export const flag: Guard<boolean> = (value) => typeof value === "boolean";
export const array: Guard<unknown[]> = (value) => Array.isArray(value);

export function literal<const T extends string>(word: T): Guard<T> {
  return (value): value is T => value === word;
}
export function orNull<T>(guard: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || guard(value);
}
export function optional<T>(guard: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || guard(value);
}
export function list<T>(guard: Guard<T>): Guard<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every(guard);
}
/** The record must name every word, so the compiler reports a word that the protocol gains. */
export function wordOf<T extends string>(words: Record<T, 1>): Guard<T> {
  return (value): value is T => typeof value === "string" && Object.hasOwn(words, value);
}
export function shape<T extends object>(fields: Fields<T>): Guard<T> {
  const entries = Object.entries<Guard<unknown>>(fields);
  return (value): value is T => entries.every(([name, guard]) => guard(member(value, name)));
}
export function member(value: unknown, name: string): unknown {
  // `Object` makes an object of anything, so that a value that is none fails at its first field.
  return Reflect.get(Object(value), name);
}
