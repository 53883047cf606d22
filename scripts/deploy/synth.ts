import { isCommittedExample } from "../../infra/read-settings.ts";
import { announce, cdkOptions, cdkVariables, openTarget, refuseExample } from "./target.ts";
import { runTool } from "./tools.ts";

// npm run synth: writes the CloudFormation templates to cdk.out/. It needs no account and no network.
const USAGE = "npm run synth -- [--config FILE] [--instance NAME] [--stage NAME] [options of cdk synth]";
const target = openTarget(process.argv.slice(2), USAGE);
if (!isCommittedExample(target.path)) refuseExample(target);
announce(target);
const stacks = target.deployments.map(({ settings }) => settings.stackName);
const code = await runTool("cdk", ["synth", "--quiet", ...stacks, ...cdkOptions(target), ...target.given.rest], {
  ...cdkVariables(target),
  VIGIA_SYNTH_ONLY: "1",
});
if (code === 0) console.log("The templates are in cdk.out/. npx cdk diff shows what they would change in your account.");
process.exitCode = code;
