import type { AgentDay, DayContact } from "../../protocol/agent-day.ts";
import type { AgentToday } from "../../protocol/agent-today.ts";
import type { Update } from "../../protocol/updates.ts";
import { type LocalDay, LocalDays } from "../board/local-day.ts";
import { type AgentCourse, agentCourse, dayContact, publicSpells } from "./agent-course.ts";
import { beginOf } from "./agent-stays.ts";
import { dayTotals, todayOf } from "./day-totals.ts";
import {
  EMPTY_HOUR,
  endedContactOf,
  type HistoryHour,
  HOUR_MS,
  hourOf,
  hourOfSighting,
  hourToStored,
  parseHour,
  withEndedContact,
  withSighting,
} from "./history-hour.ts";
import { endsNothing, newestJudged } from "./news-of-hour.ts";
import type { HistoryStore } from "./ports.ts";
import { type Sighting, sightingsOf, slotOf } from "./sighting.ts";

const DAY_MS = 24 * HOUR_MS;

/** How days are kept. */
export interface HistorySettings {
  /** IANA name: when a day begins. */
  readonly timeZone: string;
  /** Days before today that are kept; 0 = nothing is written. */
  readonly historyDays: number;
}

/** A day without what is known of the content of its contacts. */
export interface KnownDay extends Omit<AgentDay, "contacts" | "median"> {
  contacts: Omit<DayContact, "sentiment" | "categories" | "transcript">[];
}

/**
 * The days of a center's agents. What was seen of an agent is kept as a set, and a day is derived from it when somebody asks. So no
 * order of arrival and no repetition changes a day. It holds no clock: `now` is epoch milliseconds.
 */
export class CenterHistory {
  readonly #store: HistoryStore;
  readonly #settings: HistorySettings;
  readonly #days: LocalDays;
  readonly #today = new Map<string, AgentToday>();
  /** Agent -> its newest heartbeat or list entry that is stored. Most news of an idle agent ends here. */
  readonly #lastRepeated = new Map<string, { key: string; at: number }>();
  /** Agent -> its newest sighting that its figures on the board know of, epoch ms. Without one, all news makes them count anew. */
  readonly #countedUntil = new Map<string, number>();
  readonly #changed = new Set<string>();
  readonly #unsaved = new Map<string, { agentId: string; hour: number; content: HistoryHour }>();
  #boardDay: number | null;

  /** @param today the figures on the board as storage has them */
  constructor(store: HistoryStore, settings: HistorySettings, today: Iterable<readonly [string, AgentToday | null]>) {
    this.#store = store;
    this.#settings = settings;
    this.#days = new LocalDays(settings.timeZone);
    this.#boardDay = store.boardDay();
    if (!this.isKept) return;
    for (const [agentId, figures] of today) if (figures !== null) this.#today.set(agentId, figures);
  }

  /** Whether anything is written. */
  get isKept(): boolean {
    return this.#settings.historyDays > 0;
  }

  /** Notes what updates show. Returns the agents whose figures on the board may have changed. */
  applyUpdates(updates: readonly Update[], now: number): Set<string> {
    if (!this.isKept) return new Set();
    // Most posts say nothing of an agent's day.
    let oldest: number | null = null;
    for (const update of updates) {
      for (const [agentId, sighting] of sightingsOf(update)) {
        oldest ??= this.keptFrom(now);
        if (sighting.at >= oldest) this.#addSighting(agentId, sighting);
      }
      const ended = update.type === "contact.queue" ? endedContactOf(update) : null;
      if (ended === null) continue;
      oldest ??= this.keptFrom(now);
      if (ended.endedAt < oldest) continue;
      const { agentId, ...contact } = ended;
      this.#replace(agentId, hourOf(contact.endedAt), (hour) => withEndedContact(hour, contact));
    }
    for (const { agentId, hour, content } of this.#unsaved.values())
      this.#store.saveAgentHour({ agentId, hour, content: hourToStored(content) });
    this.#unsaved.clear();
    const moved = this.beginDay(now);
    for (const agentId of this.#changed) {
      this.#countToday(agentId, now);
      moved.add(agentId);
    }
    this.#changed.clear();
    return moved;
  }

  /** Begins a new day on the board. Returns the agents whose figures went; it is empty within a day. */
  beginDay(now: number): Set<string> {
    const { from } = this.#days.dayOf(now);
    if (!this.isKept || this.#boardDay === from) return new Set();
    this.#boardDay = from;
    this.#store.saveBoardDay(from);
    const agentIds = new Set(this.#today.keys());
    this.#today.clear();
    this.#lastRepeated.clear();
    this.#countedUntil.clear();
    return agentIds;
  }

  /** When {@link beginDay} has something to do next, epoch ms; null = never. */
  nextWake(): number | null {
    return this.#today.size === 0 || this.#boardDay === null ? null : this.#days.dayOf(this.#boardDay).until;
  }

  /** An agent's figures of today for the board; null = nothing is known. */
  today(agentId: string): AgentToday | null {
    return this.#today.get(agentId) ?? null;
  }

  /** Rows from before this time are deleted by whole days, epoch ms. */
  keptFrom(now: number): number {
    const today = this.#days.dayOf(now).from;
    // Half a day more, because a day may have 23 or 25 hours.
    return this.isKept ? this.#days.dayOf(today - this.#settings.historyDays * DAY_MS + DAY_MS / 2).from : hourOf(now) + DAY_MS;
  }

  /** When news of this time is no longer kept, epoch ms; `now` = that is so already. */
  endOfKeeping(at: number, now: number): number {
    if (at < this.keptFrom(now)) return now;
    const end = this.#days.dayOf(at).until + this.#settings.historyDays * DAY_MS;
    // Where the clocks have gone back meanwhile, that is an hour early.
    return end > now ? end : this.#days.dayOf(now).until;
  }

  /** The day of a date, YYYY-MM-DD. null = there is no such day. */
  dayOfDate(date: string): LocalDay | null {
    return this.#days.dayOfDate(date);
  }

  dateOf(at: number): string {
    return this.#days.dateOf(at);
  }

  /** Derives a day of an agent. A day that has not ended goes on until `now`. */
  day(agentId: string, day: LocalDay, now: number): KnownDay {
    const course = this.#course(agentId, day, now);
    const span = { from: day.from, until: Math.max(day.from, Math.min(day.until, now)) };
    const stays = course.stays.filter((stay) => beginOf(stay) < day.until && (stay.end ?? now) > day.from);
    return {
      agentId,
      date: this.#days.dateOf(day.from),
      timeZone: this.#settings.timeZone,
      keptFrom: this.isKept ? this.#days.dateOf(this.keptFrom(now)) : null,
      from: day.from,
      to: day.until,
      serverTime: now,
      spells: publicSpells(course, span, now < day.until),
      contacts: stays.map((stay) => dayContact(stay, now)),
      totals: dayTotals(course, span),
    };
  }

  #addSighting(agentId: string, sighting: Sighting): void {
    const { at, isStream, state } = sighting;
    if (!isStream) {
      const key = `${slotOf(agentId, at)} ${JSON.stringify(state)}`;
      const known = this.#lastRepeated.get(agentId);
      // An older one of the same slot still moves its time back.
      if (known?.key === key && known.at <= at) return;
      this.#lastRepeated.set(agentId, { key, at });
    }
    this.#replace(agentId, hourOfSighting(agentId, sighting), (hour) => withSighting(hour, agentId, sighting));
  }

  #replace(agentId: string, hour: number, change: (hour: HistoryHour) => HistoryHour): void {
    const before = this.#hour(agentId, hour);
    const content = change(before);
    if (content === before) return;
    this.#unsaved.set(`${hour} ${agentId}`, { agentId, hour, content });
    const newest = content.sightings.at(-1)?.at ?? 0;
    const isNewest = before.sightings.at(-1)?.at === this.#countedUntil.get(agentId);
    // Without figures of today it may be the first news of the day.
    if (isNewest && endsNothing(content, before) && this.#today.has(agentId)) this.#countedUntil.set(agentId, newest);
    else this.#changed.add(agentId);
  }

  #hour(agentId: string, hour: number): HistoryHour {
    const unsaved = this.#unsaved.get(`${hour} ${agentId}`);
    return unsaved?.content ?? this.#hours(agentId, [hour])[0] ?? EMPTY_HOUR;
  }

  #countToday(agentId: string, now: number): void {
    const day = this.#days.dayOf(now);
    const hours = this.#hours(agentId, hoursAround(day));
    const seenUntil = newestJudged(hours);
    if (seenUntil === null) this.#countedUntil.delete(agentId);
    else this.#countedUntil.set(agentId, seenUntil);
    // The newest news decides and not the clock, so that the figures stand still in between.
    const newest = Math.max(...hours.flatMap(({ sightings, ended }) => [...sightings.map(timeOf), ...ended.map(endOf)]));
    const until = Math.min(day.until, newest);
    if (until < day.from) this.#today.delete(agentId);
    else this.#today.set(agentId, todayOf(agentCourse(hours, until), { from: day.from, until }));
  }

  #course(agentId: string, day: LocalDay, now: number): AgentCourse {
    // The first hour that is kept may have the end of a day that is not.
    const hours = day.until > this.keptFrom(now) ? hoursAround(day) : [];
    return agentCourse(this.#hours(agentId, hours), now);
  }

  #hours(agentId: string, hours: readonly number[]): HistoryHour[] {
    return this.#store.agentHours(agentId, hours).flatMap(({ content }) => parseHour(content) ?? []);
  }
}

/** The hours of a day, the one before it, which says how the day began, and the one after, which says how it ended. */
function hoursAround({ from, until }: LocalDay): number[] {
  const hours: number[] = [];
  for (let hour = hourOf(from) - HOUR_MS; hour < until + HOUR_MS; hour += HOUR_MS) hours.push(hour);
  return hours;
}

function timeOf({ at }: Sighting): number {
  return at;
}

function endOf({ endedAt }: { endedAt: number }): number {
  return endedAt;
}
