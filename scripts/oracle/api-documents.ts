import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { loadOracle, oracleFolder } from "../oracle-packages.ts";
import { ROOT } from "../steps.ts";

/**
 * Judges docs/openapi.json by `@redocly/cli` and docs/asyncapi.json by `@asyncapi/parser`. Warnings are shown and do not count.
 * `node scripts/oracle/api-documents.ts`. Exit code 0: all right. 1: a difference. 77: the judges cannot be installed.
 */

const document = (name: string) => join(ROOT, "docs", `${name}.json`);
/** Redocly would send usage data and look for a new version of itself. */
const quiet = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
const redocly = join(oracleFolder(), "node_modules", "@redocly", "cli", "bin", "cli.js");
const linted = spawnSync(process.execPath, [redocly, "lint", document("openapi"), "--format=stylish"], {
  env: { ...process.env, ...quiet },
  encoding: "utf8",
});
console.log(`${linted.stdout}${linted.stderr}`.trim());

const parserSchema = v.looseObject({ parse: v.function() });
const packageSchema = v.looseObject({ Parser: v.unknown() });
const diagnosticsSchema = v.looseObject({
  document: v.optional(v.unknown()),
  diagnostics: v.array(
    v.looseObject({ severity: v.number(), message: v.string(), path: v.array(v.union([v.string(), v.number()])) }),
  ),
});
const { Parser } = v.parse(packageSchema, loadOracle("@asyncapi/parser"));
if (typeof Parser !== "function") throw new Error("@asyncapi/parser has no class Parser.");
const parser = v.parse(parserSchema, Reflect.construct(Parser, []));
const parsed = v.parse(
  diagnosticsSchema,
  await Reflect.apply(parser.parse, parser, [readFileSync(document("asyncapi"), "utf8")]),
);
for (const { severity, message, path } of parsed.diagnostics) {
  console.log(`asyncapi ${severity === 0 ? "error" : "note"} at ${path.join(".")}: ${message}`);
}
const errors = parsed.diagnostics.filter(({ severity }) => severity === 0).length + (parsed.document === undefined ? 1 : 0);
console.log(`openapi.json ${linted.status === 0 ? "valid" : "has errors"} (redocly), asyncapi.json has ${errors} errors`);
process.exitCode = linted.status === 0 && errors === 0 ? 0 : 1;
