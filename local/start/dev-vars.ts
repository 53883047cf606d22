import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import * as v from "valibot";

/** The Amazon Connect instance of the simulated contact center. */
export const DEMO_INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";

/** The hub's settings that are secrets on a real deployment (docs/deploy.md). */
const devVarsSchema = v.looseObject({
  INGEST_SECRETS: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string())),
  TICKET_SECRET: v.pipe(v.string(), v.nonEmpty()),
  METRICS_TOKEN: v.optional(v.string()),
  ACTIONS_SECRET: v.optional(v.pipe(v.string(), v.nonEmpty())),
});

export interface DevVars {
  /** All variables of the file, for the Worker. */
  all: Readonly<Record<string, string>>;
  /** The demo instance's signing secrets, newest first, space-separated. */
  ingestSecret: string;
  metricsToken: string | null;
  /** The signing secret of what supervisors order. A file without one gets another at every start. */
  actionsSecret: string;
}

/**
 * Reads `.dev.vars` in `root`. Creates a missing file from `.dev.vars.example` with random secrets, readable by its owner only.
 * Never changes an existing file.
 * @throws Error with one line that names the wrong setting, never its value
 */
export function loadDevVars(root: string): DevVars {
  return parseDevVars(readOrCreate(root));
}

/** Ends a message about a wrong setting. */
export const REMEDY = "Correct it (.dev.vars.example shows the format), or delete .dev.vars to get a new one.";

function readOrCreate(root: string): string {
  const file = join(root, ".dev.vars");
  try {
    if (!existsSync(file)) {
      const template = readFileSync(join(root, ".dev.vars.example"), "utf8");
      // "wx": two starts at the same moment must not overwrite each other's secrets.
      writeFileSync(file, withFreshSecrets(template), { mode: 0o600, flag: "wx" });
      chmodSync(file, 0o600);
    }
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`npm start cannot read or write ${file}: ${reason}. Correct or delete it, then start again.`);
  }
}

/** Replaces each placeholder of the example by its own random bytes. */
function withFreshSecrets(template: string): string {
  return template
    .replaceAll("REPLACE_WITH_BASE64_OF_32_RANDOM_BYTES", () => randomBytes(32).toString("base64"))
    .replaceAll("REPLACE_WITH_A_LONG_RANDOM_WORD", () => randomBytes(24).toString("base64url"));
}

function parseDevVars(text: string): DevVars {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text))) if (value !== undefined) all[name] = value;
  const result = v.safeParse(devVarsSchema, all, { abortEarly: true });
  if (!result.success)
    throw new Error(`.dev.vars: ${v.getDotPath(result.issues[0]) ?? "a setting"} is missing or invalid. ${REMEDY}`);
  const ingestSecret = result.output.INGEST_SECRETS[DEMO_INSTANCE];
  if (ingestSecret === undefined)
    throw new Error(`.dev.vars: INGEST_SECRETS has no secret for instance ${DEMO_INSTANCE}. ${REMEDY}`);
  const actionsSecret = result.output.ACTIONS_SECRET ?? `whsec_${randomBytes(32).toString("base64")}`;
  return { all, ingestSecret, metricsToken: result.output.METRICS_TOKEN ?? null, actionsSecret };
}
