import type { Deployment } from "../../infra/settings-file.ts";
import { loginProblem } from "./aws-login.ts";
import { findStackSecret } from "./stack-secret.ts";
import { announce, cdkOptions, cdkVariables, endWith, openTarget, refuseExample, type Target } from "./target.ts";
import { refuseUsage, runTool } from "./tools.ts";

// npm run deploy:aws: runs cdk deploy, and then says whether the stack has a signing secret.
const USAGE =
  "npm run deploy:aws -- [--config FILE] [--profile NAME] [--instance NAME | --stage NAME] [options of cdk deploy, such as --require-approval never]";
const target = openTarget(process.argv.slice(2), USAGE);
refuseExample(target);
refuseUnannouncedStacks(target);
announce(target);
const problem = await loginProblem(target.deployments, process.env);
if (problem !== null) endWith(problem);
process.exitCode = await deploy(target);

async function deploy({ deployments, given }: Target): Promise<number> {
  const stacks = deployments.map(({ settings }) => settings.stackName);
  const options = [...cdkOptions(target), ...given.rest];
  const code = await runTool("cdk", ["deploy", ...stacks, ...options], cdkVariables(target));
  if (code === 0) for (const deployment of deployments) console.log(await nextStep(deployment));
  return code;
}

/** Says what is left to do for a deployed stack. A deployment is complete without an answer: its login may be unable to read it. */
async function nextStep(deployment: Deployment): Promise<string> {
  const { settings, instance } = deployment;
  const found = await findStackSecret(deployment);
  if (found.state === "unknown") return `The signing secret of ${settings.stackName} is not checked. ${found.reason}`;
  if (found.state === "found" && found.secret.words.length > 0) return `${settings.stackName} has its signing secret.`;
  return `${settings.stackName} has no signing secret yet, so it cannot post. Next: npm run secret -- add --instance ${instance.id}`;
}

/** A command that deploys several stacks at once, or stacks besides the printed ones, is refused. */
function refuseUnannouncedStacks({ deployments, all, given }: Target): void {
  if (deployments.length > 1 && given.stage === undefined) {
    const names = deployments.map(({ settings }) => settings.stackName).join(", ");
    refuseUsage(`The settings have several instances. Name one with --instance, or a --stage: ${names}.`, USAGE);
  }
  const stacks = all.map(({ settings }) => settings.stackName);
  const other = given.rest.find((word) => word === "--all" || word.includes("*") || stacks.includes(word));
  if (other !== undefined) refuseUsage(`${other} is not needed. Select the instance with --instance or --stage.`, USAGE);
}
