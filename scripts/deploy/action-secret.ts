import type { Deployment } from "../../infra/settings-file.ts";
import { loginProblem } from "./aws-login.ts";
import { openWorker, random } from "./secret-commands.ts";
import { findOutputs, readStackSecret, storeStackSecret } from "./stack-secret.ts";
import { actionNamesOf, changeSecrets } from "./worker-secrets.ts";

/**
 * Gives the hub the address of the function for actions and a signing secret that both have. AWS gets the secret first, because AWS can
 * return it. It may be repeated after any interruption. No value is printed.
 * @param replace makes a new secret. The function accepts the old one until the next time, so no action is refused meanwhile
 * @returns why it did not succeed, or null
 */
export async function connectActions(deployment: Deployment, replace: boolean): Promise<string | null> {
  const { instance, settings, stage } = deployment;
  const opened = await openWorker(stage);
  if (!opened.ok) return opened.message;
  const problem = await loginProblem([deployment], process.env);
  if (problem !== null) return problem;
  const found = await findOutputs(deployment);
  if (found.state === "unknown") return found.reason;
  const outputs = found.state === "found" ? found.outputs : new Map<string, string>();
  const [url, arn] = [outputs.get("ActionsUrl"), outputs.get("ActionsSecretArn")];
  if (url === undefined || arn === undefined)
    return `The stack ${settings.stackName} has no function for actions. Set actions of the instance, and run npm run deploy:aws.`;
  const known = await readStackSecret(instance.region, arn);
  if (known.state !== "found")
    return known.state === "unknown" ? known.reason : `AWS has no secret ${arn}. Run npm run deploy:aws, which makes it.`;
  let { words } = known.secret;
  if (words.length === 0 || replace) {
    words = [`whsec_${random()}`, ...words.slice(0, 1)];
    const refused = await storeStackSecret(instance.region, arn, words);
    if (refused !== null) return refused;
    console.log("AWS: the stack has a new secret for actions.");
  }
  const names = actionNamesOf(instance.id);
  const failed = await changeSecrets(opened.worker, { [names.url]: url, [names.secret]: words[0] ?? "" });
  if (failed !== null) return failed;
  console.log(`Hub: the Worker knows the function for actions of ${instance.id}. The setting ACTIONS says which actions are on.`);
  return null;
}
