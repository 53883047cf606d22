import * as v from "valibot";
import type { AlertTestAnswer } from "../../protocol/answers.ts";
import { type Json, json, refusal, schemaOf } from "./json-schema.ts";
import type { SharedParts } from "./openapi-data.ts";

const answerSchema: v.GenericSchema<AlertTestAnswer> = v.object({
  target: v.string(),
  delivered: v.boolean(),
  status: v.nullable(v.number()),
  said: v.string(),
  message: v.string(),
});

/** Returns the address that sends a test message to a target of alerts. */
export function alertTestPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }: Omit<SharedParts, "signed">): Json {
  return {
    "/v1/instances/{instanceId}/alerts/test": {
      parameters: [INSTANCE],
      post: {
        operationId: "testAlertTarget",
        summary: "Send a test message to a target of alerts, and tell what the receiver answered.",
        description: "For an admin, or for a post that is signed as updates are.",
        security: [{ identity: [] }, { ticket: [] }, { signature: [] }],
        requestBody: { required: true, content: json(schemaOf(v.object({ target: v.string() }))) },
        responses: {
          200: {
            description: "The message was sent. `delivered` says whether the receiver took it.",
            content: json(schemaOf(answerSchema)),
          },
          400: refusal("The body names no target."),
          401: UNAUTHORIZED,
          403: refusal("The identity is no admin (`not_allowed`), or may not see this instance."),
          404: refusal("There is no such target (`unknown_target`); `targets` has those that exist."),
          409: refusal("The webhook-id was used before (`duplicate`)."),
          413: refusal("The body is too large."),
          415: refusal("The body is signed and not application/json."),
          429: TOO_MANY,
          503: AGAIN,
        },
      },
    },
  };
}
