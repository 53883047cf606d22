import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fetchTicket, TicketError } from "../../../dashboard/client/fetch-ticket.ts";

let server: Server;
let url: string;
let asked: { method: string | undefined; headers: IncomingHttpHeaders }[];
let answer: { status: number; headers?: Record<string, string>; body: string };

beforeAll(async () => {
  server = createServer(({ method, headers }, response) => {
    asked.push({ method, headers });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}/tickets` : "";
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  asked = [];
  answer = { status: 200, body: '{"ticket":"t1","expiresAt":1}' };
});

async function failure(): Promise<TicketError> {
  const error: unknown = await fetchTicket({ url }).catch((thrown: unknown) => thrown);
  if (error instanceof TicketError) return error;
  throw new Error(`fetchTicket should have thrown a TicketError, not ${String(error)}.`);
}

describe("The function fetchTicket", () => {
  test("asks by POST, with what the page adds, and returns the ticket.", async () => {
    expect(await fetchTicket({ url }, { headers: { authorization: "Bearer me" } })).toBe("t1");
    expect(asked).toMatchObject([{ method: "POST", headers: { authorization: "Bearer me" } }]);
  });

  test("says the status, the hub's word and its message when there is no ticket.", async () => {
    answer = { status: 403, body: '{"error":"no_groups","message":"Set AUTH_GROUPS_CLAIM."}' };
    expect(await failure()).toMatchObject({
      name: "TicketError",
      message: "The ticket was refused: 403 no_groups Set AUTH_GROUPS_CLAIM.",
      status: 403,
      code: "no_groups",
      retryAfterMs: 0,
    });
  });

  test("does not call an answer a refusal that only has no ticket, as the page of an application at a wrong address.", async () => {
    answer = { status: 200, body: "<!doctype html>" };
    expect((await failure()).message).toBe("The answer has no ticket: 200");
  });

  test.each([
    ["a page that is no JSON", 502, "<html>Bad gateway</html>"],
    ["JSON without a ticket", 200, "{}"],
    ["a ticket that is no text", 200, '{"ticket":7}'],
    ["null", 200, "null"],
    ["a number", 500, "1"],
  ])("throws also for %s.", async (_what, status, body) => {
    answer = { status, body };
    expect(await failure()).toMatchObject({ status, code: null });
  });

  test.each([
    ["7", 7_000, 7_000],
    ["-1", 0, 0],
    ["soon", 0, 0],
    [new Date(Date.now() + 60_000).toUTCString(), 30_000, 60_000],
  ])("reads Retry-After: %s.", async (header, atLeast, atMost) => {
    answer = { status: 429, headers: { "retry-after": header }, body: "{}" };
    const { retryAfterMs } = await failure();
    expect(retryAfterMs).toBeGreaterThanOrEqual(atLeast);
    expect(retryAfterMs).toBeLessThanOrEqual(atMost);
  });

  test("ends with the signal that the client gives.", async () => {
    await expect(fetchTicket({ url, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    expect(asked).toEqual([]);
  });
});
