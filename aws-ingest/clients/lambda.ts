import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

/** A contact flow's caller hears silence meanwhile: two seconds in all, retry included. */
const CONNECT_TIMEOUT_MS = 500;
const REQUEST_TIMEOUT_MS = 800;

/**
 * Starts a Lambda function asynchronously (InvocationType Event, answered 202 at once) with a JSON payload.
 * A lost answer is retried once, so the function may be started twice: it must bear that.
 * @throws the SDK's error when the function could not be started within two seconds.
 */
export async function startFunction(functionName: string, payload: object): Promise<void> {
  const client = new LambdaClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  try {
    await client.send(
      new InvokeCommand({ FunctionName: functionName, InvocationType: "Event", Payload: JSON.stringify(payload) }),
    );
  } finally {
    client.destroy();
  }
}
