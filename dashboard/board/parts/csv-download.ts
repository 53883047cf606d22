import type { AgentView } from "../../client/contract.ts";
import { columnOf } from "../columns/column-keys.ts";
import type { AlertsByAgent } from "../model/alerts-by-agent.ts";
import { boardCsv } from "../model/csv.ts";
import type { View } from "../model/view.ts";
import type { Text } from "../text/text.ts";

/** Downloads the agents on the page as a file. `now` is epoch milliseconds on the hub's clock. */
export function downloadCsv(agents: readonly AgentView[], view: View, alerts: AlertsByAgent, text: Text, now: number): void {
  const columns = [columnOf("agent"), ...view.columns.map(columnOf)];
  saveCsv(boardCsv({ agents, columns, alerts, text, now }), now);
}

/** Saves a text as a CSV file with the time in its name. */
export function saveCsv(csv: string, now: number, subject = ""): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv;charset=utf-8" }));
  link.download = `vigia${subject}-${new Date(now).toISOString().replaceAll(/[:.]/g, "")}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
