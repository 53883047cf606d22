import { type TeamPath, teamKey } from "./team-path.ts";
import { currentQuery } from "./view-query.ts";

/** A view with a name. `query` has the form of the address. */
export interface SavedView {
  name: string;
  query: string;
}

/** Seconds between two updates of the board. 0 shows each change at once. WCAG 2.2.2 asks that a reader can slow updates down. */
export const REFRESH_SECONDS = [0, 5, 15] as const;
export type RefreshSeconds = (typeof REFRESH_SECONDS)[number];

/** The supervisor's settings, which this browser keeps. */
export interface Preferences {
  /** The `…` of `https://….my.connect.aws`. Empty for no links. */
  connectAlias: string;
  sound: boolean;
  notify: boolean;
  /** Ids of rules whose alerts do not call this reader: no count, no sound, no notification. */
  mutedRules: readonly string[];
  refreshSeconds: RefreshSeconds;
  /** True if a screen reader announces each new turn of the open call. */
  readTurns: boolean;
  /** Whether keys such as `/` work alone. Speech input types them by accident (WCAG 2.1.4). */
  singleKeys: boolean;
  views: readonly SavedView[];
  /** The teams that this reader looks after. None = all. */
  teams: readonly TeamPath[];
}

export const START_PREFERENCES: Preferences = {
  connectAlias: "",
  sound: false,
  notify: false,
  mutedRules: [],
  refreshSeconds: 0,
  readTurns: false,
  singleKeys: true,
  views: [],
  teams: [],
};

/**
 * Reads stored preferences. Each part that is not valid (another version, a hand edit) falls back to `start`. The limits that
 * earlier versions kept here are left out: they are the center's rules now.
 */
export function readPreferences(text: string | null, start: Preferences = START_PREFERENCES): Preferences {
  if (text === null) return start;
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return start;
  }
  const alias = field(kept, "connectAlias");
  const sound = field(kept, "sound");
  const notify = field(kept, "notify");
  // The key was "rhythm" until it was renamed.
  const keptInterval = field(kept, "refreshSeconds") ?? field(kept, "rhythm");
  const readTurns = field(kept, "readTurns");
  const singleKeys = field(kept, "singleKeys");
  return {
    connectAlias: typeof alias === "string" && isAlias(alias) ? alias : start.connectAlias,
    sound: typeof sound === "boolean" ? sound : start.sound,
    notify: typeof notify === "boolean" ? notify : start.notify,
    mutedRules: readTexts(field(kept, "mutedRules")) ?? start.mutedRules,
    refreshSeconds: REFRESH_SECONDS.find((seconds) => seconds === keptInterval) ?? start.refreshSeconds,
    readTurns: typeof readTurns === "boolean" ? readTurns : start.readTurns,
    singleKeys: typeof singleKeys === "boolean" ? singleKeys : start.singleKeys,
    views: readViews(field(kept, "views")),
    teams: readTeams(field(kept, "teams")) ?? start.teams,
  };
}

/**
 * Returns true for an instance alias (letters, digits and hyphens: Amazon Connect, CreateInstance, InstanceAlias) and for no
 * text.
 */
export function isAlias(text: string): boolean {
  return /^([A-Za-z0-9](?:-?[A-Za-z0-9])*)?$/.test(text);
}

/** Returns the address of the contact's page in Amazon Connect, or null without an alias. */
export function contactLink(alias: string, contactId: string): string | null {
  if (alias === "") return null;
  return `https://${alias}.my.connect.aws/contact-trace-records/details/${encodeURIComponent(contactId)}`;
}

function readTexts(kept: unknown): string[] | null {
  return Array.isArray(kept) ? kept.filter((entry: unknown) => typeof entry === "string") : null;
}

function readTeams(kept: unknown): TeamPath[] | null {
  if (!Array.isArray(kept)) return null;
  const paths = kept.map((entry: unknown) => readTexts(entry)?.filter((level) => level !== "") ?? []);
  return [...new Map(paths.filter((path) => path.length > 0).map((path) => [teamKey(path), path])).values()];
}

function readViews(kept: unknown): SavedView[] {
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((entry: unknown) => {
    const name = field(entry, "name");
    const query = field(entry, "query");
    return typeof name === "string" && name !== "" && typeof query === "string" ? [{ name, query: currentQuery(query) }] : [];
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
