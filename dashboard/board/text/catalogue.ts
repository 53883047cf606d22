/** A message that depends on a number, by the category of `Intl.PluralRules`. */
export interface Plural {
  one: string;
  other: string;
}
export type Catalogue = Record<string, string | Plural>;

/** The values for the `{name}` places of a message. */
export type Values = Readonly<Record<string, string | number>>;

/** Puts `values` into the `{…}` places. A place without a value stays, so that the mistake is visible. */
export function fill(message: string, values: Values): string {
  return message.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    return value === undefined ? place : String(value);
  });
}

/** Returns the names of the places in a message, sorted. */
export function placesOf(message: string | Plural): string[] {
  const text = typeof message === "string" ? message : `${message.one} ${message.other}`;
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ""))].sort();
}
