import type { AgentView } from "../../client/contract.ts";
import { columnOf } from "../columns/column-keys.ts";
import type { AlertsByAgent } from "../model/alerts-by-agent.ts";
import { boardCsv } from "../model/csv.ts";
import { csvFileName } from "../model/file-name.ts";
import type { View } from "../model/view.ts";
import type { Text } from "../text/text.ts";
import { downloadFile } from "./download-file.ts";

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
  downloadFile(csvFileName(center, now), boardCsv({ agents, columns, alerts, text, now }));
}
