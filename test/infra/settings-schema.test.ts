import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { settingsJsonSchema } from "../../scripts/deploy/settings-schema.ts";
import { EXAMPLE } from "./example.ts";

const committed = JSON.parse(readFileSync("vigia.config.schema.json", "utf8"));
const check = new Ajv({ allErrors: true, validateFormats: false }).compile(committed);
const places = (value: unknown): string[] =>
  check(value) ? [] : (check.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);

describe("The JSON schema of the settings file", () => {
  test("vigia.config.schema.json is what `npm run api` makes of today's settings.", () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(settingsJsonSchema())));
  });

  test("An independent validator accepts the committed example, and the example names the schema.", () => {
    const example = JSON.parse(readFileSync("vigia.config.example.json", "utf8"));
    expect(places(example)).toEqual([]);
    expect(example.$schema).toBe("./vigia.config.schema.json");
  });

  test("An independent validator finds a misspelt setting, a wrong value and a missing one.", () => {
    const others = { ...EXAMPLE, instanceAlias: undefined };
    const wrong = { instances: [{ ...others, mediaa: {}, reconcileMinutes: 99 }] };
    expect(places(wrong)).toEqual([
      "/instances/0 required",
      "/instances/0 additionalProperties",
      "/instances/0/reconcileMinutes maximum",
    ]);
    expect(places({ instances: [EXAMPLE], stages: { "Not a name": {} } })).toContain("/stages propertyNames");
  });
});
