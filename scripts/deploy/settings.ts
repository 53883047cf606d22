import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { type ParsedContext, parseContext } from "../../infra/context.ts";
import { ROOT } from "./tools.ts";

const contextSchema = v.record(v.string(), v.unknown());
const cdkJsonSchema = v.object({ context: v.optional(contextSchema, {}) });

/**
 * Reads the deployment settings: `--context vigia=…` wins over cdk.context.json, which wins over cdk.json.
 * @param given the value of `--context vigia=…`, when there is one
 * @throws SyntaxError or ValiError when one of the files has another format than the CDK's
 */
export function readSettings(given?: string): ParsedContext & { source: string } {
  if (given !== undefined) return { ...parseContext(given), source: "--context" };
  const own = readJson("cdk.context.json");
  const vigia = own === null ? undefined : v.parse(contextSchema, own)["vigia"];
  if (vigia !== undefined) return { ...parseContext(vigia), source: "cdk.context.json" };
  return { ...parseContext(v.parse(cdkJsonSchema, readJson("cdk.json") ?? {}).context["vigia"]), source: "cdk.json" };
}

/** Returns the value of `-c vigia=…` or `--context vigia=…` in the arguments for the CDK. */
export function givenContext(args: readonly string[]): string | undefined {
  const values = args.flatMap((arg, index) => {
    if (arg.startsWith("--context=")) return [arg.slice("--context=".length)];
    return arg === "-c" || arg === "--context" ? [args[index + 1] ?? ""] : [];
  });
  return values.find((value) => value.startsWith("vigia="))?.slice("vigia=".length);
}

function readJson(name: string): unknown {
  const file = join(ROOT, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}
