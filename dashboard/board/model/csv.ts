import type { AgentView } from "../../client/contract.ts";
import { secondsSince } from "./format.ts";
import { teamOf } from "./grouping.ts";
import type { Column } from "./view.ts";

export interface CsvInput {
  /** What is shown, in the order it is shown. */
  agents: readonly AgentView[];
  columns: readonly Column[];
  /** The words of a column's heading. */
  heading: (column: Column) => string;
  /** The words of an agent's open alerts. */
  alerts: (agent: AgentView) => string[];
  /** The words of an agent's status. */
  status: (agent: AgentView) => string;
  now: number;
}

/** Excel reads a file as UTF-8 only when it begins with this mark. */
const BYTE_ORDER_MARK = "\uFEFF";

/**
 * What is shown as CSV (RFC 4180: CRLF, quotes doubled): durations in whole seconds, times in ISO 8601, nothing for no
 * data. Two columns more than the table: the agent's id and when the status began.
 */
export function boardCsv(input: CsvInput): string {
  const { columns, heading } = input;
  const head = ["agentId", ...columns.map((column) => (isSeconds(column) ? `${heading(column)} (s)` : heading(column))), "since"];
  const lines = input.agents.map((agent) => [
    agent.agentId,
    ...columns.map((column) => cell(column, agent, input)),
    new Date(agent.since).toISOString(),
  ]);
  return `${BYTE_ORDER_MARK}${[head, ...lines].map((line) => `${line.map(escaped).join(",")}\r\n`).join("")}`;
}

function isSeconds(column: Column): boolean {
  return column === "time" || column === "call";
}

function cell(column: Column, agent: AgentView, { alerts, status, now }: CsvInput): string {
  switch (column) {
    case "agent":
      return agent.name;
    case "status":
      return status(agent);
    case "time":
      return String(secondsSince(agent.since, now));
    case "call":
      return agent.callStartedAt === null ? "" : String(secondsSince(agent.callStartedAt, now));
    case "queue":
      return agent.queue ?? "";
    case "sentiment":
      return agent.sentimentScore === null ? "" : String(agent.sentimentScore);
    case "alerts":
      return alerts(agent).join("; ");
    case "groups":
      return teamOf(agent);
    case "categories":
      return agent.categories.join("; ");
    case "channel":
      return agent.channel ?? "";
    case "profile":
      return agent.routingProfile ?? "";
  }
}

/** Text that a spreadsheet would run as a formula gets an apostrophe (OWASP, CSV injection); numbers stay numbers. */
function escaped(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
