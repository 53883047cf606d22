import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Instance } from "../../infra/settings.ts";
import type { Deployment } from "../../infra/settings-file.ts";
import { type HubSecrets, signingSecrets } from "./rotation.ts";
import { deployedSecretArn, secretsFile } from "./secrets-file.ts";
import { runTool } from "./tools.ts";

export interface SecretTarget {
  deployment: Deployment;
  /** The configuration of the Worker, from which wrangler takes its name and account. null = only AWS gets the secrets. */
  workerConfig: string | null;
  /** Overrides the ARN in the outputs of the last `npm run deploy:aws`. */
  secretId: string | undefined;
  only: CloudName | undefined;
}

/** `done` lists the clouds that have the secrets now, `asked` those that should have them. */
export interface PutResult {
  asked: readonly CloudName[];
  done: readonly CloudName[];
}
export type CloudName = "hub" | "aws";

/** Writes the secrets of .deploy/ to the hub and to AWS, or only to `target.only`. Prints the result for each. */
export async function putSecrets(secrets: HubSecrets | null, target: SecretTarget): Promise<PutResult> {
  const asked: CloudName[] = target.only === undefined ? ["hub", "aws"] : [target.only];
  const { deployment, workerConfig, secretId } = target;
  const { instance, stage } = deployment;
  if (secrets === null || signingSecrets(secrets, instance.id).length === 0) {
    console.error(`This machine has no signing secret for ${instance.id}. Run npm run secret -- new first.`);
    return { asked, done: [] };
  }
  const done: CloudName[] = [];
  for (const cloud of asked) {
    const stored =
      cloud === "hub"
        ? await putIntoHub(secretsFile(stage.workerName), workerConfig)
        : await putIntoAws(secrets, instance, secretId ?? deployedSecretArn(deployment));
    if (stored) done.push(cloud);
  }
  return { asked, done };
}

async function putIntoHub(file: string, workerConfig: string | null): Promise<boolean> {
  if (workerConfig === null) return false;
  const done = (await runTool("wrangler", ["secret", "bulk", file, "--config", workerConfig])) === 0;
  console.log(
    done
      ? "Hub: the Worker has the secrets."
      : "Hub: wrangler did not store the secrets. Correct the error above, then run the command again.",
  );
  return done;
}

/**
 * Writes the instance's list of secrets to the stack's secret.
 * @param arn the stack's secret. null = unknown on this machine
 * @returns false after printing the reason
 */
export async function putIntoAws(secrets: HubSecrets, instance: Instance, arn: string | null): Promise<boolean> {
  if (arn === null) {
    console.error("AWS: the stack was not deployed from this machine. Pass its output SigningSecretArn with --secret-id.");
    return false;
  }
  if (arn.startsWith("arn:") && !arn.includes(`:secretsmanager:${instance.region}:${instance.account}:`)) {
    console.error(`AWS: ${arn} is not in the account ${instance.account} and the Region ${instance.region} of the instance.`);
    return false;
  }
  const client = new SecretsManagerClient({ region: instance.region });
  try {
    const SecretString = signingSecrets(secrets, instance.id).join(" ");
    await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString }));
    console.log("AWS: Secrets Manager has the signing secret. The functions read it within 5 minutes.");
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unknown error";
    console.error(
      `AWS: Secrets Manager did not store ${arn} (${reason}). ` +
        "Check the credentials, the Region and the permission secretsmanager:PutSecretValue.",
    );
    return false;
  } finally {
    client.destroy();
  }
}
