import { runTool } from "./tools.ts";

// npm run synth: writes the CloudFormation template to cdk.out/. It needs no account and no network.
const code = await runTool("cdk", ["synth", "--quiet", ...process.argv.slice(2)]);
if (code === 0) console.log("The template is in cdk.out/. npx cdk diff shows what it would change in your account.");
process.exitCode = code;
