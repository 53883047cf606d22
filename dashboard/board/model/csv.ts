import type { AgentView } from "../../client/contract.ts";
import type { Column } from "../columns/column.ts";
import type { Text } from "../text/text.ts";
import type { AlertsByAgent } from "./alerts-by-agent.ts";

export interface CsvInput {
  /** The agents on the page, in their order. */
  agents: readonly AgentView[];
  columns: readonly Column[];
  alerts: AlertsByAgent;
  text: Text;
  /** Epoch milliseconds on the hub's clock. */
  now: number;
}

/** Excel reads a file as UTF-8 only when it begins with this mark. */
const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Returns the agents as CSV (RFC 4180: CRLF, quotes doubled): durations in whole seconds, times in ISO 8601, empty cells
 * without data. The file has two more columns than the table: the agent's id, and the start of the status.
 */
export function boardCsv({ agents, columns, alerts, text, now }: CsvInput): string {
  const headings = columns.map(({ heading, csvUnit }) =>
    csvUnit === undefined ? text.text(heading) : `${text.text(heading)} (${csvUnit})`,
  );
  const lines = agents.map((agent) => {
    const input = { text, now, alerts: alerts.get(agent.agentId) ?? [] };
    return [agent.agentId, ...columns.map((column) => column.csvValue(agent, input)), new Date(agent.since).toISOString()];
  });
  return csvText([["agentId", ...headings, "since"], ...lines]);
}

/** Returns a table as CSV that Excel reads, and that no spreadsheet runs as formulas. */
export function csvText(table: readonly (readonly string[])[]): string {
  return `${BYTE_ORDER_MARK}${table.map((line) => `${line.map(escaped).join(",")}\r\n`).join("")}`;
}

/** Puts an apostrophe before text that a spreadsheet would run as a formula (OWASP, CSV injection). Numbers stay numbers. */
function escaped(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
