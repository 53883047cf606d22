import { runTool } from "./tools.ts";

// npm run synth: the CloudFormation template into cdk.out/, without an account and without a network.
const code = await runTool("cdk", ["synth", "--quiet", ...process.argv.slice(2)]);
if (code === 0) console.log("Synthesised into cdk.out/. What it would change in your account: npx cdk diff");
process.exitCode = code;
