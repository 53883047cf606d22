/** What the page shows of agents' days. The address has it too. */
export interface DayPlace {
  /** The contact that the panel shows; null = the one of the moment. */
  contactId: string | null;
  /** YYYY-MM-DD in the center's time zone; null = today. */
  date: string | null;
  /** Shows the days of all agents of the list instead of the list. */
  team: boolean;
}

export const NO_DAY: DayPlace = { contactId: null, date: null, team: false };

export const DAY_KEYS = ["contact", "date", "page"] as const;

export function dayPlaceFrom(query: URLSearchParams): DayPlace {
  const date = query.get("date");
  return {
    contactId: query.get("contact") || null,
    date: date !== null && /^\d{4}-\d\d-\d\d$/.test(date) ? date : null,
    team: query.get("page") === "day",
  };
}

/** Writes the keys of `place` into `query`. */
export function writeDayPlace(query: URLSearchParams, { contactId, date, team }: DayPlace): void {
  const values = { contact: contactId, date, page: team ? "day" : null };
  for (const key of DAY_KEYS) {
    const value = values[key];
    if (value === null) query.delete(key);
    else query.set(key, value);
  }
}
