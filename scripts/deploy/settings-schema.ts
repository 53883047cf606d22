import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { settingsFileSchema } from "../../infra/settings-file.ts";
import type { Json } from "./json-schema.ts";

/**
 * Returns the JSON schema of `vigia.config.json`, by which editors complete and check the file. Draft 7 is the newest dialect
 * that Visual Studio Code knows in full (code.visualstudio.com/docs/languages/json, 2026-11).
 * Rules between two settings, and the checks that JSON Schema cannot express, are left to the commands.
 */
export function settingsJsonSchema(): Json {
  const schema = toJsonSchema(settingsFileSchema, {
    typeMode: "input",
    errorMode: "ignore",
    target: "draft-07",
    overrideSchema: ({ valibotSchema, jsonSchema }) => ({ ...jsonSchema, ...descriptionOf(valibotSchema) }),
  });
  return { ...schema, title: "The settings of a deployment of Vigía (docs/deploy.md)" };
}

/** Returns what a setting expects, in the words of its error. Editors show it beside the setting. */
function descriptionOf(schema: v.GenericSchema): { description?: string } {
  const message = "message" in schema && typeof schema.message === "string" ? schema.message : "";
  return message.startsWith("expected ") ? { description: message.slice("expected ".length) } : {};
}
