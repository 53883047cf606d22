import type { AgentView } from "../../client/contract.ts";
import { columnOf } from "../columns/column-keys.ts";
import type { AlertsByAgent } from "../model/alerts-by-agent.ts";
import { boardCsv } from "../model/csv.ts";
import type { View } from "../model/view.ts";
import type { Text } from "../text/text.ts";
import { downloadFile } from "./download-file.ts";

/** Downloads the agents on the page as a file. `now` is epoch milliseconds on the hub's clock. */
export function downloadCsv(agents: readonly AgentView[], view: View, alerts: AlertsByAgent, text: Text, now: number): void {
  const columns = [columnOf("agent"), ...view.columns.map(columnOf)];
  const csv = boardCsv({ agents, columns, alerts, text, now });
  downloadFile(`vigia-${new Date(now).toISOString().replaceAll(/[:.]/g, "")}`, "csv", csv);
}
