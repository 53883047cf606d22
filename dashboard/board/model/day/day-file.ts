import type { AgentDay } from "../../../../protocol/agent-day.ts";
import type { Text } from "../../text/text.ts";
import { teamPathWords } from "../csv.ts";
import { csvText } from "../csv-text.ts";
import { isoInZone } from "../local-iso.ts";
import { spellWords } from "./day-words.ts";

/** Whose day it is. */
export interface DayAgent {
  readonly name: string;
  /** The levels of the team from the top down. */
  readonly groups: readonly string[];
}

/** Returns a day as CSV, a line for each time span: durations in whole seconds, times in ISO 8601 on the center's clocks. */
export function dayCsvFile(day: AgentDay, { name, groups }: DayAgent, text: Text): string {
  const { timeZone } = day;
  const zone = { zone: timeZone };
  const scores = new Map(day.contacts.map(({ contactId, sentiment }) => [contactId, sentiment?.score ?? null]));
  const head = [
    text.text("csv.agentId"),
    text.text("column.agent"),
    text.text("csv.team"),
    text.text("csv.date"),
    text.text("csv.since", zone),
    text.text("csv.until", zone),
    `${text.text("day.duration")} (s)`,
  ];
  const rest = [
    text.text("day.what"),
    text.text("csv.contactId"),
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
      teamPathWords(groups),
      day.date,
      isoInZone(since, timeZone),
      until === null ? "" : isoInZone(until, timeZone),
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
export function teamCsvFile(days: readonly (DayAgent & { day: AgentDay })[], text: Text): string {
  const seconds = (key: Parameters<Text["text"]>[0]) => `${text.text(key)} (s)`;
  const head = [
    text.text("csv.agentId"),
    text.text("column.agent"),
    text.text("csv.team"),
    text.text("csv.date"),
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
  const lines = days.map(({ name, groups, day: { agentId, date, totals } }) => [
    agentId,
    name,
    teamPathWords(groups),
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
