import { parseArgs } from "node:util";
import * as v from "valibot";
import { unstable_readConfig as readWranglerConfig } from "wrangler";
import { checkAws, hasCredentials } from "./check-aws.ts";
import { checkHub } from "./check-hub.ts";
import { checkSecrets, checkSettings, checkTools, checkWorker } from "./check-machine.ts";
import { type Finding, missing, report, unknown } from "./preflight-report.ts";
import { signingSecrets } from "./rotation.ts";
import { deployedSecretArn, loadSecrets, SECRETS_FILE } from "./secrets-file.ts";
import { givenContext, readSettings } from "./settings.ts";
import { ROOT, refuseUsage } from "./tools.ts";

// npm run preflight: lists in plain words what is missing before a deployment. It changes nothing.
const USAGE = "npm run preflight -- [--hub URL] [--context vigia=JSON]";
const { values } = readArguments();

const context = readSettings(givenContext(process.argv.slice(2)));
const findings: Finding[] = [
  ...checkTools(process.versions.node),
  ...checkSettings(context),
  ...checkWorker(
    v.parse(
      v.record(v.string(), v.unknown()),
      readWranglerConfig({ config: `${ROOT}wrangler.toml` }, { hideWarnings: true }).vars,
    ),
  ),
];
try {
  if (context.ok) findings.push(...(await checkDeployment(context)));
} catch (error) {
  findings.push(
    missing(
      error instanceof Error ? error.message : "The secrets in .deploy/ are unreadable.",
      "Correct that file, or restore it from a backup.",
    ),
  );
}
console.log(report(findings));
process.exitCode = findings.some(({ state }) => state === "missing") ? 1 : 0;

async function checkDeployment({ instance, settings }: Extract<typeof context, { ok: true }>): Promise<Finding[]> {
  const secrets = loadSecrets();
  const own = signingSecrets(secrets, instance.id);
  const hub = await checkHub(values.hub ?? settings.hubUrl, instance.id, own);
  const side = { settings, instance, secrets: own, secretArn: deployedSecretArn(settings.stackName) };
  const aws = hasCredentials(process.env)
    ? await checkAws(side)
    : [unknown("The instance is not checked: there are no AWS credentials on this machine.")];
  return [...(await checkSecrets(secrets, instance.id, SECRETS_FILE)), ...hub, ...aws];
}

function readArguments() {
  try {
    return parseArgs({ options: { hub: { type: "string" }, context: { type: "string", short: "c" } } });
  } catch (error) {
    return refuseUsage(error instanceof Error ? error.message : "Unknown option.", USAGE);
  }
}
