import { App, Validations } from "aws-cdk-lib";
import flags from "aws-cdk-lib/recommended-feature-flags.json" with { type: "json" };
import { AwsSolutionsChecks } from "cdk-nag";
import { parseContext } from "./context.ts";
import { IngestStack } from "./ingest-stack.ts";

// The CDK application, which `cdk.json` names. Wrong settings stop it before it builds anything.
// It uses the CDK's recommended flags for new projects.
const app = new App({ context: flags });
const context = parseContext(app.node.tryGetContext("vigia"));
if (context.ok) {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  new IngestStack(app, context.settings, context.instance);
  app.synth();
} else {
  console.error(
    [
      "The deployment settings have problems. Correct them in cdk.context.json or --context (docs/deploy.md):",
      ...context.problems.map((problem) => `  ${problem}`),
    ].join("\n"),
  );
  process.exitCode = 1;
}
