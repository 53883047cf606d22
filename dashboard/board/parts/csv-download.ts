import type { AgentView } from "../../client/contract.ts";
import { columnOf } from "../columns/column-keys.ts";
import type { AlertsByAgent } from "../model/alerts-by-agent.ts";
import { boardCsv } from "../model/csv.ts";
import { csvFileName } from "../model/file-name.ts";
import type { View } from "../model/view.ts";
import type { Text } from "../text/text.ts";

/**
 * Downloads the agents on the page as a file.
 * @param now epoch milliseconds on the hub's clock
 * @param center the name of the contact center; empty = unknown
 */
export function downloadCsv(
  agents: readonly AgentView[],
  view: View,
  alerts: AlertsByAgent,
  text: Text,
  now: number,
  center: string,
): void {
  const columns = [columnOf("agent"), ...view.columns.map(columnOf)];
  saveCsv(boardCsv({ agents, columns, alerts, text, now }), csvFileName(center, now));
}

/** Saves a text as a file. */
export function saveCsv(csv: string, fileName: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv;charset=utf-8" }));
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}
