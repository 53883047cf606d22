import { createServer, type Server } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { reservedFor } from "../../infra/reserved-concurrency.ts";
import { checkConcurrency, judgeConcurrency } from "../../scripts/deploy/check-concurrency.ts";
import { closeServer, listenOnLoopback } from "./aws-stand-in.ts";

let server: Server | null = null;
afterEach(async () => {
  vi.unstubAllEnvs();
  if (server !== null) await closeServer(server);
  server = null;
});

test("Every running call has a place in each of the two functions, and new calls can wait in one of them.", () => {
  expect(reservedFor(25)).toEqual({ newCalls: 38, runningCalls: 28 });
  for (const calls of [1, 2, 7, 100, 5000]) {
    const { newCalls, runningCalls } = reservedFor(calls);
    expect([newCalls > calls, runningCalls > calls]).toEqual([true, true]);
  }
});

test.each([
  ["an account with the usual quota", 25, { quota: 1000, unreserved: 1000 }, false, "ok"],
  ["an account that has reserved nearly all for others", 25, { quota: 1000, unreserved: 160 }, false, "missing"],
  ["exactly the room that is there", 25, { quota: 1000, unreserved: 166 }, false, "ok"],
  ["a new account with ten", 1, { quota: 10, unreserved: 10 }, false, "missing"],
  ["a stack that is deployed and has its part reserved", 25, { quota: 1000, unreserved: 120 }, true, "ok"],
  ["more calls than the quota allows", 500, { quota: 1000, unreserved: 900 }, true, "missing"],
] as const)("The check of the account's concurrency knows %s.", (_, calls, account, isDeployed, state) => {
  expect(judgeConcurrency(calls, account, isDeployed).state).toBe(state);
});

test("The refusal names the numbers and the quota to ask for.", () => {
  const finding = judgeConcurrency(25, { quota: 50, unreserved: 50 }, false);
  expect(finding).toEqual({
    state: "missing",
    what: "maxConcurrentCalls 25 reserves 38 + 28 = 66 concurrent executions of Lambda, but the account has only 0 to reserve (quota 50).",
    fix: "Ask for a larger quota L-B99A9384 in Service Quotas, lower maxConcurrentCalls, or set it to null: then nothing is reserved.",
  });
});

test("The account's concurrency is read through the SDK, and a refusal stops nothing.", async () => {
  let status = 200;
  const paths: (string | undefined)[] = [];
  server = createServer((request, response) => {
    paths.push(request.url);
    response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": "AccessDeniedException" });
    response.end(JSON.stringify({ AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 110 } }));
  });
  vi.stubEnv("AWS_ENDPOINT_URL_LAMBDA", await listenOnLoopback(server));
  vi.stubEnv("AWS_ACCESS_KEY_ID", "stand-in");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "stand-in");
  expect(await checkConcurrency("us-east-1", 25, false)).toMatchObject({ state: "missing" });
  status = 403;
  expect(await checkConcurrency("us-east-1", 25, false)).toMatchObject({ state: "attention" });
  expect(paths).toEqual(["/2016-08-19/account-settings", "/2016-08-19/account-settings"]);
});
