import type { AgentView } from "../../client/contract.ts";
import type { AlertsByAgent } from "../model/alerts-by-agent.ts";
import { boardCsv } from "../model/csv.ts";
import type { View } from "../model/view.ts";
import type { Text } from "../text/text.ts";
import { alertWords, statusWords } from "./cells.tsx";

/** Hands the reader what is shown as a file. `now` is epoch milliseconds on the hub's clock. */
export function downloadCsv(agents: readonly AgentView[], view: View, alerts: AlertsByAgent, text: Text, now: number): void {
  const csv = boardCsv({
    agents,
    columns: ["agent", ...view.columns],
    heading: (column) => text.text(`column.${column}`),
    status: (agent) => statusWords(agent, text),
    alerts: (agent) => (alerts.get(agent.agentId) ?? []).map((alert) => alertWords(alert, text)),
    now,
  });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv;charset=utf-8" }));
  link.download = `vigia-${new Date(now).toISOString().replaceAll(/[:.]/g, "")}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
