import { severity } from "../model/alert-levels.ts";
import { reasonsOf } from "../model/alert-words.ts";
import { contactCount, freePlaces } from "../model/contacts.ts";
import { clockText, secondsSince } from "../model/format.ts";
import { teamOf } from "../model/grouping.ts";
import { statusRank } from "../model/status-order.ts";
import { AlertChips, SentimentCell, StatusLabel, statusWords } from "../parts/cells.tsx";
import { ContactNotes, contactsWords, listenerWords, placesWords } from "../parts/contact-notes.tsx";
import { byName, byNumber, byText, type Column, type OptionalColumn } from "./column.ts";
import {
  CallTimeCell,
  ChannelCell,
  ContactsCell,
  FigureCell,
  ListeningCell,
  PlacesCell,
  TimeCell,
  WordsCell,
} from "./table-cells.tsx";

/**
 * From these widths of the list, the longest status and a usual reason are not cut off beside all columns that are shown from there.
 * A narrower list leaves out the time of the call first, which mostly is that of the status, and then the queue.
 */
const WIDE = 1_296;
const MEDIUM = 990;
const SMALL = 880;

/** The first column of every table: its cell is the header of the row. */
export const AGENT_COLUMN = {
  key: "agent",
  heading: "column.agent",
  width: { least: 160, share: 1.2 },
  sortsCards: true,
  comparison: byName,
  csvValue: (agent) => agent.name,
} as const satisfies Column;

/**
 * The columns that a reader can choose, in the order of the table. Everything that has columns reads this list: the table, the
 * menus, the order, the address, saved views and the CSV file. A new column is one entry here and its heading in `text/`.
 */
export const COLUMNS = [
  {
    key: "status",
    heading: "column.status",
    width: { least: 148, share: 2.65 },
    shownAtStart: true,
    sortsCards: true,
    comparison: byNumber((agent) => statusRank(agent.status)),
    csvValue: (agent, { text }) => statusWords(agent, text),
    Cell: ({ agent }) => (
      <td className="vg-c-status">
        <StatusLabel agent={agent} />
        <ContactNotes agent={agent} />
      </td>
    ),
  },
  {
    key: "time",
    heading: "column.time",
    width: { least: 72, share: 0.4 },
    shownAtStart: true,
    numeric: true,
    descendingFirst: true,
    sortsCards: true,
    // The longest time has the earliest start.
    comparison: byNumber((agent) => -agent.since),
    csvUnit: "s",
    csvValue: (agent, { now }) => String(secondsSince(agent.since, now)),
    Cell: TimeCell,
  },
  {
    key: "call",
    heading: "column.call",
    width: { least: 76, share: 0.3 },
    shownAtStart: true,
    startsFrom: MEDIUM,
    numeric: true,
    descendingFirst: true,
    comparison: byNumber((agent) => (agent.callStartedAt === null ? null : -agent.callStartedAt)),
    csvUnit: "s",
    csvValue: (agent, { now }) => (agent.callStartedAt === null ? "" : String(secondsSince(agent.callStartedAt, now))),
    Cell: CallTimeCell,
  },
  {
    key: "queue",
    heading: "column.queue",
    width: { least: 110, share: 1.5 },
    shownAtStart: true,
    startsFrom: SMALL,
    comparison: byText((agent) => agent.queue),
    csvValue: (agent) => agent.queue ?? "",
    Cell: ({ agent }) => <WordsCell words={agent.queue} />,
  },
  {
    key: "sentiment",
    formerKeys: ["mood"],
    heading: "column.sentiment",
    width: { least: 124, share: 0.85 },
    shownAtStart: true,
    sortsCards: true,
    comparison: byNumber((agent) => agent.sentimentScore),
    csvValue: (agent) => (agent.sentimentScore === null ? "" : String(agent.sentimentScore)),
    Cell: ({ agent }) => (
      <td className="vg-c-sentiment">
        <SentimentCell agent={agent} />
      </td>
    ),
  },
  {
    key: "alerts",
    heading: "column.alerts",
    width: { least: 126, share: 2.65 },
    shownAtStart: true,
    descendingFirst: true,
    comparison: byNumber((agent, alerts) => severity(alerts.get(agent.agentId))),
    csvValue: (_, { alerts, text }) =>
      reasonsOf(alerts, text)
        .map(({ words }) => words)
        .join("; "),
    Cell: ({ alerts }) => (
      <td className="vg-c-alerts">
        <AlertChips alerts={alerts} />
      </td>
    ),
  },
  {
    key: "handled",
    heading: "column.handled",
    width: { least: 84, share: 0.3 },
    shownAtStart: true,
    startsFrom: WIDE,
    numeric: true,
    descendingFirst: true,
    sortsCards: true,
    comparison: byNumber((agent) => agent.today?.handled ?? null),
    csvValue: ({ today }) => (today ? String(today.handled) : ""),
    Cell: ({ agent }) => <FigureCell words={(text) => (agent.today ? text.number(agent.today.handled) : null)} />,
  },
  {
    key: "aht",
    heading: "column.aht",
    width: { least: 64, share: 0.3 },
    shownAtStart: true,
    startsFrom: WIDE,
    numeric: true,
    descendingFirst: true,
    comparison: byNumber((agent) => agent.today?.averageHandleMs ?? null),
    csvUnit: "s",
    csvValue: ({ today }) => (today?.averageHandleMs ? String(Math.round(today.averageHandleMs / 1000)) : ""),
    Cell: ({ agent }) => (
      <FigureCell words={() => (agent.today?.averageHandleMs ? clockText(agent.today.averageHandleMs / 1000) : null)} />
    ),
  },
  {
    key: "missed",
    heading: "column.missed",
    width: { least: 104 },
    shownAtStart: false,
    numeric: true,
    descendingFirst: true,
    sortsCards: true,
    comparison: byNumber((agent) => agent.today?.missed ?? null),
    csvValue: ({ today }) => (today ? String(today.missed) : ""),
    Cell: ({ agent }) => <FigureCell words={(text) => (agent.today ? text.number(agent.today.missed) : null)} />,
  },
  {
    key: "occupancy",
    heading: "column.occupancy",
    width: { least: 92 },
    shownAtStart: false,
    numeric: true,
    descendingFirst: true,
    sortsCards: true,
    comparison: byNumber((agent) => agent.today?.occupancy ?? null),
    csvUnit: "%",
    csvValue: ({ today }) => (today?.occupancy == null ? "" : String(Math.round(today.occupancy * 1000) / 10)),
    Cell: ({ agent }) => (
      <FigureCell words={(text) => (agent.today?.occupancy == null ? null : text.percent(agent.today.occupancy))} />
    ),
  },
  {
    key: "groups",
    heading: "column.groups",
    width: { least: 150, share: 2 },
    shownAtStart: false,
    comparison: byText(teamOf),
    csvValue: (agent) => teamOf(agent),
    Cell: ({ agent }) => <WordsCell words={teamOf(agent)} />,
  },
  {
    key: "categories",
    heading: "column.categories",
    width: { least: 150, share: 2 },
    shownAtStart: false,
    comparison: byText((agent) => agent.categories.join(" ")),
    csvValue: (agent) => agent.categories.join("; "),
    Cell: ({ agent }) => <WordsCell words={agent.categories.join(", ")} />,
  },
  {
    key: "channel",
    heading: "column.channel",
    width: { least: 86 },
    shownAtStart: false,
    comparison: byText((agent) => agent.channel),
    csvValue: (agent, { text }) => (agent.channel === null ? "" : text.text(`channel.${agent.channel}`)),
    Cell: ChannelCell,
  },
  {
    key: "profile",
    heading: "column.profile",
    width: { least: 160, share: 2 },
    shownAtStart: false,
    comparison: byText((agent) => agent.routingProfile),
    csvValue: (agent) => agent.routingProfile ?? "",
    Cell: ({ agent }) => <WordsCell words={agent.routingProfile} />,
  },
  {
    key: "contacts",
    heading: "column.contacts",
    width: { least: 160, share: 1 },
    shownAtStart: false,
    descendingFirst: true,
    sortsCards: true,
    comparison: byNumber((agent) => contactCount(agent) || null),
    csvValue: (agent, { text }) => contactsWords(agent, text).join("; "),
    Cell: ContactsCell,
  },
  {
    key: "places",
    heading: "column.places",
    width: { least: 172, share: 1 },
    shownAtStart: false,
    descendingFirst: true,
    sortsCards: true,
    comparison: byNumber(freePlaces),
    csvValue: (agent, { text }) => placesWords(agent.capacity ?? [], text).join("; "),
    Cell: PlacesCell,
  },
  {
    key: "next",
    heading: "column.next",
    width: { least: 120, share: 1 },
    shownAtStart: false,
    comparison: byText((agent) => agent.nextStatus ?? null),
    csvValue: (agent) => agent.nextStatus ?? "",
    Cell: ({ agent }) => <WordsCell words={agent.nextStatus ?? null} />,
  },
  {
    key: "listening",
    heading: "column.listening",
    width: { least: 132, share: 1 },
    shownAtStart: false,
    comparison: byText((agent) => agent.listening?.map(({ name }) => name ?? "").join(" ") ?? null),
    csvValue: (agent, { text }) => listenerWords(agent, text).join("; "),
    Cell: ListeningCell,
  },
] as const satisfies readonly OptionalColumn[];
