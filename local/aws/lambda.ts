import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { processEvent } from "./async-event.ts";
import { functionArn, type InvocationOutcome, type LocalFunction, runFunction } from "./lambda-function.ts";
import { MAX_EVENT_BYTES, MAX_REQUEST_BYTES } from "./lambda-rules.ts";
import { ScaledClock } from "./scaled-clock.ts";
import { type LocalService, type ServiceAnswer, ServiceError, type ServiceRequest, startService } from "./service.ts";

/** AWS Lambda on loopback: Invoke for the real SDK client. The handlers run in this process. */
export interface LocalLambda extends LocalService {
  /**
   * Invokes without HTTP, as another AWS service does: a Kinesis mapping, a contact flow or a rule.
   * @throws ServiceError for an unknown function, and when no place is free
   */
  invoke(name: string, event: unknown): Promise<InvocationOutcome>;
  /**
   * Invokes as InvocationType Event does: it returns at once, and retries and the on-failure destination follow.
   * @throws ServiceError for an unknown function
   */
  invokeLater(name: string, event: unknown): void;
  /** Resolves when no invocation is running or waiting for a retry. With a name, only invocations of that function count. */
  drain(functionName?: string): Promise<void>;
  /** Returns how many asynchronous events of this function are running or wait for a retry. */
  underWay(functionName: string): number;
  /** Ends the waits before retries, now and from now on. */
  skipWaits(): void;
  /** Returns the last thousand finished attempts, the oldest first. */
  invocations(): InvocationReport[];
}

export interface InvocationReport {
  functionName: string;
  requestId: string;
  /** 1 for the first attempt. */
  attempt: number;
  status: InvocationOutcome["status"];
}

export interface LambdaOptions {
  functions: Readonly<Record<string, LocalFunction>>;
  /** How many times faster than at AWS the waits before retries and the age of events pass. Infinity: there are no waits. */
  speed?: number;
}

const clientContextSchema = v.pipe(v.string(), v.parseJson(), v.object({ custom: v.object({ requestId: v.string() }) }));
/** Bounds the memory of a simulation that runs for a day. */
const MAX_REPORTS = 1000;
/** A name, a name with an alias, or an ARN. */
const FUNCTION_NAME = /^(?:arn:aws:lambda:[a-z0-9-]+:)?(?:\d{12}:)?(?:function:)?([a-zA-Z0-9-_]+)(?::[$a-zA-Z0-9-_]+)?$/;

export async function startLambda({ functions, speed = 1 }: LambdaOptions): Promise<LocalLambda> {
  const clock = new ScaledClock(speed);
  /** Function -> its invocations that run now. */
  const places = new Map<string, number>();
  /** Function -> its asynchronous events that have not ended. */
  const accepted = new Map<string, number>();
  const accept = (name: string, change: 1 | -1) => accepted.set(name, (accepted.get(name) ?? 0) + change);
  /** Work in progress -> the function. */
  const running = new Map<Promise<unknown>, string>();
  const reports: InvocationReport[] = [];
  const stop = new AbortController();

  const track = <Result>(name: string, work: Promise<Result>): Promise<Result> => {
    const entry = work.finally(() => running.delete(entry));
    entry.catch(() => {});
    running.set(entry, name);
    return work;
  };
  const find = (name: string): LocalFunction => {
    const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (found !== undefined) return found;
    throw new ServiceError(404, "ResourceNotFoundException", `Function not found: ${functionArn(name)}`, { Type: "User" });
  };
  /** Runs the function once, if its reserved concurrency has a place. */
  const run = async (
    name: string,
    event: unknown,
    requestId: string,
    attempt: number,
  ): Promise<InvocationOutcome | "throttled"> => {
    const settings = find(name);
    const busy = places.get(name) ?? 0;
    if (busy >= (settings.reservedConcurrency ?? Number.POSITIVE_INFINITY)) return "throttled";
    places.set(name, busy + 1);
    const { outcome, settled } = runFunction(name, settings, event, requestId, stop.signal);
    void track(name, settled);
    const result = await track(name, outcome);
    places.set(name, (places.get(name) ?? 1) - 1);
    reports.push({ functionName: name, requestId, attempt, status: result.status });
    if (reports.length > MAX_REPORTS) reports.shift();
    return result;
  };
  /** Runs the function for a caller that waits. @throws ServiceError when it is throttled */
  const runNow = async (name: string, event: unknown, requestId: string): Promise<InvocationOutcome> => {
    const outcome = await run(name, event, requestId, 1);
    if (outcome !== "throttled") return outcome;
    const fields = { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded", Type: "User" };
    throw new ServiceError(429, "TooManyRequestsException", "Rate Exceeded.", fields);
  };
  const runLater = async (name: string, event: unknown, requestId: string): Promise<void> => {
    const settings = find(name);
    const attempt = (number: number) => run(name, event, requestId, number);
    const failure = await processEvent({ name, settings, event, requestId, clock, stop: stop.signal, run: attempt });
    if (failure !== null) await settings.onFailure?.(failure);
  };
  const invokeLater = (name: string, event: unknown, requestId: string = randomUUID()): void => {
    find(name);
    accept(name, 1);
    const end = runLater(name, copy(event), requestId).finally(() => accept(name, -1));
    track(name, end).catch((error: unknown) => console.error(`The on-failure destination of ${name} failed:`, error));
  };

  const service = await startService({
    serve: async (request) => {
      const { name, type, event } = readInvocation(request);
      find(name);
      if (type === "DryRun") return { status: 204 };
      const requestId = givenRequestId(request) ?? randomUUID();
      if (type === "Event") {
        invokeLater(name, event, requestId);
        return { status: 202, headers: { "x-amzn-requestid": requestId } };
      }
      return answer(await runNow(name, event, requestId), requestId);
    },
  });

  return {
    ...service,
    invoke: (name, event) => runNow(name, copy(event), randomUUID()),
    invokeLater,
    invocations: () => [...reports],
    underWay: (functionName) => accepted.get(functionName) ?? 0,
    skipWaits: () => clock.setSpeed(Number.POSITIVE_INFINITY),
    drain: async (functionName) => {
      const left = () => [...running].flatMap(([work, name]) => (name === (functionName ?? name) ? [work] : []));
      while (left().length > 0) await Promise.allSettled(left());
    },
    close: async () => {
      stop.abort();
      await service.close();
    },
  };
}

/** Returns the id that a Lambda passes on in the client context when it runs its functions in other processes. */
function givenRequestId(request: ServiceRequest): string | null {
  const text = Buffer.from(String(request.headers["x-amz-client-context"] ?? ""), "base64").toString("utf8");
  const parsed = v.safeParse(clientContextSchema, text);
  return parsed.success ? parsed.output.custom.requestId : null;
}

function readInvocation(request: ServiceRequest): { name: string; type: string; event: unknown } {
  const path = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(request.url.pathname)?.[1];
  if (path === undefined || request.method !== "POST") {
    throw new ServiceError(404, "UnknownOperationException", "The stand-in has no such operation.");
  }
  const name = FUNCTION_NAME.exec(decodeURIComponent(path))?.[1];
  if (name === undefined) throw new ServiceError(400, "ValidationException", "The function name is not valid.");
  const type = String(request.headers["x-amz-invocation-type"] ?? "RequestResponse");
  if (!["RequestResponse", "Event", "DryRun"].includes(type)) {
    throw new ServiceError(400, "InvalidParameterValueException", `${type} is not an invocation type.`, { Type: "User" });
  }
  const limit = type === "Event" ? MAX_EVENT_BYTES : MAX_REQUEST_BYTES;
  if (request.body.length > limit) {
    const message = `${request.body.length} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`;
    throw new ServiceError(413, "RequestTooLargeException", message, { Type: "User" });
  }
  const text = Buffer.from(request.body).toString("utf8");
  try {
    return { name, type, event: text === "" ? {} : JSON.parse(text) };
  } catch {
    const message = "Could not parse request body into json.";
    throw new ServiceError(400, "InvalidRequestContentException", message, { Type: "User" });
  }
}

function answer(outcome: InvocationOutcome, requestId: string): ServiceAnswer {
  const headers = { "content-type": "application/json", "x-amzn-requestid": requestId, "x-amz-executed-version": "$LATEST" };
  if (outcome.status === "returned") return { status: 200, headers, body: outcome.payload };
  return { status: 200, headers: { ...headers, "x-amz-function-error": "Unhandled" }, body: JSON.stringify(outcome.error) };
}

/** Copies the event, because a handler must not share objects with its caller. */
function copy(event: unknown): unknown {
  return event === undefined ? {} : JSON.parse(JSON.stringify(event));
}
