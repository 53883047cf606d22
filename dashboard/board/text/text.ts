import { fill, type Values } from "./catalogue.ts";
import { knownZone } from "./known-zone.ts";
import type { Messages, PluralKey, TextKey } from "./messages.ts";

/** The languages of the board, as BCP 47 tags. */
export const LOCALES = ["es-MX", "en"] as const;
/** One of the {@link LOCALES}. */
export type Locale = (typeof LOCALES)[number];

/** The words of one language that come together: those of the first view, and those of the parts that come later. */
export const WORD_GROUPS = ["first", "panels", "tools", "wallboard", "signIn"] as const;
export type WordGroup = (typeof WORD_GROUPS)[number];

/** Each group of words is a file of its own in each language, so that a reader loads what the page shows. */
const LOADERS: Readonly<Record<Locale, Readonly<Record<WordGroup, () => Promise<Partial<Messages>>>>>> = {
  "es-MX": {
    first: async () => (await import("./es-mx.ts")).esMX,
    panels: async () => (await import("./panels-es-mx.ts")).panelsEsMX,
    tools: async () => (await import("./tools-es-mx.ts")).toolsEsMX,
    wallboard: async () => (await import("./wallboard-es-mx.ts")).wallboardEsMX,
    signIn: async () => (await import("./sign-in-es-mx.ts")).signInEsMX,
  },
  en: {
    first: async () => (await import("./en.ts")).en,
    panels: async () => (await import("./panels-en.ts")).panelsEn,
    tools: async () => (await import("./tools-en.ts")).toolsEn,
    wallboard: async () => (await import("./wallboard-en.ts")).wallboardEn,
    signIn: async () => (await import("./sign-in-en.ts")).signInEn,
  },
};
const loading = new Map<string, Promise<void>>();
const loaded: Readonly<Record<Locale, { readonly groups: Set<WordGroup>; readonly messages: Partial<Messages> }>> = {
  "es-MX": { groups: new Set(), messages: {} },
  en: { groups: new Set(), messages: {} },
};
const wantedLocales = new Set<Locale>();
const wantedGroups = new Set<WordGroup>(["first"]);
/** The groups of the parts that the page can show. */
const shownGroups = new Set<WordGroup>(["first"]);

/**
 * Loads the words of a language once: those of the first view, and those of each part that was loaded before.
 * @throws when they are out of reach; the next call tries again
 */
export async function loadWords(asked: Locale): Promise<void> {
  // A page without types may ask for any language.
  const locale = chooseLocale([asked]);
  wantedLocales.add(locale);
  await Promise.all([...wantedGroups].map((group) => loadGroup(locale, group)));
}

/**
 * Loads the words of a part in each language that the page has shown. Every language that it shows later has them too.
 * @throws when they are out of reach; the next call tries again
 */
export async function loadWordGroup(group: WordGroup): Promise<void> {
  wantedGroups.add(group);
  await Promise.all([...wantedLocales].map((locale) => loadGroup(locale, group)));
  shownGroups.add(group);
}

/** Whether the language has the words of everything that the page can show. */
export function hasWords(locale: Locale): boolean {
  return [...shownGroups].every((group) => loaded[locale].groups.has(group));
}

function loadGroup(locale: Locale, group: WordGroup): Promise<void> {
  const key = `${locale} ${group}`;
  const before = loading.get(key);
  if (before !== undefined) return before;
  const words = LOADERS[locale][group]().then((found) => {
    // A text that was made before has the same object, and so gets the words too.
    Object.assign(loaded[locale].messages, found);
    loaded[locale].groups.add(group);
  });
  loading.set(key, words);
  words.catch(() => loading.delete(key));
  return words;
}

/** The texts and the number formats of one language. */
export interface Text {
  locale: Locale;
  text(key: TextKey, values?: Values): string;
  /** Chooses the plural form for `count` and puts the formatted number into `{count}`. */
  count(key: PluralKey, count: number, values?: Values): string;
  /** `1,234` */
  number(value: number): string;
  /** Writes a share from 0 to 1 in whole percent: `61%`. */
  percent(share: number): string;
  /** Writes `+2.8`, `−1.4` or `0.0`. The minus sign is as wide as the plus sign, so that the numbers align. */
  score(value: number): string;
  /** The time of day, for example `14:03:22`. */
  time(at: number): string;
  /** Short day and time, for example `Nov 26, 14:03`. */
  moment(at: number): string;
  /** `14:03` */
  minute(at: number): string;
  /** `Thu, Nov 26` */
  day(at: number): string;
  /**
   * Day and time, for printed pages.
   * @param timeZone IANA name; without it that of the other times
   */
  dateTime(at: number, timeZone?: string): string;
  list(words: readonly string[]): string;
  /** Compares names: accents and ñ in their places, `Agente 2` before `Agente 10`. */
  compare(a: string, b: string): number;
}

/**
 * @param timeZone the IANA name of the zone in which times are written; without it the reader's own
 * @throws when the words of the language are not loaded
 */
export function createText(locale: Locale, timeZone?: string): Text {
  const { groups, messages } = loaded[locale];
  if (!groups.has("first")) throw new Error(`The words of ${locale} are not loaded. Wait for loadWords("${locale}") first.`);
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const percents = new Intl.NumberFormat(locale, { style: "percent" });
  const scores = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: "exceptZero",
  });
  const own = timeZone === undefined ? {} : knownZone(timeZone);
  const clock = { ...own, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const times = new Intl.DateTimeFormat(locale, { ...clock, second: "2-digit" });
  const moments = new Intl.DateTimeFormat(locale, {
    ...clock,
    month: "short",
    day: "numeric",
  });
  const minutes = new Intl.DateTimeFormat(locale, clock);
  const dates = new Intl.DateTimeFormat(locale, { ...own, weekday: "short", month: "short", day: "numeric" });
  const lists = new Intl.ListFormat(locale, { style: "long", type: "conjunction" });
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });
  return {
    locale,
    text: (key, values = {}) => fill(messages[key] ?? key, values),
    count(key, count, values = {}) {
      const form = plurals.select(count) === "one" ? "one" : "other";
      return fill(messages[key]?.[form] ?? key, { ...values, count: numbers.format(count) });
    },
    number: (value) => numbers.format(value),
    percent: (share) => percents.format(share),
    score: (value) => scores.format(value).replace("-", "\u2212"),
    time: (at) => times.format(at),
    moment: (at) => moments.format(at),
    minute: (at) => minutes.format(at),
    day: (at) => dates.format(at),
    dateTime: (at, other) => {
      const style = { dateStyle: "long", timeStyle: "medium", hourCycle: "h23" } as const;
      return new Intl.DateTimeFormat(locale, { ...style, ...own, ...(other !== undefined && { timeZone: other }) }).format(at);
    },
    list: (words) => lists.format(words),
    compare: (a, b) => collator.compare(a, b),
  };
}

/**
 * Returns the first known language of `wishes`, the strongest wish first (address, last choice, browser). English without one.
 */
export function chooseLocale(wishes: Iterable<string | null | undefined>): Locale {
  for (const wish of wishes) {
    const language = wish?.toLowerCase().split("-")[0];
    if (language === "es") return "es-MX";
    if (language === "en") return "en";
  }
  return "en";
}
