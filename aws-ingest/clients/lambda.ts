import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

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
