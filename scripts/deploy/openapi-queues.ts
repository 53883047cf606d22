import * as v from "valibot";
import { queueSchema } from "../../protocol/queue.ts";
import { type Json, json, refusal, schemaOf } from "./json-schema.ts";
import type { SharedParts } from "./openapi-data.ts";

const answerSchema = v.object({
  epoch: v.string(),
  seq: v.number(),
  serverTime: v.number(),
  data: v.array(queueSchema),
});

/** Returns the address that lists the queues. */
export function queuePaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }: Omit<SharedParts, "signed">): Json {
  return {
    "/v1/instances/{instanceId}/queues": {
      parameters: [INSTANCE],
      get: {
        operationId: "listQueues",
        summary: "List the queues, for clients without a socket.",
        security: [{ identity: [] }, { ticket: [] }],
        parameters: [{ name: "If-None-Match", in: "header", schema: { type: "string" } }],
        responses: {
          200: {
            description: "The queues that an agent serves whom this identity may see.",
            headers: { ETag: { schema: { type: "string" } } },
            content: json(schemaOf(answerSchema)),
          },
          304: { description: "Nothing has changed since that ETag." },
          401: UNAUTHORIZED,
          403: refusal("The identity may not see this instance, or nobody in it."),
          429: TOO_MANY,
          503: AGAIN,
        },
      },
    },
  };
}
