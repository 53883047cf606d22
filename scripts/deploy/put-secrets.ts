import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type HubSecrets, signingSecrets } from "./rotation.ts";
import { deployedSecretArn, SECRETS_FILE } from "./secrets-file.ts";
import { runTool } from "./tools.ts";

export interface SecretTarget {
  instanceId: string;
  stackName: string;
  region: string | undefined;
  /** Overrides the ARN that the last `npm run deploy:aws` has written down. */
  secretId: string | undefined;
  only: CloudName | undefined;
}

/** The clouds that have the secrets now; `asked` = those that should. */
export interface PutResult {
  asked: readonly CloudName[];
  done: readonly CloudName[];
}
export type CloudName = "hub" | "aws";

/** Puts the secrets of .deploy/ into the hub and into AWS, or into `only` one of them, and says what was done. */
export async function putSecrets(secrets: HubSecrets | null, target: SecretTarget): Promise<PutResult> {
  const asked: CloudName[] = target.only === undefined ? ["hub", "aws"] : [target.only];
  if (secrets === null || signingSecrets(secrets, target.instanceId).length === 0) {
    console.error(`${target.instanceId} has no signing secret here; first: npm run secret -- new`);
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
  console.log(done ? "Hub: the Worker has the secrets." : "Hub: not put; wrangler says why above.");
  return done;
}

/** The same list, newest first, into the stack's secret. @returns false with one line that says why it could not */
export async function putIntoAws(
  secrets: HubSecrets,
  { instanceId, stackName, region, secretId }: SecretTarget,
): Promise<boolean> {
  const arn = secretId ?? deployedSecretArn(stackName);
  if (arn === null) {
    console.error("AWS: the stack is not deployed from this machine; give --secret-id with its SigningSecretArn.");
    return false;
  }
  // The Region is part of the ARN: the secret may be put from a machine whose default is another.
  const home = /^arn:[^:]+:secretsmanager:([^:]+):/.exec(arn)?.[1] ?? region;
  const client = new SecretsManagerClient(home === undefined ? {} : { region: home });
  try {
    const SecretString = signingSecrets(secrets, instanceId).join(" ");
    await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString }));
    console.log("AWS: Secrets Manager has the signing secret; the functions read it within 5 minutes.");
    return true;
  } catch (error) {
    console.error(
      `AWS: not put (${error instanceof Error ? error.name : "unknown error"}). Credentials, Region, secretsmanager:PutSecretValue?`,
    );
    return false;
  } finally {
    client.destroy();
  }
}
