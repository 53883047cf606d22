import { CloudFormationClient, paginateListStackResources } from "@aws-sdk/client-cloudformation";
import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { paginateListServiceQuotas, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { reservedFor } from "../../infra/reserved-concurrency.ts";
import type { Deployment } from "../../infra/settings-file.ts";
import { checkOrExplain, isNamedError } from "./aws-checks.ts";
import { attention, type Finding, missing, ok, unknown } from "./preflight-report.ts";

/** What the account of an instance allows: limits that would stop a deployment in the middle, or a call later. */

/** The version of the bootstrap stack that the CDK's templates ask for (aws-cdk-lib 2.271, rule CheckBootstrapVersion). */
const BOOTSTRAP_VERSION = 6;
const BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version";
/** AWS keeps so many places of an account free for functions without a reservation (Lambda guide, configuration-concurrency). */
const UNRESERVED_MINIMUM = 100;
/** The quota of concurrent executions in Service Quotas. */
const CONCURRENCY_QUOTA = "L-B99A9384";

export async function checkAccountLimits(deployment: Deployment): Promise<Finding[]> {
  const { media, maxConcurrentCalls } = deployment.settings;
  const findings = await checkOrExplain("The CDK's bootstrap", "ssm:GetParameter", () => checkBootstrap(deployment));
  if (media.mode === "off") return findings;
  if (maxConcurrentCalls !== null) {
    const check = () => checkConcurrency(deployment, maxConcurrentCalls);
    findings.push(...(await checkOrExplain("Lambda's concurrency", "lambda:GetAccountSettings", check)));
  }
  const check = () => checkTranscribeQuota(deployment, maxConcurrentCalls);
  return [...findings, ...(await checkOrExplain("Transcribe's quota", "servicequotas:ListServiceQuotas", check))];
}

async function checkBootstrap({ instance: { account, region } }: Deployment): Promise<Finding[]> {
  const client = new SSMClient({ region });
  const fix = `Run npx cdk bootstrap aws://${account}/${region}.`;
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: BOOTSTRAP_PARAMETER }));
    const version = Number(Parameter?.Value);
    if (version >= BOOTSTRAP_VERSION) return [ok(`The account is bootstrapped for the CDK in ${region} (version ${version}).`)];
    return [missing(`The CDK's bootstrap in ${region} has version ${version}, and the CDK needs ${BOOTSTRAP_VERSION}.`, fix)];
  } catch (error) {
    if (!isNamedError(error, "ParameterNotFound")) throw error;
    return [missing(`The account ${account} is not bootstrapped for the CDK in ${region}.`, fix)];
  } finally {
    client.destroy();
  }
}

async function checkConcurrency(deployment: Deployment, calls: number): Promise<Finding[]> {
  const { instance } = deployment;
  const client = new LambdaClient({ region: instance.region });
  try {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    const quota = AccountLimit?.ConcurrentExecutions;
    const unreserved = AccountLimit?.UnreservedConcurrentExecutions;
    if (quota === undefined || unreserved === undefined) return [unknown("Lambda did not tell the concurrency of the account.")];
    const { newCalls, runningCalls } = reservedFor(calls);
    const wanted = newCalls + runningCalls;
    const left = unreserved + (await reservedByStack(client, deployment)) - wanted;
    const floor = Math.min(UNRESERVED_MINIMUM, quota);
    if (left >= floor) return [ok(`Lambda has room for maxConcurrentCalls ${calls}: ${left} places stay unreserved.`)];
    return [
      missing(
        `maxConcurrentCalls ${calls} reserves ${wanted} places of Lambda, and ${Math.max(0, left + wanted - floor)} of the account's ${quota} can be reserved. The deployment would fail.`,
        `Ask for a higher quota (Service Quotas, ${CONCURRENCY_QUOTA}), or set maxConcurrentCalls to null, which reserves nothing.`,
      ),
    ];
  } finally {
    client.destroy();
  }
}

/** Returns the places that the deployed stack has reserved already. A deployment replaces them. */
async function reservedByStack(client: LambdaClient, { settings, instance }: Deployment): Promise<number> {
  let reserved = 0;
  for (const name of await resourcesOf(settings.stackName, instance.region, "AWS::Lambda::Function")) {
    const { ReservedConcurrentExecutions = 0 } = await client.send(new GetFunctionConcurrencyCommand({ FunctionName: name }));
    reserved += ReservedConcurrentExecutions;
  }
  return reserved;
}

/** Returns the physical ids of a stack's resources of one type. Empty when there is no such stack. */
export async function resourcesOf(stackName: string, region: string, type: string): Promise<string[]> {
  const client = new CloudFormationClient({ region });
  const ids: string[] = [];
  try {
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: stackName })) {
      for (const { ResourceType, PhysicalResourceId } of StackResourceSummaries) {
        if (ResourceType === type && PhysicalResourceId !== undefined) ids.push(PhysicalResourceId);
      }
    }
    return ids;
  } catch (error) {
    if (isNamedError(error, "ValidationError") && /does not exist/.test(error.message)) return [];
    throw error;
  } finally {
    client.destroy();
  }
}

async function checkTranscribeQuota({ instance }: Deployment, calls: number | null): Promise<Finding[]> {
  const client = new ServiceQuotasClient({ region: instance.region });
  try {
    for await (const { Quotas = [] } of paginateListServiceQuotas({ client }, { ServiceCode: "transcribe" })) {
      const quota = Quotas.find(({ QuotaName = "" }) => isStreamQuota(QuotaName));
      if (quota?.Value === undefined) continue;
      if (calls !== null && calls <= quota.Value)
        return [ok(`Transcribe allows ${quota.Value} streams at a time in ${instance.region}.`)];
      return [
        attention(
          `Transcribe allows ${quota.Value} streams at a time in ${instance.region}, and maxConcurrentCalls is ${calls ?? "null (no limit)"}. Further calls have no transcript.`,
          `Ask for a higher quota (Service Quotas, ${quota.QuotaCode ?? "Amazon Transcribe"}), or lower maxConcurrentCalls.`,
        ),
      ];
    }
    return [unknown("Service Quotas does not list Transcribe's concurrent streams here. The default is 25.")];
  } finally {
    client.destroy();
  }
}

/** Transcribe's guide calls it "Number of concurrent HTTP/2 streams for streaming transcription" (limits-guidelines, 2026-11). */
function isStreamQuota(name: string): boolean {
  return /concurrent/i.test(name) && /http ?\/? ?2|stream/i.test(name) && !/websocket|medical|healthscribe|batch/i.test(name);
}
