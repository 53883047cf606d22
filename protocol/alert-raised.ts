import * as v from "valibot";
import { timeSchema } from "./agent.ts";
import { severitySchema } from "./alert.ts";
import { labelSchema, optionalId } from "./labels.ts";

/** A rule of Amazon Connect itself matched. It says so once, and never that the matter is over. */
export const alertRaisedSchema = v.object({
  type: v.literal("alert.raised"),
  /** The name that the center gave the rule in Amazon Connect. */
  ruleName: v.pipe(labelSchema, v.nonEmpty()),
  severity: v.optional(severitySchema, "warning"),
  /** What it is about: the first of contact, agent and queue that is there. null for all = the contact center as a whole. */
  contactId: optionalId,
  agentId: optionalId,
  queueId: optionalId,
  /** Epoch ms. */
  occurredAt: timeSchema,
});
export type AlertRaised = v.InferOutput<typeof alertRaisedSchema>;
