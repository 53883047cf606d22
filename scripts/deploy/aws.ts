import { loginProblem } from "./aws-login.ts";
import { putIntoAws } from "./put-secrets.ts";
import { signingSecrets } from "./rotation.ts";
import { deployedSecretArn, keepOutputs, loadSecrets, newOutputsFile } from "./secrets-file.ts";
import { announce, cdkOptions, cdkVariables, endWith, openTarget, refuseExample, type Target } from "./target.ts";
import { refuseUsage, runTool } from "./tools.ts";

// npm run deploy:aws: runs cdk deploy and then writes the signing secret into the stack's Secrets Manager entry.
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
  const options = [...cdkOptions(target), "--outputs-file", newOutputsFile(), ...given.rest];
  const code = await runTool("cdk", ["deploy", ...stacks, ...options], cdkVariables(target));
  keepOutputs();
  if (code !== 0) return code;
  let stored = true;
  for (const deployment of deployments) {
    const { instance, stage } = deployment;
    const secrets = loadSecrets(stage.workerName);
    if (secrets === null || signingSecrets(secrets, instance.id).length === 0) {
      console.error(
        `This machine has no signing secret for ${instance.id}. If the functions have none yet, they cannot post: ` +
          "run npm run secret -- new, then npm run secret -- put.",
      );
    } else if (!(await putIntoAws(secrets, instance, deployedSecretArn(deployment)))) stored = false;
  }
  return stored ? 0 : 1;
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
