import * as v from "valibot";
import { agentSchema } from "../../protocol/agent.ts";
import type { ErrorAnswer, TicketAnswer, UpdatesAnswer } from "../../protocol/answers.ts";
import { centerFactsSchema } from "../../protocol/center.ts";

// Schemas of the hub's HTTP answers, for docs/openapi.json only. Their types keep them equal to the hub's answers.

export const updatesAnswerSchema: v.GenericSchema<UpdatesAnswer> = v.object({
  accepted: v.number(),
  stale: v.number(),
  duplicate: v.boolean(),
  epoch: v.string(),
  seq: v.number(),
  watched: v.array(v.string()),
  unlisted: v.exactOptional(v.array(v.string())),
  suspects: v.exactOptional(v.array(v.string())),
});

export const ticketAnswerSchema: v.GenericSchema<TicketAnswer> = v.object({ ticket: v.string(), expiresAt: v.number() });

export const errorAnswerSchema: v.GenericSchema<ErrorAnswer> = v.object({
  error: v.string(),
  message: v.exactOptional(v.string()),
  path: v.exactOptional(v.string()),
  targets: v.exactOptional(v.array(v.string())),
});

export const agentsAnswerSchema = v.object({
  epoch: v.string(),
  seq: v.number(),
  serverTime: v.number(),
  center: v.exactOptional(centerFactsSchema),
  data: v.array(agentSchema),
});

export const localIdentitySchema = v.object({
  subject: v.optional(v.string()),
  groups: v.optional(v.array(v.string())),
  roles: v.optional(v.array(v.picklist(["admin", "supervisor"]))),
});
export const revocationSchema = v.object({ subject: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)) });
export const closedAnswerSchema = v.object({ closed: v.number() });

export const healthAnswerSchema = v.object({ status: v.literal("ok") });
export const readyAnswerSchema = v.object({ status: v.literal("ready") });
