import * as v from "valibot";
import { agentDaySchema } from "../../protocol/agent-day.ts";
import { csvText } from "./csv-text.ts";

/** Writes a day, a line for each time span, with times by ISO 8601. A contact's figures stand in the line with which it ends. */
export function dayCsv(body: unknown): string {
  const { spells, contacts } = v.parse(agentDaySchema, body);
  const head = ["since", "until", "seconds", "kind", "status", "contactId", "channel", "queue"];
  const figures = ["answeredAt", "talkSeconds", "holdSeconds", "afterCallSeconds", "score", "quarters", "categories"];
  const last = new Map(spells.flatMap((spell) => (spell.contactId === null ? [] : [[spell.contactId, spell] as const])));
  const rows = spells.map((spell) => {
    const { since, until, kind, status, contactId, channel, queue } = spell;
    const contact = contacts.findLast((each) => each.contactId === contactId);
    const seconds = until === null ? null : wholeSeconds(until - since);
    const line = [isoTime(since), isoTime(until), seconds, kind, status, contactId, channel, queue];
    if (contact === undefined || contactId === null || last.get(contactId) !== spell)
      return [...line, ...figures.map(() => null)];
    const { answeredAt, talkMs, holdMs, afterCallMs, sentiment, categories } = contact;
    const times = [talkMs, holdMs, afterCallMs].map(wholeSeconds);
    const quarters = sentiment?.quarters.map((quarter) => quarter ?? "").join("|") ?? null;
    return [...line, isoTime(answeredAt), ...times, sentiment?.score ?? null, quarters, categories.join("|")];
  });
  return csvText([[...head, ...figures], ...rows]);
}

function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function wholeSeconds(ms: number): number {
  return Math.round(ms / 1000);
}
