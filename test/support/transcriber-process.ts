// Runs the transcriber's handler as a Lambda container does, several calls at a time, so that a test can kill it. The parent
// sends orders over the IPC channel.
import { handler } from "../../aws-ingest/handlers/transcriber.ts";

/** One invocation. Lambda's own retry has the request id of the first attempt. */
export interface InvocationOrder {
  requestId: string;
  job: object;
}

export type FinishedInvocation = { requestId: string } & ({ outcome: unknown } | { failure: string });

const LAMBDA_MS = 900_000;

process.on("message", (order: InvocationOrder) => {
  const endsAt = Date.now() + LAMBDA_MS;
  const context = {
    functionName: "transcriber",
    awsRequestId: order.requestId,
    getRemainingTimeInMillis: () => endsAt - Date.now(),
  };
  const report = (result: { outcome: unknown } | { failure: string }) =>
    process.send?.({ requestId: order.requestId, ...result });
  handler(order.job, context).then(
    (outcome) => report({ outcome }),
    (error) => report({ failure: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
