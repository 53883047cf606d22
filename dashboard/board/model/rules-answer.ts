import type { AlertRule } from "../../../protocol/alert-rules.ts";
import { DEFAULT_ALERT_RULES } from "../../../protocol/default-alert-rules.ts";

/** The rules of the center, and what this reader may do with them. */
export interface RulesAnswer {
  readonly rules: readonly AlertRule[];
  /** Which edition of the rules; null = the hub has not told it. */
  readonly version: number | null;
  /** Epoch ms; null = the rules are the default. */
  readonly changedAt: number | null;
  readonly changedBy: string | null;
  /** The roles of the reader; null = unknown. */
  readonly roles: readonly string[] | null;
  /** The names of the targets that get messages, for an admin. */
  readonly targets: readonly string[];
}

/** What the board goes by until the hub has answered, and with a hub that has no rules. */
export const STANDARD_RULES: RulesAnswer = {
  ...DEFAULT_ALERT_RULES,
  version: null,
  changedAt: null,
  changedBy: null,
  roles: null,
  targets: [],
};
