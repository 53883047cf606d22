import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient, LambdaServiceException } from "@aws-sdk/client-lambda";
import { backoffMs } from "../../protocol/backoff.ts";

/**
 * A contact flow's caller hears silence meanwhile: two seconds in all, for two attempts with up to 0.1 s between them.
 * Connecting is part of it and has no shorter limit of its own: on a busy machine that one ends attempts that would succeed.
 */
const ATTEMPT_TIMEOUT_MS = 900;

/**
 * Starts a Lambda function asynchronously (InvocationType Event, answered 202 at once) with a JSON payload.
 * A lost answer, or none in time, is retried once, so the function may be started twice: it must bear that.
 * @throws the SDK's error when the function could not be started within two seconds.
 */
export async function startFunction(functionName: string, payload: object): Promise<void> {
  const client = new LambdaClient({
    maxAttempts: 2,
    requestHandler: { requestTimeout: ATTEMPT_TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  try {
    await client.send(
      new InvokeCommand({ FunctionName: functionName, InvocationType: "Event", Payload: JSON.stringify(payload) }),
    );
  } finally {
    client.destroy();
  }
}

/** Without the next invocation the rest of a call is lost. So a throttled or failing API is asked for up to 23 s. */
const HANDOVER_ATTEMPTS = 6;
const HANDOVER_BACKOFF = { firstMs: 1000, longestMs: 8000 };

/** Like {@link startFunction}, with more patience for what may pass. @throws the SDK's error */
export async function handOverTo(functionName: string, payload: object): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startFunction(functionName, payload);
    } catch (error) {
      if (attempt === HANDOVER_ATTEMPTS || !mayPass(error)) throw error;
      await sleep(backoffMs(attempt - 1, HANDOVER_BACKOFF, Math.random()));
    }
  }
}

/** No answer, too many requests, or the service's own fault. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof LambdaServiceException)) return true;
  const status = error.$metadata.httpStatusCode;
  return status === undefined || status === 429 || status >= 500;
}
