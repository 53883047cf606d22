import type { AgentStatus } from "../../../protocol/agent.ts";
import type { Thresholds } from "./threshold-alerts.ts";
import { DEFAULT_THRESHOLDS } from "./threshold-alerts.ts";
import { LIMITED } from "./thresholds.ts";
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
  thresholds: Thresholds;
  /** The `…` of `https://….my.connect.aws`. Empty for no links. */
  connectAlias: string;
  sound: boolean;
  notify: boolean;
  refreshSeconds: RefreshSeconds;
  /** True if a screen reader announces each new turn of the open call. */
  readTurns: boolean;
  views: readonly SavedView[];
}

export const START_PREFERENCES: Preferences = {
  thresholds: DEFAULT_THRESHOLDS,
  connectAlias: "",
  sound: false,
  notify: false,
  refreshSeconds: 0,
  readTurns: false,
  views: [],
};

/** Reads stored preferences. Each part that is not valid (another version, a hand edit) falls back to `start`. */
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
  return {
    thresholds: readThresholds(field(kept, "thresholds")) ?? start.thresholds,
    connectAlias: typeof alias === "string" && isAlias(alias) ? alias : start.connectAlias,
    sound: typeof sound === "boolean" ? sound : start.sound,
    notify: typeof notify === "boolean" ? notify : start.notify,
    refreshSeconds: REFRESH_SECONDS.find((seconds) => seconds === keptInterval) ?? start.refreshSeconds,
    readTurns: typeof readTurns === "boolean" ? readTurns : start.readTurns,
    views: readViews(field(kept, "views")),
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

function readThresholds(kept: unknown): Thresholds | null {
  const score = numbers(field(kept, "score"), "warn", "critical");
  const drop = numbers(field(kept, "drop"), "points", "seconds");
  const limits = field(kept, "status");
  if (score === null || drop === null || typeof limits !== "object" || limits === null) return null;
  const status: Thresholds["status"] = {};
  for (const name of LIMITED) {
    const pair = numbers(field(limits, name), "warnSeconds", "criticalSeconds");
    if (pair !== null) status[name satisfies AgentStatus] = pair;
  }
  return { status, score, drop };
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

function numbers<A extends string, B extends string>(value: unknown, a: A, b: B): Record<A | B, number> | null;
function numbers(value: unknown, a: string, b: string): Record<string, number> | null {
  const [one, other] = [field(value, a), field(value, b)];
  if (typeof one !== "number" || typeof other !== "number" || !Number.isFinite(one) || !Number.isFinite(other)) return null;
  return { [a]: one, [b]: other };
}
