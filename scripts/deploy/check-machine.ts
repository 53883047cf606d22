import { existsSync } from "node:fs";
import { join } from "node:path";
import { isRedactionRegion } from "../../aws-ingest/transcribe/regions.ts";
import type { Deployment } from "../../infra/settings-file.ts";
import type { Stage } from "../../infra/stages.ts";
import { attention, type Finding, missing, ok } from "./preflight-report.ts";
import { ROOT } from "./tools.ts";

/** The major version that wrangler and the Lambda runtime need. */
const NODE_MAJOR = 24;

export function checkTools(version: string): Finding[] {
  const major = Number(version.split(".")[0]);
  const tools = ["cdk", "wrangler", "esbuild", "vite"].filter((name) => !existsSync(join(ROOT, "node_modules/.bin", name)));
  return [
    major >= NODE_MAJOR
      ? ok(`Node ${version}.`)
      : missing(`Node ${version} is too old.`, "Run npm run preflight, which uses the project's own Node."),
    tools.length === 0
      ? ok("cdk, wrangler, esbuild and vite are installed.")
      : missing(`These tools are not installed: ${tools.join(", ")}.`, "Run npm ci."),
  ];
}

/** @param file the settings file, as it is printed */
export function checkSettings(file: string, { instance, settings }: Deployment): Finding[] {
  const findings = [ok(`The settings (${file}) are valid: instance ${instance.id} in ${instance.region}.`)];
  if (settings.alarmEmail === null)
    findings.push(attention("alarmEmail is not set, so alarms reach nobody.", "Set alarmEmail to an address that people read."));
  if (settings.media.mode !== "off" && settings.redactPii && !isRedactionRegion(instance.region)) {
    findings.push(
      attention(
        `AWS does not list ${instance.region} for masking in Transcribe's streams. Where Transcribe refuses it, transcripts have no words.`,
        'Make a call and look at its transcript (docs/operate.md, "Transcribe refuses an option").',
      ),
    );
  }
  if (settings.redactPii && settings.languages.identify.length > 0) {
    findings.push(
      attention(
        "languages.identify has no effect while redactPii is true, because Transcribe does not mask a language that it has to find out.",
        "A contact without a language gets the first of languages.identify. Turn one of the two off.",
      ),
    );
  }
  if (settings.media.mode !== "off" && settings.contactLens.mode !== "off") {
    findings.push(
      attention(
        "media and contactLens are both on. A call that uses both gets two scores that overwrite each other.",
        'Choose one of them for each flow (docs/deploy.md, "Decide").',
      ),
    );
  }
  return findings;
}

/** Checks the settings that the Worker of a stage would get, from wrangler.toml and from the stage. */
export function checkWorker({ name, workerName }: Stage, vars: Readonly<Record<string, unknown>>): Finding[] {
  if (vars["AUTH_MODE"] === "local") {
    return [
      missing(
        `AUTH_MODE of the Worker ${workerName} is local.`,
        "Set it to jwt. With local, the Worker accepts loopback addresses only and refuses everyone else.",
      ),
    ];
  }
  const empty = ["AUTH_JWKS_URL", "AUTH_ISSUER", "AUTH_AUDIENCE"].filter((setting) => !vars[setting]);
  // AUTH_ISSUERS alone is enough.
  if (empty.length > 0 && (empty.length < 3 || !vars["AUTH_ISSUERS"])) {
    return [
      missing(
        `stages.${name}.vars: ${empty.join(", ")} ${empty.length === 1 ? "is" : "are"} empty, so nobody can open the board.`,
        'Set your identity provider there (docs/deploy.md, "Settings of the hub").',
      ),
    ];
  }
  const named = ok(`The settings of the Worker ${workerName} name the identity provider.`);
  if (vars["AUTH_GROUPS_CLAIM"] !== "") return [named];
  return [
    named,
    attention(
      `stages.${name}.vars: AUTH_GROUPS_CLAIM is empty, so everybody of an instance sees every agent.`,
      "Set it to the claim with a person's groups, unless you mean it.",
    ),
  ];
}
