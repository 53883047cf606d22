import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import * as v from "valibot";

/** The Amazon Connect instance that the simulated contact center plays. */
export const DEMO_INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";

/** The settings of the hub that are secrets on a real deployment; see docs/deploy.md. */
const devVarsSchema = v.looseObject({
  INGEST_SECRETS: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string())),
  TICKET_SECRET: v.pipe(v.string(), v.nonEmpty()),
  METRICS_TOKEN: v.optional(v.string()),
});

export interface DevVars {
  /** Every name of the file with its text, as the Worker gets them. */
  all: Readonly<Record<string, string>>;
  /** The demo instance's signing secrets, newest first, space-separated. */
  ingestSecret: string;
  metricsToken: string | null;
}

/**
 * Reads `.dev.vars` in `root`; when it is missing, writes it from `.dev.vars.example` with fresh random secrets, readable by
 * its owner only. A file that exists is never changed.
 * @throws Error with one line that names the setting that is wrong, never its value.
 */
export function loadDevVars(root: string): DevVars {
  const file = join(root, ".dev.vars");
  if (!existsSync(file)) {
    const template = readFileSync(join(root, ".dev.vars.example"), "utf8");
    // "wx": two starts at the same moment must not overwrite each other's secrets.
    writeFileSync(file, withFreshSecrets(template), { mode: 0o600, flag: "wx" });
    chmodSync(file, 0o600);
  }
  return parseDevVars(readFileSync(file, "utf8"));
}

/** Replaces every placeholder of the example by random bytes of its own. */
function withFreshSecrets(template: string): string {
  return template
    .replaceAll("REPLACE_WITH_BASE64_OF_32_RANDOM_BYTES", () => randomBytes(32).toString("base64"))
    .replaceAll("REPLACE_WITH_A_LONG_RANDOM_WORD", () => randomBytes(24).toString("base64url"));
}

function parseDevVars(text: string): DevVars {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text))) if (value !== undefined) all[name] = value;
  const result = v.safeParse(devVarsSchema, all, { abortEarly: true });
  if (!result.success) throw new Error(`.dev.vars: ${v.getDotPath(result.issues[0]) ?? "a setting"} is missing or not valid.`);
  const ingestSecret = result.output.INGEST_SECRETS[DEMO_INSTANCE];
  if (ingestSecret === undefined) throw new Error(`.dev.vars: INGEST_SECRETS has no secret for instance ${DEMO_INSTANCE}.`);
  return { all, ingestSecret, metricsToken: result.output.METRICS_TOKEN ?? null };
}
