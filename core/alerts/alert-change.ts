import type { CenterAlert } from "../../protocol/alert.ts";
import type { AlertRule } from "../../protocol/alert-rules.ts";

/**
 * What happened to an alert. `fired`, `escalated` (now critical) and `resolved` are worth a message. `eased` (only a warning
 * now), `moved` (other groups) and `acknowledged` are for the board alone.
 */
export interface AlertChange {
  readonly type: "fired" | "escalated" | "eased" | "moved" | "acknowledged" | "resolved";
  /** The alert as it is now. */
  readonly alert: CenterAlert;
  /** When it happened, epoch ms. */
  readonly at: number;
  /** The rule; null = it was deleted, and that resolved the alert. */
  readonly rule: AlertRule | null;
  /** What people call the rule, if it is one of Amazon Connect's own. */
  readonly ruleName?: string;
  /** The name of the queue, of the agent, or of the contact's agent; null = it has none, or nobody knows. */
  readonly subjectName: string | null;
}
