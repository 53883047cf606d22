import type { AgentDay } from "../../../../protocol/agent-day.ts";
import type { Text } from "../../text/text.ts";
import { csvText } from "../csv.ts";
import { spellWords } from "./day-words.ts";

/** Returns a day as CSV, a line for each time span: durations in whole seconds, times in ISO 8601 (UTC). */
export function dayCsvFile(day: AgentDay, name: string, text: Text): string {
  const scores = new Map(day.contacts.map(({ contactId, sentiment }) => [contactId, sentiment?.score ?? null]));
  const head = ["agentId", text.text("column.agent"), "date", "since", "until", `${text.text("day.duration")} (s)`];
  const rest = [
    text.text("day.what"),
    "contactId",
    text.text("column.channel"),
    text.text("column.queue"),
    text.text("column.sentiment"),
  ];
  const lines = day.spells.map((spell) => {
    const { since, until, contactId, channel, queue } = spell;
    const score = contactId === null ? null : scores.get(contactId);
    return [
      day.agentId,
      name,
      day.date,
      new Date(since).toISOString(),
      until === null ? "" : new Date(until).toISOString(),
      until === null ? "" : String(Math.round((until - since) / 1000)),
      spellWords(spell, text),
      contactId ?? "",
      channel === null ? "" : text.text(`channel.${channel}`),
      queue ?? "",
      score === null || score === undefined ? "" : String(score),
    ];
  });
  return csvText([[...head, ...rest], ...lines]);
}

/** Returns the totals of several days as CSV, a line for each agent. Durations are in whole seconds, the occupancy is a share from 0 to 1. */
export function teamCsvFile(days: readonly { name: string; day: AgentDay }[], text: Text): string {
  const seconds = (key: Parameters<Text["text"]>[0]) => `${text.text(key)} (s)`;
  const head = [
    "agentId",
    text.text("column.agent"),
    "date",
    text.text("column.handled"),
    text.text("column.missed"),
    seconds("column.aht"),
    text.text("column.occupancy"),
    seconds("day.signedIn"),
    seconds("day.talk"),
    seconds("day.hold"),
    seconds("day.afterCall"),
    seconds("day.unknown"),
  ];
  const lines = days.map(({ name, day: { agentId, date, totals } }) => [
    agentId,
    name,
    date,
    String(totals.handled),
    String(totals.missed),
    totals.averageHandleMs === null ? "" : String(Math.round(totals.averageHandleMs / 1000)),
    totals.occupancy === null ? "" : String(totals.occupancy),
    ...[totals.signedInMs, totals.talkMs, totals.holdMs, totals.afterCallMs, totals.unknownMs].map((ms) =>
      String(Math.round(ms / 1000)),
    ),
  ]);
  return csvText([head, ...lines]);
}
