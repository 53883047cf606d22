import { parseArgs } from "node:util";
import type { Deployment } from "../../infra/settings-file.ts";
import { loginProblem } from "./aws-login.ts";
import { checkAws, hasCredentials } from "./check-aws.ts";
import { checkHub } from "./check-hub.ts";
import { checkSecrets, checkSettings, checkTools, checkWorker } from "./check-machine.ts";
import { type Finding, missing, report, unknown } from "./preflight-report.ts";
import { signingSecrets } from "./rotation.ts";
import { deployedSecretArn, loadSecrets, secretsFile } from "./secrets-file.ts";
import { announce, openTarget, refuseExample } from "./target.ts";
import { refuseUsage } from "./tools.ts";
import { readWorkerConfig } from "./worker-config.ts";

// npm run preflight: lists in plain words what is missing before a deployment. It changes nothing.
const USAGE = "npm run preflight -- [--config FILE] [--profile NAME] [--instance NAME] [--stage NAME] [--hub URL]";
const target = openTarget(process.argv.slice(2), USAGE);
const values = readArguments(target.given.rest);
refuseExample(target);
announce(target);

const findings: Finding[] = checkTools(process.versions.node);
for (const deployment of target.deployments) findings.push(...(await checkDeployment(deployment)));
console.log(report(findings));
process.exitCode = findings.some(({ state }) => state === "missing") ? 1 : 0;

async function checkDeployment(deployment: Deployment): Promise<Finding[]> {
  const worker = await readWorkerConfig(deployment.stage);
  const findings = [
    ...checkSettings(target.file, deployment),
    ...(worker.ok ? checkWorker(deployment.stage, worker.config.vars) : [missing(worker.message, "docs/deploy.md explains it.")]),
  ];
  try {
    return [...findings, ...(await checkClouds(deployment))];
  } catch (error) {
    const what = error instanceof Error ? error.message : "The secrets in .deploy/ are unreadable.";
    return [...findings, missing(what, "Correct that file, or restore it from a backup.")];
  }
}

async function checkClouds(deployment: Deployment): Promise<Finding[]> {
  const { instance, settings, stage } = deployment;
  const secrets = loadSecrets(stage.workerName);
  const own = signingSecrets(secrets, instance.id);
  const hub = await checkHub(values.hub ?? settings.hubUrl, instance.id, own);
  return [
    ...(await checkSecrets(secrets, instance.id, secretsFile(stage.workerName))),
    ...hub,
    ...(await checkAccount(deployment, own)),
  ];
}

async function checkAccount(deployment: Deployment, secrets: readonly string[]): Promise<Finding[]> {
  const { instance, settings } = deployment;
  if (!hasCredentials(process.env))
    return [unknown("The instance is not checked: there are no AWS credentials on this machine.")];
  const problem = await loginProblem([deployment], process.env);
  if (problem !== null) return [missing(problem, "The instance is not checked until then.")];
  return checkAws({ settings, instance, secrets, secretArn: deployedSecretArn(deployment) });
}

function readArguments(args: string[]): { hub?: string | undefined } {
  try {
    return parseArgs({ args, options: { hub: { type: "string" } } }).values;
  } catch (error) {
    return refuseUsage(error instanceof Error ? error.message : "Unknown option.", USAGE);
  }
}
