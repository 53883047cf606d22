import { EXAMPLE_ACCOUNT } from "../../infra/context.ts";
import { putIntoAws } from "./put-secrets.ts";
import { signingSecrets } from "./rotation.ts";
import { loadSecrets, outputsFile } from "./secrets-file.ts";
import { givenContext, readSettings } from "./settings.ts";
import { runTool } from "./tools.ts";

// npm run deploy:aws: runs cdk deploy and then writes the signing secret into the stack's Secrets Manager entry.
const args = process.argv.slice(2);
const context = readSettings(givenContext(args));
if (!context.ok) {
  console.error([`${context.source}:`, ...context.problems.map((problem) => `  ${problem}`)].join("\n"));
  process.exitCode = 1;
} else if (context.instance.account === EXAMPLE_ACCOUNT) {
  console.error("These are the example settings. Write your own into cdk.context.json (docs/deploy.md, step 2).");
  process.exitCode = 1;
} else {
  process.exitCode = await runTool("cdk", ["deploy", "--outputs-file", outputsFile(), ...args]);
  const secrets = loadSecrets();
  const { instance, settings } = context;
  if (process.exitCode === 0 && secrets !== null && signingSecrets(secrets, instance.id).length > 0) {
    const target = {
      instanceId: instance.id,
      stackName: settings.stackName,
      region: instance.region,
      secretId: undefined,
      only: undefined,
    };
    process.exitCode = (await putIntoAws(secrets, target)) ? 0 : 1;
  } else if (process.exitCode === 0)
    console.error(
      `${context.instance.id} has no signing secret, so the functions cannot post yet. ` +
        "Run npm run secret -- new, then npm run secret -- put.",
    );
}
