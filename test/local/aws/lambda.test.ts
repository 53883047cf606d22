import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, describe, expect, test } from "vitest";
import { type LocalLambda, startLambda } from "../../../local/aws/lambda.ts";
import type { FailureRecord, LambdaContext, LocalFunction } from "../../../local/aws/lambda-function.ts";
import { ServiceError } from "../../../local/aws/service.ts";

let lambda: LocalLambda | null = null;
let client: LambdaClient | null = null;

async function start(functions: Record<string, LocalFunction>, maxAttempts = 1): Promise<LocalLambda> {
  lambda = await startLambda({ functions, speed: Number.POSITIVE_INFINITY });
  client = new LambdaClient({
    region: "us-east-1",
    endpoint: lambda.url,
    maxAttempts,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
  });
  return lambda;
}

afterEach(async () => {
  client?.destroy();
  await lambda?.close();
});

async function invoke(
  name: string,
  payload: unknown,
  type: "Event" | "RequestResponse" = "RequestResponse",
): Promise<InvokeCommandOutput> {
  if (client === null) throw new Error("Call start() first.");
  return client.send(
    new InvokeCommand({ FunctionName: name, InvocationType: type, Payload: Buffer.from(JSON.stringify(payload)) }),
  );
}

function payloadOf(output: InvokeCommandOutput): unknown {
  return JSON.parse(Buffer.from(output.Payload ?? []).toString("utf8"));
}

describe("A synchronous invocation", () => {
  test("passes event and context to the handler, and the handler's result to the caller.", async () => {
    const contexts: LambdaContext[] = [];
    await start({
      double: {
        timeoutMs: 5000,
        handler: (event, context) => {
          contexts.push(context);
          return { twice: [event, event], left: context.getRemainingTimeInMillis() };
        },
      },
    });
    const output = await invoke("double", { text: "niño" });
    expect(output).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(output.FunctionError).toBeUndefined();
    expect(payloadOf(output)).toMatchObject({ twice: [{ text: "niño" }, { text: "niño" }] });
    expect(contexts).toMatchObject([{ functionName: "double", invokedFunctionArn: expect.stringMatching(/function:double$/) }]);
    const left = contexts[0]?.getRemainingTimeInMillis() ?? -1;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(5000);
    expect(output.$metadata.requestId).toBe(contexts[0]?.awsRequestId);
  });

  test("keeps the request id that a caller passes on in the client context.", async () => {
    await start({ job: { handler: (_, context) => context.awsRequestId } });
    const ClientContext = Buffer.from(JSON.stringify({ custom: { requestId: "request-1" } })).toString("base64");
    const output = await client?.send(new InvokeCommand({ FunctionName: "job", ClientContext, Payload: "{}" }));
    expect(output === undefined ? null : payloadOf(output)).toBe("request-1");
  });

  test("finds the function by its ARN and by a name with an alias.", async () => {
    await start({ double: { handler: () => "here" } });
    for (const name of ["arn:aws:lambda:us-east-1:111122223333:function:double", "double:live"]) {
      expect(payloadOf(await invoke(name, {}))).toBe("here");
    }
  });

  test("sets the function's environment.", async () => {
    await start({ reader: { env: { VIGIA_LAMBDA_TEST: "set" }, handler: () => process.env["VIGIA_LAMBDA_TEST"] } });
    expect(payloadOf(await invoke("reader", {}))).toBe("set");
    delete process.env["VIGIA_LAMBDA_TEST"];
  });

  test("reports a handler that throws as a function error.", async () => {
    await start({
      broken: {
        handler: () => {
          throw new TypeError("no such thing");
        },
      },
    });
    const output = await invoke("broken", {});
    expect(output).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(payloadOf(output)).toMatchObject({ errorType: "TypeError", errorMessage: "no such thing" });
  });

  test("reports a timeout.", async () => {
    let finish = (): void => {};
    await start({ slow: { timeoutMs: 20, handler: () => new Promise<void>((resolve) => (finish = resolve)) } });
    const output = await invoke("slow", {});
    expect(output.FunctionError).toBe("Unhandled");
    expect(payloadOf(output)).toMatchObject({ errorMessage: expect.stringMatching(/Task timed out after 0.02 seconds/) });
    finish();
  });

  test("refuses an unknown function.", async () => {
    await start({});
    await expect(invoke("nobody", {})).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      $metadata: { httpStatusCode: 404 },
    });
  });

  test("refuses a payload above 6 MB and a payload that is not JSON.", async () => {
    await start({ any: { handler: () => null } });
    await expect(invoke("any", "x".repeat(6 * 1024 * 1024))).rejects.toMatchObject({ name: "RequestTooLargeException" });
    const notJson = new InvokeCommand({ FunctionName: "any", Payload: Buffer.from("{") });
    await expect(client?.send(notJson)).rejects.toMatchObject({ name: "InvalidRequestContentException" });
  });
});

describe("An asynchronous invocation", () => {
  test("is accepted before its handler has ended.", async () => {
    let finish = (): void => {};
    let done = false;
    const { drain } = await start({
      job: {
        handler: async () => {
          await new Promise<void>((resolve) => (finish = resolve));
          done = true;
        },
      },
    });
    expect(await invoke("job", {}, "Event")).toMatchObject({ StatusCode: 202 });
    expect(done).toBe(false);
    finish();
    await drain();
    expect(done).toBe(true);
  });

  test.each([
    [undefined, 3],
    [0, 1],
    [1, 2],
  ])(
    "with maximumRetryAttempts %s runs %i times under one request id and then goes to the on-failure destination.",
    async (maximumRetryAttempts, tries) => {
      const ids: string[] = [];
      const records: FailureRecord[] = [];
      const { drain, invocations } = await start({
        job: {
          ...(maximumRetryAttempts === undefined ? {} : { maximumRetryAttempts }),
          handler: (_, context) => {
            ids.push(context.awsRequestId);
            throw new Error("again");
          },
          onFailure: (record) => {
            records.push(record);
          },
        },
      });
      await invoke("job", { contactId: "c-1" }, "Event");
      await drain();
      expect(ids).toHaveLength(tries);
      expect(new Set(ids).size).toBe(1);
      expect(records).toMatchObject([
        {
          requestPayload: { contactId: "c-1" },
          requestContext: { condition: "RetriesExhausted", approximateInvokeCount: tries },
          responsePayload: { errorMessage: "again" },
        },
      ]);
      expect(invocations().map((report) => report.attempt)).toEqual(Array.from({ length: tries }, (_, index) => index + 1));
    },
  );

  test("is retried after a timeout.", async () => {
    const { drain, invocations } = await start({
      slow: {
        timeoutMs: 20,
        maximumRetryAttempts: 1,
        handler: () => new Promise((resolve) => setTimeout(resolve, 200)),
      },
    });
    await invoke("slow", {}, "Event");
    await drain();
    expect(invocations().map((report) => report.status)).toEqual(["timed-out", "timed-out"]);
  });

  test("is refused above 1 MB.", async () => {
    await start({ job: { handler: () => null } });
    await expect(invoke("job", "x".repeat(1024 * 1024), "Event")).rejects.toMatchObject({ name: "RequestTooLargeException" });
    expect(await invoke("job", "x".repeat(1024 * 1024 - 2), "Event")).toMatchObject({ StatusCode: 202 });
  });

  test("ends before `drain` of its own name resolves, whatever the other functions still do.", async () => {
    let finish = () => {};
    const endless = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const ended: string[] = [];
    const local = await start({
      long: { handler: () => endless, timeoutMs: 60_000 },
      short: { handler: async () => void ended.push("short"), timeoutMs: 1_000 },
    });
    local.invokeLater("long", {});
    local.invokeLater("short", {});
    await local.drain("short");
    expect(ended).toEqual(["short"]);
    expect([local.underWay("short"), local.underWay("long")]).toEqual([0, 1]);
    finish();
    await local.drain();
    expect(local.underWay("long")).toBe(0);
  });

  test("that invokes a second one ends before `drain` resolves, and so does the second.", async () => {
    const seen: string[] = [];
    const local = await start({
      first: {
        handler: async () => {
          await invoke("second", {}, "Event");
          seen.push("first");
        },
      },
      second: { handler: () => void seen.push("second") },
    });
    local.invokeLater("first", {});
    await local.drain();
    expect(seen.toSorted()).toEqual(["first", "second"]);
  });

  test("fails when Lambda closes.", async () => {
    let finish = (): void => {};
    const local = await start({ job: { timeoutMs: 900_000, handler: () => new Promise<void>((resolve) => (finish = resolve)) } });
    const waiting = local.invoke("job", {});
    await local.close();
    expect(await waiting).toMatchObject({ status: "failed" });
    finish();
  });
});

describe("Lambda", () => {
  test("throttles when a test orders it, and the client's retry succeeds.", async () => {
    const local = await start({ any: { handler: () => "done" } }, 3);
    local.faults.refuse(1, new ServiceError(429, "TooManyRequestsException", "Rate Exceeded.", { Type: "User" }));
    expect(payloadOf(await invoke("any", {}))).toBe("done");
  });

  test("breaks a connection without running the function when a test orders it.", async () => {
    const local = await start({ any: { handler: () => "done" } });
    local.faults.cut(1);
    await expect(invoke("any", {})).rejects.toThrow();
    expect(local.invocations()).toEqual([]);
  });
});
