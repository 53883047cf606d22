import type { ReactNode } from "react";
import type { AgentView } from "../../client/contract.ts";
import type { AlertsByAgent } from "../model/alerts-by-agent.ts";
import type { BoardAlert } from "../model/board-alert.ts";
import type { TextKey } from "../text/messages.ts";
import type { Text } from "../text/text.ts";

/** No column is ever narrower than its `least`: a list that has less room for all of them scrolls to the side. */
interface ColumnWidth {
  /** Pixels. */
  readonly least: number;
  /** Which part of the room that is left the column takes, beside the others. Without it the column stays as it is. */
  readonly share?: number;
}

/** A column as the heading, the order and the CSV file need it. */
export interface Column {
  /** Names the column in addresses and saved views. */
  readonly key: string;
  readonly heading: TextKey;
  readonly width: ColumnWidth;
  /** Aligns the heading with the numbers in the cells. */
  readonly numeric?: true;
  /** Starts with the greatest value when the reader first sorts by this column. */
  readonly descendingFirst?: true;
  /** Lists the column in the sort menu of the cards, which have no headings. */
  readonly sortsCards?: true;
  readonly comparison: (input: SortInput) => AgentComparison;
  /** The unit after the heading of the CSV file. */
  readonly csvUnit?: string;
  /** The text of an agent's cell in the CSV file, empty without a value. */
  readonly csvValue: (agent: AgentView, input: CsvValueInput) => string;
}

/** A column that a reader can show or hide. */
export interface OptionalColumn extends Column {
  /** Keys of earlier versions, which addresses and saved views may still have. */
  readonly formerKeys?: readonly string[];
  readonly shownAtStart: boolean;
  /** Pixels of the list from which a reader who chose no columns sees it. Left out: always. */
  readonly startsFrom?: number;
  /** Renders the agent's `td`. */
  readonly Cell: (props: CellProps) => ReactNode;
}

export interface CellProps {
  agent: AgentView;
  alerts: readonly BoardAlert[];
}

export interface CsvValueInput {
  text: Text;
  alerts: readonly BoardAlert[];
  /** Epoch milliseconds on the hub's clock. */
  now: number;
}

export interface SortInput {
  descending: boolean;
  alerts: AlertsByAgent;
  /** Compares two texts in the reader's language. */
  compare: (a: string, b: string) => number;
}

export type AgentComparison = (a: AgentView, b: AgentView) => number;

/** Compares texts. Agents without a text come last in both directions. */
export function byText(textOf: (agent: AgentView) => string | null): Column["comparison"] {
  return ({ descending, compare }) =>
    (a, b) => {
      const [one, other] = [textOf(a) ?? "", textOf(b) ?? ""];
      if (one === "" || other === "") return Number(one === "") - Number(other === "");
      return (descending ? -1 : 1) * compare(one, other);
    };
}

/** Compares numbers. Agents without a number come last in both directions. */
export function byNumber(numberOf: (agent: AgentView, alerts: AlertsByAgent) => number | null): Column["comparison"] {
  return ({ descending, alerts }) =>
    (a, b) => {
      const [one, other] = [numberOf(a, alerts), numberOf(b, alerts)];
      if (one === null || other === null) return Number(one === null) - Number(other === null);
      return (descending ? -1 : 1) * (one - other);
    };
}

/** Compares names, and ids where the names are equal, so that no two agents are equal. */
export const byName: Column["comparison"] =
  ({ descending, compare }) =>
  (a, b) =>
    (descending ? -1 : 1) * (compare(a.name, b.name) || (a.agentId < b.agentId ? -1 : a.agentId > b.agentId ? 1 : 0));
