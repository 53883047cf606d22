import type { CenterAlertChange } from "../../client/contract.ts";

/**
 * Whether a change is news that calls somebody: an alert that fires now, also again, or one that became critical. An alert that
 * somebody acknowledged at the same time calls nobody.
 */
export function isNews({ before, after }: CenterAlertChange): boolean {
  if (after === undefined || after.state !== "firing" || after.acknowledgedAt !== null) return false;
  if (before === undefined || before.state !== "firing") return true;
  return before.severity === "warning" && after.severity === "critical";
}
