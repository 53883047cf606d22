import * as v from "valibot";
import { agentSchema } from "../../protocol/agent.ts";
import { centerAlertSchema } from "../../protocol/alert.ts";
import { queueSchema } from "../../protocol/queue.ts";
import { type Json, json, refusal, schemaOf } from "./json-schema.ts";
import type { SharedParts } from "./openapi-data.ts";

const boardSchema = v.object({
  historic: v.literal(true),
  at: v.number(),
  serverTime: v.number(),
  keptSince: v.nullable(v.number()),
  data: v.array(agentSchema),
  queues: v.array(queueSchema),
  alerts: v.array(centerAlertSchema),
});
const moment = (name: string, description: string) => ({ name, in: "query", description, schema: { type: "integer" } });

/** Returns the address of the board of the past. */
export function historyPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }: Omit<SharedParts, "signed">): Json {
  return {
    "/v1/instances/{instanceId}/history": {
      parameters: [INSTANCE],
      get: {
        operationId: "getHistory",
        summary: "Get the board of a moment, or what happened in a span of time.",
        security: [{ identity: [] }, { ticket: [] }],
        parameters: [
          moment("at", "Epoch ms. Send either this, or from and to."),
          moment("from", "Epoch ms."),
          moment("to", "Epoch ms, an hour after from at most."),
        ],
        responses: {
          200: {
            description:
              "The board of then as this identity may see it; for a span, lines of JSON: that board, then each change.",
            content: { ...json(schemaOf(boardSchema)), "application/x-ndjson": { schema: { type: "string" } } },
          },
          400: refusal("The times are no numbers, in the future, in the wrong order, or too far apart."),
          401: UNAUTHORIZED,
          403: refusal("The identity may not see this instance, or nobody in it."),
          404: refusal("The board of that moment is not kept."),
          429: TOO_MANY,
          503: AGAIN,
        },
      },
    },
  };
}
