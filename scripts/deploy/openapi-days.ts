import { agentDaySchema } from "../../protocol/agent-day.ts";
import { type Json, json, refusal, schemaOf } from "./json-schema.ts";
import type { SharedParts } from "./openapi-data.ts";

/** Returns the address of an agent's day. */
export function dayPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }: Omit<SharedParts, "signed">): Json {
  const agentId: Json = { name: "agentId", in: "path", required: true, description: "The agent.", schema: { type: "string" } };
  const date: Json = {
    name: "date",
    in: "query",
    required: false,
    description: "The day in the time zone of the hub; the default is today.",
    schema: { type: "string", format: "date" },
  };
  return {
    "/v1/instances/{instanceId}/agents/{agentId}/day": {
      parameters: [INSTANCE, agentId],
      get: {
        operationId: "readAgentDay",
        summary: "Read what an agent did on a day. `Accept: text/csv` gives CSV.",
        security: [{ identity: [] }, { ticket: [] }],
        parameters: [date],
        responses: {
          200: {
            description: "The day.",
            content: { ...json(schemaOf(agentDaySchema)), "text/csv": { schema: { type: "string" } } },
          },
          400: refusal("There is no such day (`invalid_date`)."),
          401: UNAUTHORIZED,
          403: refusal("The identity may not see this instance."),
          404: refusal("The agent is unknown or out of sight (`not_found`)."),
          429: TOO_MANY,
          503: AGAIN,
        },
      },
    },
  };
}
