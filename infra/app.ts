import { App, Validations } from "aws-cdk-lib";
import flags from "aws-cdk-lib/recommended-feature-flags.json" with { type: "json" };
import { AwsSolutionsChecks } from "cdk-nag";
import { parseContext } from "./context.ts";
import { IngestStack } from "./ingest-stack.ts";

// The CDK application: `cdk.json` names this file. Wrong settings end it before anything is built.
// The library's behaviour for new projects, whatever it was for older ones.
const app = new App({ context: flags });
const context = parseContext(app.node.tryGetContext("vigia"));
if (context.ok) {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  new IngestStack(app, context.settings, context.instance);
  app.synth();
} else {
  console.error(["The deployment settings are not usable:", ...context.problems.map((problem) => `  ${problem}`)].join("\n"));
  process.exitCode = 1;
}
