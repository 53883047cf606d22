import type { AgentView } from "../../client/contract.ts";
import { columnOf } from "../columns/column-keys.ts";
import type { AlertsByAgent } from "../model/alerts-by-agent.ts";
import { boardCsv } from "../model/csv.ts";
import { csvFileName } from "../model/file-name.ts";
import type { View } from "../model/view.ts";
import type { Text } from "../text/text.ts";
import { downloadFile } from "./download-file.ts";

interface CsvDownload {
  /** The agents on the page, in their order. */
  agents: readonly AgentView[];
  view: View;
  alerts: AlertsByAgent;
  text: Text;
  /** Epoch milliseconds on the hub's clock. */
  now: number;
  /** The name of the contact center; empty = unknown. */
  center: string;
  /** The IANA name of its time zone. */
  timeZone: string;
}

/** Downloads the agents on the page as a file. */
export function downloadCsv({ view, center, ...input }: CsvDownload): void {
  const columns = [columnOf("agent"), ...view.columns.map(columnOf)];
  downloadFile(csvFileName(center, input.now, input.timeZone), boardCsv({ ...input, columns }));
}
