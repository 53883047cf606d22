import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Deployment } from "../../infra/settings-file.ts";
import { reasonOf } from "./aws-reason.ts";

/** The signing secrets of a deployed stack. AWS returns their values, so AWS is where the commands look up the present ones. */

export interface StackSecret {
  arn: string;
  /** Newest first. Empty = the stack still has the random word that CloudFormation made, and no function can sign. */
  words: readonly string[];
  /** When AWS got these words, epoch ms. null = AWS does not say. */
  changedAt: number | null;
}

export type FoundSecret =
  | { state: "found"; secret: StackSecret }
  /** There is no such stack, or it is not complete yet. */
  | { state: "none" }
  | { state: "unknown"; reason: string };

type FoundStack = { state: "found"; arn: string } | { state: "none" } | { state: "unknown"; reason: string };

/** Finds the signing secret of an instance's own stack. A stack of the same name for another instance is refused. */
export async function findStackSecret(deployment: Deployment): Promise<FoundSecret> {
  const stack = await findStack(deployment);
  if (stack.state !== "found") return stack;
  return readStackSecret(deployment.instance.region, stack.arn);
}

/** Reads signing secrets from AWS. */
export async function readStackSecret(region: string, arn: string): Promise<FoundSecret> {
  const manager = new SecretsManagerClient({ region });
  try {
    const { SecretString = "", CreatedDate } = await manager.send(new GetSecretValueCommand({ SecretId: arn }));
    const words = SecretString.split(/\s+/).filter((word) => word.startsWith("whsec_"));
    return { state: "found", secret: { arn, words, changedAt: CreatedDate?.getTime() ?? null } };
  } catch (error) {
    return { state: "unknown", reason: `AWS did not return ${arn}: ${reasonOf(error, "secretsmanager:GetSecretValue")}` };
  } finally {
    manager.destroy();
  }
}

/** Asks CloudFormation for the stack of an instance, and returns the ARN of its signing secret. */
export async function findStack(deployment: Deployment): Promise<FoundStack> {
  const found = await findOutputs(deployment);
  if (found.state !== "found") return found;
  const arn = found.outputs.get("SigningSecretArn");
  return arn === undefined ? { state: "none" } : { state: "found", arn };
}

type FoundOutputs =
  | { state: "found"; outputs: ReadonlyMap<string, string> }
  | { state: "none" }
  | { state: "unknown"; reason: string };

/** Asks CloudFormation for the outputs of the stack of an instance. */
export async function findOutputs({ settings: { stackName }, instance }: Deployment): Promise<FoundOutputs> {
  const client = new CloudFormationClient({ region: instance.region });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const outputs = new Map((Stacks[0]?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
    const id = outputs.get("InstanceId");
    if (!outputs.has("SigningSecretArn")) return { state: "none" };
    if (id !== instance.id) {
      const whose = id === undefined ? "is not of this project" : `belongs to the instance ${id}`;
      return { state: "unknown", reason: `The stack ${stackName} ${whose}, not to ${instance.id}. Correct stackName.` };
    }
    return { state: "found", outputs };
  } catch (error) {
    if (error instanceof Error && error.name === "ValidationError" && /does not exist/.test(error.message))
      return { state: "none" };
    return {
      state: "unknown",
      reason: `AWS did not show the stack ${stackName}: ${reasonOf(error, "cloudformation:DescribeStacks")}`,
    };
  } finally {
    client.destroy();
  }
}

/** Replaces the signing secrets of a stack. @returns why AWS did not store them, or null */
export async function storeStackSecret(region: string, arn: string, words: readonly string[]): Promise<string | null> {
  const manager = new SecretsManagerClient({ region });
  try {
    await manager.send(new PutSecretValueCommand({ SecretId: arn, SecretString: words.join(" ") }));
    return null;
  } catch (error) {
    return `AWS did not store the secret ${arn}: ${reasonOf(error, "secretsmanager:PutSecretValue")}`;
  } finally {
    manager.destroy();
  }
}
