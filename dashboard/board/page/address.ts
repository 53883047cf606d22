import { DAY_KEYS, type DayPlace, dayPlaceFrom, writeDayPlace } from "../model/day/day-place.ts";
import type { View } from "../model/view.ts";
import { VIEW_KEYS, viewFromQuery, viewToQuery } from "../model/view-query.ts";
import { THEMES, type Theme } from "../parts/theme.ts";

/** The instance of the demo that `npm start` runs. */
const DEMO_INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";

/** The keys of the address. docs/board.md explains each. */
export const ADDRESS_KEYS = ["instance", "title", "lang", "theme", "tv", "agent", "at", ...DAY_KEYS, ...VIEW_KEYS] as const;

export interface Address {
  instanceId: string;
  /** The name of the contact center in the header. */
  title: string | null;
  lang: string | null;
  theme: Theme | null;
  tv: boolean;
  /** The agent whose call is open. */
  agentId: string | null;
  /** The moment of the past that is shown (epoch ms); null = the board is live. */
  at: number | null;
  day: DayPlace;
  view: View;
}

export function readAddress(query: URLSearchParams): Address {
  return {
    instanceId: query.get("instance") || DEMO_INSTANCE,
    title: query.get("title")?.trim() || null,
    lang: query.get("lang"),
    theme: THEMES.find((theme) => theme === query.get("theme")) ?? null,
    tv: query.get("tv") === "1",
    agentId: query.get("agent"),
    at: readMoment(query.get("at")),
    day: dayPlaceFrom(query),
    view: viewFromQuery(query),
  };
}

/** Reads epoch milliseconds, or a date and time as people write them in links (ISO 8601). */
function readMoment(text: string | null): number | null {
  if (text === null || text === "") return null;
  const at = /^\d+$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isSafeInteger(at) && at >= 0 ? at : null;
}

/** A change that the reader made on the page. */
export interface Choice {
  view?: View;
  tv?: boolean;
  agentId?: string | null;
  at?: number | null;
  day?: DayPlace;
  lang?: string;
  theme?: Theme;
}

/** Returns the address that shows the page as it is now: `query` with the reader's change. */
export function writeAddress(query: URLSearchParams, choice: Choice): URLSearchParams {
  const result = choice.view === undefined ? new URLSearchParams(query) : viewToQuery(choice.view, query);
  if (choice.tv === true) result.set("tv", "1");
  if (choice.tv === false) result.delete("tv");
  if (choice.agentId === null) result.delete("agent");
  else if (choice.agentId !== undefined) result.set("agent", choice.agentId);
  if (choice.at === null) result.delete("at");
  else if (choice.at !== undefined) result.set("at", String(choice.at));
  if (choice.day !== undefined) writeDayPlace(result, choice.day);
  // A reload must show the choice, so a language or theme in the address follows it.
  if (choice.lang !== undefined && result.has("lang")) result.set("lang", choice.lang);
  if (choice.theme !== undefined && result.has("theme")) result.set("theme", choice.theme);
  return result;
}
