import * as v from "valibot";
import { type Json, json, refusal, schemaOf } from "./json-schema.ts";

// The bodies as worker/instance-data.ts parses them, which belongs to the runtime of the Worker.
const rows = {
  table: v.string(),
  columns: v.array(v.string()),
  rows: v.array(v.array(v.union([v.string(), v.number(), v.null()]))),
};
const cursor = v.nullable(v.object({ table: v.string(), key: v.array(v.union([v.string(), v.number(), v.null()])) }));
const erasureSchema = v.union([v.object({ agentId: v.string() }), v.object({ everything: v.literal(true) })]);
const restoreSchema = v.object({ restoreId: v.string(), part: v.number(), last: v.boolean(), ...rows });

/** What all operations share. */
export interface SharedParts {
  signed: Json;
  INSTANCE: Json;
  UNAUTHORIZED: Json;
  TOO_MANY: Json;
  AGAIN: Json;
}

/** Returns the addresses for backups, restores and erasures. */
export function dataPaths({ signed, INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }: SharedParts): Json {
  const path = (operationId: string, summary: string, body: Json, answer: v.GenericSchema, conflict: string): Json => ({
    parameters: [INSTANCE],
    post: {
      operationId,
      summary,
      ...signed,
      requestBody: { required: true, content: json(body) },
      responses: {
        200: { description: "It is done.", content: json(schemaOf(answer)) },
        400: refusal("The body has another form (`invalid_request`), or names an unknown table (`unknown_table`)."),
        401: UNAUTHORIZED,
        409: refusal(conflict),
        413: refusal("The body is too large."),
        415: refusal("The body is not application/json."),
        429: TOO_MANY,
        503: AGAIN,
      },
    },
  });
  const used = "The webhook-id was used before (`duplicate`).";
  return {
    "/v1/instances/{instanceId}/backups": path(
      "readBackup",
      "Read a page of all that is stored.",
      schemaOf(v.object({ after: cursor })),
      v.object({ page: v.nullable(v.object(rows)), next: cursor }),
      used,
    ),
    "/v1/instances/{instanceId}/restores": path(
      "restoreBackup",
      "Give back a page of a backup. The last one replaces all that is stored.",
      schemaOf(restoreSchema),
      v.union([v.object({ part: v.number() }), v.object({ rows: v.number() })]),
      `${used} Or a part is missing (\`parts_missing\`).`,
    ),
    "/v1/instances/{instanceId}/erasures": path(
      "erase",
      "Erase an agent, or all that is stored.",
      schemaOf(erasureSchema),
      v.object({ rows: v.number() }),
      used,
    ),
  };
}
