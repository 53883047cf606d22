import { parseArgs } from "node:util";
import type { Deployment } from "../../infra/settings-file.ts";
import type { Stage } from "../../infra/stages.ts";
import { argumentProblem } from "../../local/start/argument-problem.ts";
import { hasCredentials, loginProblem } from "./aws-login.ts";
import { checkAws } from "./check-aws.ts";
import { checkHub } from "./check-hub.ts";
import { checkSettings, checkTools, checkWorker } from "./check-machine.ts";
import { checkStackSecret, checkWorkerSecrets } from "./check-secrets.ts";
import { hubAddress } from "./hub-address.ts";
import { type Finding, missing, report, unknown } from "./preflight-report.ts";
import { findStackSecret } from "./stack-secret.ts";
import { announce, openTarget, refuseExample } from "./target.ts";
import { refuseUsage } from "./tools.ts";
import { readWorkerConfig } from "./worker-config.ts";
import { listSecrets } from "./worker-secrets.ts";

// npm run preflight: lists in plain words what is missing before a deployment. It changes nothing.
const USAGE = "npm run preflight -- [--config FILE] [--profile NAME] [--instance NAME] [--stage NAME] [--hub URL]";
const target = openTarget(process.argv.slice(2), USAGE);
const givenHub = hubAddress("--hub", readArguments(target.given.rest).hub, USAGE);
refuseExample(target);
announce(target);

const findings: Finding[] = checkTools(process.versions.node);
for (const stage of new Set(target.deployments.map((one) => one.stage))) findings.push(...(await checkStage(stage)));
for (const deployment of target.deployments) {
  findings.push(...checkSettings(target.file, deployment), ...(await checkClouds(deployment)));
}
console.log(report(findings, target.deployments[0].settings.operatorLanguage));
process.exitCode = findings.some(({ state }) => state === "missing") ? 1 : 0;

async function checkStage(stage: Stage): Promise<Finding[]> {
  const worker = await readWorkerConfig(stage);
  if (!worker.ok) return [missing(worker.message, "docs/deploy.md explains it.")];
  const own = target.all.filter((one) => one.stage.name === stage.name);
  return [...checkWorker(stage, worker.config.vars), ...checkWorkerSecrets(stage, own, await listSecrets(stage))];
}

async function checkClouds(deployment: Deployment): Promise<Finding[]> {
  const { instance, settings } = deployment;
  const hubUrl = givenHub ?? settings.hubUrl;
  if (!hasCredentials(process.env)) {
    const blind = unknown("The instance is not checked: there are no AWS credentials on this machine.");
    return [...(await checkHub(hubUrl, instance.id, [])), blind];
  }
  const problem = await loginProblem([deployment], process.env);
  if (problem !== null) {
    return [...(await checkHub(hubUrl, instance.id, [])), missing(problem, "The instance is not checked until then.")];
  }
  const found = await findStackSecret(deployment);
  const words = found.state === "found" ? found.secret.words : [];
  return [
    ...(await checkHub(hubUrl, instance.id, words)),
    ...checkStackSecret(deployment, found, Date.now()),
    ...(await checkAws(deployment)),
  ];
}

function readArguments(args: string[]): { hub?: string | undefined } {
  try {
    return parseArgs({ args, options: { hub: { type: "string" } } }).values;
  } catch (error) {
    return refuseUsage(argumentProblem(error), USAGE);
  }
}
