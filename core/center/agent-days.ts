import type { AgentDay, DayContact } from "../../protocol/agent-day.ts";
import type { AgentToday } from "../../protocol/agent-today.ts";
import { GroupView } from "../board/group-view.ts";
import { type GroupFilter, mayView } from "../board/visibility.ts";
import type { CenterHistory, KnownDay } from "../history/center-history.ts";
import { type ContactNote, mergeNotes, noteOf } from "../history/contact-note.ts";
import type { HistoryStore } from "../history/ports.ts";
import type { AgentRow } from "../state/agent-row.ts";
import type { ContactCenterState } from "../state/contact-center-state.ts";
import type { ContactRecord } from "../state/contact-record.ts";

/** The answer to a question for the day of an agent. */
export type AskedDay = { ok: true; day: AgentDay } | { ok: false; reason: "wrong_date" | "unknown_agent" };

/** The days of agents with all that is known of their contacts, for whoever may see the agent now. */
export class AgentDays {
  readonly #history: CenterHistory;
  readonly #state: ContactCenterState;
  readonly #store: HistoryStore;

  constructor(history: CenterHistory, state: ContactCenterState, store: HistoryStore) {
    this.#history = history;
    this.#state = state;
    this.#store = store;
  }

  /**
   * Answers a viewer. An agent is seen by the groups that it has now, also on days when it had others. An agent out of sight is the
   * same as an unknown one.
   * @param date YYYY-MM-DD; null = today
   */
  day(agentId: string, date: string | null, filter: GroupFilter, now: number): AskedDay {
    const day = this.#history.dayOfDate(date ?? this.#history.dateOf(now));
    if (day === null) return { ok: false, reason: "wrong_date" };
    const agent = this.#state.presenceOf(agentId).row;
    if (agent === null || !mayView(filter, agent.groups)) return { ok: false, reason: "unknown_agent" };
    const known = this.#history.day(agentId, day, now);
    const isToday = now >= day.from && now < day.until;
    return { ok: true, day: { ...known, contacts: this.#contacts(known), median: isToday ? this.#median(agent, filter) : null } };
  }

  /** Keeps what a day shows of a contact that expires. */
  keepNote(record: ContactRecord): void {
    const note = this.#history.isKept ? noteOf(record) : null;
    if (note === null) return;
    const [known] = this.#store.contactNotes([note.contactId]);
    this.#store.saveContactNote(known === undefined ? note : mergeNotes(known, note), record.receivedAt);
  }

  #contacts({ contacts }: KnownDay): DayContact[] {
    const ids = new Set(contacts.flatMap(({ contactId, initialContactId }) => [contactId, initialContactId ?? contactId]));
    const notes = new Map(this.#store.contactNotes([...ids]).map((note) => [note.contactId, note]));
    return contacts.map((contact) => {
      const records = this.#state.contactRecords(contact);
      const stored = [contact.contactId, contact.initialContactId ?? ""].flatMap((id) => notes.get(id) ?? []);
      const known: ContactNote[] = [...records.flatMap((record) => noteOf(record) ?? []), ...stored];
      return {
        ...contact,
        sentiment: known.find(({ sentiment }) => sentiment !== null)?.sentiment ?? null,
        categories: known.length === 0 ? [] : namesInOrder(known.reduce(mergeNotes).categories),
        transcript: records.some(({ hasTurns }) => hasTurns),
      };
    });
  }

  /** The medians over the agents that share a group with this one, and that the viewer may see. */
  #median({ groups }: AgentRow, filter: GroupFilter): AgentToday | null {
    // Where agents have no groups, all are one team.
    const team = new GroupView(groups.length === 0 ? null : groups);
    const figures: AgentToday[] = [];
    for (const row of this.#state.visibleAgents(filter))
      if (row.today !== null && team.mayView(row.groups)) figures.push(row.today);
    if (figures.length === 0) return null;
    const median = (of: (today: AgentToday) => number | null) => middleOf(figures.flatMap((today) => of(today) ?? []));
    return {
      handled: median(({ handled }) => handled) ?? 0,
      missed: median(({ missed }) => missed) ?? 0,
      averageHandleMs: median(({ averageHandleMs }) => averageHandleMs),
      occupancy: median(({ occupancy }) => occupancy),
      signedInMs: median(({ signedInMs }) => signedInMs) ?? 0,
    };
  }
}

function namesInOrder(categories: Readonly<Record<string, number>>): string[] {
  const all = Object.entries(categories).sort(([a, atA], [b, atB]) => atA - atB || (a < b ? -1 : 1));
  return all.map(([name]) => name);
}

/** The median; null = there is no value. */
function middleOf(values: readonly number[]): number | null {
  // Ten times as fast as the sorting of an array, with 10,000 agents.
  const sorted = Float64Array.from(values).sort();
  const [lower, upper] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}
