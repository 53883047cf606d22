import * as v from "valibot";
import { type GroupFilter, isWithinFilter, mayView } from "../core/board/visibility.ts";
import type { CenterCore } from "../core/center/center-core.ts";
import type { NewAuditEntry } from "./audit-table.ts";
import { parseJson } from "./sql.ts";

/** What everybody of the center may know: `GET …/rules` answers every viewer, and the names of targets every admin. */
const OF_THE_CENTER: ReadonlySet<string> = new Set(["rules.save", "alerts.test"]);

const groupsSchema = v.fallback(v.nullable(v.object({ groups: v.array(v.string()) })), null);

/**
 * Returns which entries of the audit an admin may read; null = all. With group limits these are its own deeds, those on the whole
 * center, and those on agents, alerts and display links that it may see now. What cannot be placed is not among them.
 * @param subject the identity of the admin
 */
export function auditView(
  subject: string,
  filter: GroupFilter,
  { alerts, state }: Pick<CenterCore, "alerts" | "state">,
): ((entry: NewAuditEntry) => boolean) | null {
  if (filter === null) return null;
  let alertIds: ReadonlySet<string> | null = null;
  const seesAlert = (alertId: string) => {
    alertIds ??= new Set(alerts.list(filter, "all").map((alert) => alert.alertId));
    return alertIds.has(alertId);
  };
  return (entry) => {
    const { who, what, agentId, subject: about } = entry;
    if (who === subject || OF_THE_CENTER.has(what)) return true;
    if (what.startsWith("display.")) return isWithinFilter(groupsOfLink(entry), filter);
    if (what === "alert.acknowledge") return seesAlert(about);
    return agentId != null && mayView(filter, state.presenceOf(agentId).row?.groups ?? []);
  };
}

/** null = every group. */
function groupsOfLink({ detail }: NewAuditEntry): GroupFilter {
  const groups = v.parse(groupsSchema, parseJson(detail ?? "null"))?.groups ?? ["*"];
  return groups.includes("*") ? null : groups;
}
