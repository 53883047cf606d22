import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";

export type Json = Record<string, unknown>;

/**
 * Returns a valibot schema as JSON Schema 2020-12, the dialect of OpenAPI 3.1 and of AsyncAPI. It describes the input side:
 * fields that senders may leave out are optional. It leaves out checks that JSON Schema cannot express.
 */
export function schemaOf(schema: v.GenericSchema): Json {
  const { $schema: _dialect, ...plain } = toJsonSchema(schema, {
    typeMode: "input",
    errorMode: "ignore",
    target: "draft-2020-12",
  });
  return { ...plain };
}

export const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/** A body of JSON in an OpenAPI document. */
export function json(schema: Json): Json {
  return { "application/json": { schema } };
}

/** A refusal in the form that all refusals of the hub have. */
export function refusal(description: string, headers?: Json): Json {
  return { description, ...(headers && { headers }), content: json(ref("Error")) };
}
