import { randomUUID } from "node:crypto";

/** The documented part of Lambda's context object, a handler's second argument. */
export interface LambdaContext {
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  awsRequestId: string;
  logGroupName: string;
  logStreamName: string;
  callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

export interface LocalFunction {
  /** Runs in this process with a JSON copy of the event. */
  handler: (event: unknown, context: LambdaContext) => unknown;
  /**
   * Set in `process.env` before each invocation. All functions share one environment, so each name needs one value for all.
   * Therefore AWS_LAMBDA_FUNCTION_NAME is not set. Handlers read `context.functionName`.
   */
  env?: Readonly<Record<string, string>>;
  /** 3 s unless set, as at AWS. */
  timeoutMs?: number;
  /** How often a failed asynchronous invocation is retried: 0 to 2. Twice unless set, as at AWS. */
  maximumRetryAttempts?: number;
  /** How long Lambda keeps an asynchronous event. 6 h unless set, as at AWS. */
  maximumEventAgeSeconds?: number;
  /** How many invocations may run at once. No limit unless set. */
  reservedConcurrency?: number;
  /** The on-failure destination of asynchronous invocations. */
  onFailure?: (record: FailureRecord) => void | Promise<void>;
}

/** Lambda's message to an on-failure destination (developer guide, "Retaining records of asynchronous invocations"). */
export interface FailureRecord {
  version: "1.0";
  timestamp: string;
  requestContext: {
    requestId: string;
    functionArn: string;
    condition: "RetriesExhausted" | "EventAgeExceeded";
    approximateInvokeCount: number;
  };
  /** The event. It can be sent again. */
  requestPayload: unknown;
  /** Absent when the event never ran. */
  responseContext?: { statusCode: number; executedVersion: string; functionError: "Unhandled" };
  responsePayload?: unknown;
}

/** The process in which a handler ran has died. A handler that uses processes of its own throws it. */
export class RuntimeExit extends Error {
  override name = "Runtime.ExitError";

  /** @param how for example `signal: killed` or `exit status 1` */
  constructor(how: string) {
    super(`Runtime exited with error: ${how}`);
  }
}

export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

export type InvocationOutcome =
  | { status: "returned"; payload: string }
  | { status: "failed" | "timed-out"; error: FunctionError };

/** 3 s: Lambda's own default. */
const DEFAULT_TIMEOUT_MS = 3000;
/** 6 MB: the largest synchronous response. */
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

export function functionArn(name: string): string {
  return `arn:aws:lambda:us-east-1:111122223333:function:${name}`;
}

/**
 * Runs the handler once. `outcome` reports a timeout at its time, but nothing can stop the handler's own code. `settled`
 * resolves when the handler has really ended.
 */
export function runFunction(
  name: string,
  { handler, env = {}, timeoutMs = DEFAULT_TIMEOUT_MS }: LocalFunction,
  event: unknown,
  requestId: string,
  aborted: AbortSignal,
): { outcome: Promise<InvocationOutcome>; settled: Promise<unknown> } {
  const startedAt = performance.now();
  const context: LambdaContext = {
    functionName: name,
    functionVersion: "$LATEST",
    invokedFunctionArn: functionArn(name),
    memoryLimitInMB: "512",
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: `local/[$LATEST]${randomUUID().replaceAll("-", "")}`,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(timeoutMs - (performance.now() - startedAt))),
  };
  Object.assign(process.env, env);

  const work = (async (): Promise<InvocationOutcome> => {
    try {
      return returned(await handler(event, context));
    } catch (error) {
      return { status: "failed", error: describe(error, requestId) };
    }
  })();
  const gaveUp = (status: "failed" | "timed-out", reason: string): InvocationOutcome => ({
    status,
    error: { errorType: "Sandbox.Timedout", errorMessage: `RequestId: ${requestId} Error: ${reason}` },
  });
  let release = (): void => {};
  const ended = new Promise<InvocationOutcome>((resolve) => {
    const seconds = (timeoutMs / 1000).toFixed(2);
    const timer = setTimeout(() => resolve(gaveUp("timed-out", `Task timed out after ${seconds} seconds`)), timeoutMs);
    const stopped = (): void => resolve(gaveUp("failed", "The Lambda stand-in was closed."));
    aborted.addEventListener("abort", stopped, { once: true });
    // Not by the option `signal`: Node forgets to remove all but the last listener after a garbage collection (nodejs/node#63954).
    release = () => {
      clearTimeout(timer);
      aborted.removeEventListener("abort", stopped);
    };
  });
  const outcome = Promise.race([work, ended]).finally(release);
  return { outcome, settled: work };
}

function returned(value: unknown): InvocationOutcome {
  const payload = JSON.stringify(value ?? null);
  if (Buffer.byteLength(payload) <= MAX_RESPONSE_BYTES) return { status: "returned", payload };
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`;
  return { status: "failed", error: { errorType: "Function.ResponseSizeTooLarge", errorMessage } };
}

function describe(error: unknown, requestId: string): FunctionError {
  // Lambda itself writes this error, so it has no stack.
  if (error instanceof RuntimeExit)
    return { errorType: error.name, errorMessage: `RequestId: ${requestId} Error: ${error.message}` };
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
}
