import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { EXAMPLE_ACCOUNT, type ParsedContext } from "../../infra/context.ts";
import { importSecrets } from "../../protocol/signature.ts";
import { attention, type Finding, missing, ok } from "./preflight-report.ts";
import { type HubSecrets, signingSecrets } from "./rotation.ts";
import { ROOT } from "./tools.ts";

/** wrangler and the Lambda runtime set it. */
const NODE_MAJOR = 24;

export function checkTools(version: string): Finding[] {
  const major = Number(version.split(".")[0]);
  const tools = ["cdk", "wrangler", "esbuild", "vite"].filter((name) => !existsSync(join(ROOT, "node_modules/.bin", name)));
  return [
    major >= NODE_MAJOR
      ? ok(`Node ${version}.`)
      : missing(`Node ${version} is too old.`, "Start it as npm run preflight: the project brings its own."),
    tools.length === 0
      ? ok("cdk, wrangler, esbuild and vite are installed.")
      : missing(`Not installed: ${tools.join(", ")}.`, "npm ci"),
  ];
}

export function checkSettings(context: ParsedContext & { source: string }): Finding[] {
  if (!context.ok)
    return context.problems.map((problem) => missing(`${context.source}: ${problem}`, "docs/deploy.md explains every setting."));
  const { instance, settings, source } = context;
  if (instance.account === EXAMPLE_ACCOUNT) {
    return [
      missing(
        `The settings (${source}) are the committed example.`,
        "Put your own into cdk.context.json (docs/deploy.md, step 2).",
      ),
    ];
  }
  const findings = [ok(`The settings (${source}) are valid: instance ${instance.id} in ${instance.region}.`)];
  if (settings.alarmEmail === null) findings.push(attention("Nobody hears the alarms.", "Set alarmEmail."));
  if (settings.media.mode !== "off" && settings.contactLens.mode !== "off") {
    findings.push(
      attention("Audio and Contact Lens are both on: a call in both is scored twice.", "Choose one per flow (docs/deploy.md)."),
    );
  }
  if (settings.contactLens.mode === "existing") {
    findings.push(
      attention(
        "Contact Lens' own stream should have one shard; that is not looked up.",
        "With several, scores lag (docs/deploy.md).",
      ),
    );
  }
  return findings;
}

/** The Worker's own settings, as wrangler.toml gives them. */
export function checkWorker(vars: Readonly<Record<string, unknown>>): Finding[] {
  if (vars["AUTH_MODE"] === "local") {
    return [
      missing(
        "AUTH_MODE is local in wrangler.toml.",
        "Set it to jwt: local works on loopback addresses only, everyone else is refused.",
      ),
    ];
  }
  const empty = ["AUTH_JWKS_URL", "AUTH_ISSUER", "AUTH_AUDIENCE"].filter((name) => !vars[name]);
  if (empty.length > 0) {
    return [
      missing(
        `wrangler.toml: ${empty.join(", ")} ${empty.length === 1 ? "is" : "are"} empty: nobody can open the board.`,
        "docs/deploy.md, step 3: who may see the board.",
      ),
    ];
  }
  return [ok("wrangler.toml names who may ask for tickets.")];
}

export async function checkSecrets(secrets: HubSecrets | null, instanceId: string, file: string): Promise<Finding[]> {
  const own = signingSecrets(secrets, instanceId);
  if (secrets === null || own.length === 0)
    return [missing(`There is no signing secret of ${instanceId} here.`, "npm run secret -- new")];
  try {
    await importSecrets(own.join(" "));
  } catch (error) {
    return [missing(error instanceof Error ? error.message : "The signing secrets are unusable.", "npm run secret -- rotate")];
  }
  const findings = [
    ok(own.length === 1 ? "The signing secret is well-formed." : "Two signing secrets: a rotation is under way."),
  ];
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    findings.push(attention(`${file} can be read by others on this machine.`, `chmod 600 ${file}`));
  }
  return findings;
}
