import * as v from "valibot";
import { centerAlertSchema } from "../../protocol/alert.ts";
import { type Json, json, refusal, schemaOf } from "./json-schema.ts";
import type { SharedParts } from "./openapi-data.ts";

const alertsSchema = v.object({ epoch: v.string(), seq: v.number(), serverTime: v.number(), data: v.array(centerAlertSchema) });
/** What a rule watches decides which fields it has: `protocol/alert-rules.ts`. */
const ruleSchema = v.looseObject({ id: v.string(), watch: v.string() });
const rulesBodySchema = v.object({ rules: v.array(ruleSchema), version: v.optional(v.nullable(v.number())) });
const rulesSchema = v.object({
  version: v.number(),
  changedAt: v.nullable(v.number()),
  changedBy: v.nullable(v.string()),
  rules: v.array(ruleSchema),
});
const readRulesSchema = v.object({ ...rulesSchema.entries, roles: v.array(v.string()), targets: v.array(v.string()) });
const previewSchema = v.object({
  data: v.array(v.object({ rule: v.string(), warning: v.number(), critical: v.number(), names: v.array(v.string()) })),
});
const auditSchema = v.object({
  data: v.array(
    v.object({
      at: v.number(),
      who: v.string(),
      name: v.string(),
      what: v.string(),
      subject: v.string(),
      result: v.string(),
      detail: v.nullable(v.string()),
    }),
  ),
});

const query = (name: string, description: string, schema: Json): Json => ({
  name,
  in: "query",
  required: false,
  description,
  schema,
});
const BEARER = [{ identity: [] }, { ticket: [] }];
const NOT_ADMIN = refusal("The identity is no admin (`not_allowed`), or may not see this instance.");
const WRONG_RULES = refusal("A rule is wrong (`invalid_rules`): `path` names the place. Nothing is changed.");

/** Returns the addresses of alerts, their rules and the audit. */
export function alertPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }: Omit<SharedParts, "signed">): Json {
  const shared = { 401: UNAUTHORIZED, 403: NOT_ADMIN, 429: TOO_MANY, 503: AGAIN };
  const body = { required: true, content: json(schemaOf(rulesBodySchema)) };
  return {
    "/v1/instances/{instanceId}/alerts": {
      parameters: [INSTANCE],
      get: {
        operationId: "listAlerts",
        summary: "List the alerts within the groups of the caller, the newest first.",
        security: BEARER,
        parameters: [
          query("state", "`firing` (the default), or `all` with those of the last days.", { enum: ["firing", "all"] }),
        ],
        responses: {
          200: { description: "The alerts. There is an `ETag`.", content: json(schemaOf(alertsSchema)) },
          304: { description: "Nothing has changed since `If-None-Match`." },
          400: refusal("`state` is neither `firing` nor `all` (`invalid_state`)."),
          ...shared,
          403: refusal("The identity may not see this instance."),
        },
      },
    },
    "/v1/instances/{instanceId}/rules": {
      parameters: [INSTANCE],
      get: {
        operationId: "readAlertRules",
        summary: "Read the rules of the alerts.",
        security: BEARER,
        responses: {
          200: {
            description: "The rules, and the roles of the caller. Version 0 is the default ones. `targets` are for an admin.",
            content: json(schemaOf(readRulesSchema)),
          },
          ...shared,
          403: refusal("The identity may not see this instance."),
        },
      },
      put: {
        operationId: "saveAlertRules",
        summary: "Replace the rules of the alerts.",
        description: "For an admin.",
        security: BEARER,
        requestBody: body,
        responses: {
          200: { description: "The rules as they are in force now.", content: json(schemaOf(rulesSchema)) },
          400: WRONG_RULES,
          ...shared,
          409: refusal("`version` is not the present one (`changed_meanwhile`)."),
        },
      },
    },
    "/v1/instances/{instanceId}/rules/preview": {
      parameters: [INSTANCE],
      post: {
        operationId: "previewAlertRules",
        summary: "Tell what would fire by other rules now. Nothing is changed.",
        description: "For an admin.",
        security: BEARER,
        requestBody: body,
        responses: {
          200: {
            description: "For each rule that is on: how many alerts, and some names.",
            content: json(schemaOf(previewSchema)),
          },
          400: WRONG_RULES,
          ...shared,
        },
      },
    },
    "/v1/instances/{instanceId}/audit": {
      parameters: [INSTANCE],
      get: {
        operationId: "readAudit",
        summary: "Tell who did what, the newest first.",
        description: "For an admin. `Accept: text/csv` gives CSV.",
        security: BEARER,
        parameters: [
          query("from", "Epoch milliseconds; entries from then on.", { type: "integer" }),
          query("to", "Epoch milliseconds; entries from before then.", { type: "integer" }),
          query("who", "The `who` of an entry; only what this person did.", { type: "string" }),
          query("what", "The `what` of an entry; only what was done in this way.", { type: "string" }),
          query("limit", "How many entries; 1,000 if it is left out.", { type: "integer", minimum: 1, maximum: 10_000 }),
        ],
        responses: {
          200: {
            description: "The entries.",
            content: { ...json(schemaOf(auditSchema)), "text/csv": { schema: { type: "string" } } },
          },
          400: refusal("The query is wrong (`invalid_query`)."),
          ...shared,
        },
      },
    },
  };
}
