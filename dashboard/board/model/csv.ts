import type { AgentView } from "../../client/contract.ts";
import type { Column } from "../columns/column.ts";
import type { Text } from "../text/text.ts";
import type { AlertsByAgent } from "./alerts-by-agent.ts";
import { csvText } from "./csv-text.ts";
import { isoInZone } from "./local-iso.ts";

export interface CsvInput {
  /** The agents on the page, in their order. */
  agents: readonly AgentView[];
  columns: readonly Column[];
  alerts: AlertsByAgent;
  text: Text;
  /** Epoch milliseconds on the hub's clock. */
  now: number;
  /** The IANA name of the contact center's time zone. */
  timeZone: string;
}

/** Between the levels of a team. The screen leaves levels out where the next one repeats them; a file has all of them. */
const LEVELS = " · ";

/**
 * Returns the agents as CSV: durations in whole seconds, times in ISO 8601 on the center's clocks, empty cells without data. The
 * file has more columns than the table: the agent's id, the whole path of the team, and the start of the status.
 */
export function boardCsv({ agents, columns, alerts, text, now, timeZone }: CsvInput): string {
  const [first, ...others] = columns.filter(({ key }) => key !== "groups");
  if (first === undefined) return csvText([]);
  const heading = ({ heading: key, csvUnit }: Column) =>
    csvUnit === undefined ? text.text(key) : `${text.text(key)} (${csvUnit})`;
  const lines = agents.map((agent) => {
    const input = { text, now, alerts: alerts.get(agent.agentId) ?? [] };
    return [
      agent.agentId,
      first.csvValue(agent, input),
      teamPathWords(agent.groups),
      ...others.map((column) => column.csvValue(agent, input)),
      isoInZone(agent.since, timeZone),
    ];
  });
  const since = text.text("csv.statusSince", { zone: timeZone });
  return csvText([[text.text("csv.agentId"), heading(first), text.text("csv.team"), ...others.map(heading), since], ...lines]);
}

/** Returns all levels of an agent's team, for example `México · Ventas · Ventas MX`. */
export function teamPathWords(groups: readonly string[]): string {
  return groups.filter((level) => level !== "").join(LEVELS);
}
