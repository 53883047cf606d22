import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { reservedFor } from "../../infra/reserved-concurrency.ts";
import { attention, type Finding, missing, ok } from "./preflight-report.ts";

/**
 * Lambda keeps so many executions unreserved, or the whole quota of a smaller account (developer guide, "Configuring reserved
 * concurrency", read 2026-11-25; new accounts have a lower floor). CloudFormation learns it in the middle of a deployment.
 */
const UNRESERVED_FLOOR = 100;
/** Service Quotas: Lambda, concurrent executions. */
const QUOTA = "L-B99A9384";

/** The account's concurrency in a Region. */
export interface AccountConcurrency {
  quota: number;
  /** What no function has reserved yet. */
  unreserved: number;
}

/**
 * Says whether the account has room for what the stack reserves for this many calls.
 * @param isDeployed the stack has reserved its part already, so only the whole quota tells something
 */
export function judgeConcurrency(calls: number, { quota, unreserved }: AccountConcurrency, isDeployed: boolean): Finding {
  const { newCalls, runningCalls } = reservedFor(calls);
  const wanted = newCalls + runningCalls;
  const left = (isDeployed ? quota : unreserved) - Math.min(UNRESERVED_FLOOR, quota);
  const sum = `maxConcurrentCalls ${calls} reserves ${newCalls} + ${runningCalls} = ${wanted} concurrent executions of Lambda`;
  if (wanted <= left) return ok(`${sum}. The account has ${left} to reserve.`);
  return missing(
    `${sum}, but the account has only ${Math.max(0, left)} to reserve (quota ${quota}).`,
    `Ask for a larger quota ${QUOTA} in Service Quotas, lower maxConcurrentCalls, or set it to null: then nothing is reserved.`,
  );
}

/** Asks Lambda for the account's concurrency. A refusal stops nothing. */
export async function checkConcurrency(region: string, calls: number, isDeployed: boolean): Promise<Finding> {
  const lambda = new LambdaClient({ region });
  try {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    const quota = AccountLimit?.ConcurrentExecutions ?? 0;
    return judgeConcurrency(calls, { quota, unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? 0 }, isDeployed);
  } catch (error) {
    return attention(
      `AWS did not say how much concurrency the account has: ${error instanceof Error ? error.name : "unknown error"}.`,
      "Allow lambda:GetAccountSettings to the person who deploys.",
    );
  } finally {
    lambda.destroy();
  }
}
