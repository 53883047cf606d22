import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type HubSecrets, signingSecrets } from "./rotation.ts";
import { deployedSecretArn, SECRETS_FILE } from "./secrets-file.ts";
import { runTool } from "./tools.ts";

export interface SecretTarget {
  instanceId: string;
  stackName: string;
  region: string | undefined;
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
  if (secrets === null || signingSecrets(secrets, target.instanceId).length === 0) {
    console.error(`This machine has no signing secret for ${target.instanceId}. Run npm run secret -- new first.`);
    return { asked, done: [] };
  }
  const done: CloudName[] = [];
  for (const cloud of asked) {
    if (await (cloud === "hub" ? putIntoHub() : putIntoAws(secrets, target))) done.push(cloud);
  }
  return { asked, done };
}

async function putIntoHub(): Promise<boolean> {
  const done = (await runTool("wrangler", ["secret", "bulk", SECRETS_FILE])) === 0;
  console.log(
    done
      ? "Hub: the Worker has the secrets."
      : "Hub: wrangler did not store the secrets. Correct the error above, then run the command again.",
  );
  return done;
}

/** Writes the instance's list of secrets to the stack's secret. @returns false after printing the reason */
export async function putIntoAws(
  secrets: HubSecrets,
  { instanceId, stackName, region, secretId }: SecretTarget,
): Promise<boolean> {
  const arn = secretId ?? deployedSecretArn(stackName);
  if (arn === null) {
    console.error("AWS: the stack was not deployed from this machine. Pass its output SigningSecretArn with --secret-id.");
    return false;
  }
  // The Region comes from the ARN, because this machine may have another default.
  const home = /^arn:[^:]+:secretsmanager:([^:]+):/.exec(arn)?.[1] ?? region;
  const client = new SecretsManagerClient(home === undefined ? {} : { region: home });
  try {
    const SecretString = signingSecrets(secrets, instanceId).join(" ");
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
