import { App, Validations } from "aws-cdk-lib";
import flags from "aws-cdk-lib/recommended-feature-flags.json" with { type: "json" };
import { AwsSolutionsChecks } from "cdk-nag";
import { summarise } from "./announcement.ts";
import { IngestStack } from "./ingest-stack.ts";
import { exampleRefusal, isCommittedExample, MOVED, readSettings } from "./read-settings.ts";

// The CDK application, which `cdk.json` names. Wrong settings stop it before it builds anything.
// It uses the CDK's recommended flags for new projects. `npx cdk … -c config=FILE` names another settings file.
const app = new App({ context: flags });
const given: unknown = app.node.tryGetContext("config");
const settings = readSettings(typeof given === "string" ? given : undefined, process.env);
const refusal = refuse();
if (refusal !== null || !settings.ok) {
  console.error(refusal);
  process.exitCode = 1;
} else {
  // The commands of this project have printed it already.
  if (process.env["VIGIA_ANNOUNCED"] === undefined) console.error(summarise(settings.file, settings.deployments));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  for (const deployment of settings.deployments) new IngestStack(app, deployment.settings, deployment.instance);
  app.synth();
}

/** Returns why this application must not run, or null. The CDK does not say whether it shows, deploys or destroys. */
function refuse(): string | null {
  const inFile = !settings.ok && settings.message.startsWith(MOVED);
  if (app.node.tryGetContext("vigia") !== undefined && !inFile) return `${MOVED} Remove -c vigia=….`;
  if (!settings.ok) return settings.message;
  // `npm run synth` may show the committed example, because it needs no account.
  if (process.env["VIGIA_SYNTH_ONLY"] !== undefined && isCommittedExample(settings.path)) return null;
  return exampleRefusal(settings.file, settings.deployments);
}
