import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient, LambdaServiceException } from "@aws-sdk/client-lambda";
import { backoffMs } from "../../protocol/backoff.ts";

/**
 * The caller hears silence while the trigger waits. So both attempts, with up to 0.1 s between them, take two seconds at most.
 * This limit includes the connection. A shorter limit for the connection ends attempts that would succeed on a busy machine.
 */
const ATTEMPT_TIMEOUT_MS = 900;

/**
 * Starts a Lambda function asynchronously with a JSON payload (InvocationType Event, which Lambda answers with 202 at once).
 * If no answer comes in time, it tries once more. So the function may start twice, and it has to tolerate that.
 * @throws the SDK's error if the function could not be started within two seconds
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

/** Starts a function like {@link startFunction}, but tries longer after a failure that may pass. @throws the SDK's error */
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

/** Returns true for a missing answer, for throttling, and for a fault of the service. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof LambdaServiceException)) return true;
  const status = error.$metadata.httpStatusCode;
  return status === undefined || status === 429 || status >= 500;
}
