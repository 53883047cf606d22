import { keyRing } from "../../aws-ingest/clients/secrets.ts";
import type { Deployment } from "../../infra/settings-file.ts";
import { importSecrets } from "../../protocol/signature.ts";
import { HubError, type SignedHub } from "./signed-hub.ts";
import { findStack } from "./stack-secret.ts";
import { endWith } from "./target.ts";

interface HubOptions {
  /** The ARN of the signing secret. Default: that of the instance's stack. */
  secretId: string | undefined;
  /** Default: that of the settings. */
  hubUrl: string | undefined;
}

/**
 * Returns the hub of an instance with the instance's signing keys. `VIGIA_SIGNING_SECRET` replaces the secret of the stack, for
 * after the stack is gone. Ends the process when the stack cannot be found.
 */
export async function openHub(deployment: Deployment, { secretId, hubUrl }: HubOptions): Promise<SignedHub> {
  const { settings, instance } = deployment;
  const own = process.env["VIGIA_SIGNING_SECRET"];
  process.env["AWS_REGION"] = instance.region;
  const name =
    own === undefined ? (secretId ?? process.env["HUB_SECRET_ID"] ?? (await secretOfStack(deployment))) : "VIGIA_SIGNING_SECRET";
  const read = own === undefined ? keyRing(name).keys : () => importSecrets(own);
  const keys = () =>
    read().catch(() => {
      throw new HubError(`The signing secret ${name} cannot be read. Check --secret-id and the login.`);
    });
  return { url: hubUrl ?? settings.hubUrl, instanceId: instance.id, keys: { keys } };
}

async function secretOfStack(deployment: Deployment): Promise<string> {
  const stack = await findStack(deployment);
  if (stack.state === "found") return stack.arn;
  const why = stack.state === "none" ? `The stack ${deployment.settings.stackName} does not exist.` : stack.reason;
  return endWith(`${why} Pass --secret-id with the ARN of the signing secret.`);
}
