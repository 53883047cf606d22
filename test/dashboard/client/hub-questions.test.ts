import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { askHub } from "../../../dashboard/client/hub-questions.ts";

let server: Server;
let base: string;
let answer: { status: number; body: string };
const asked: { method: string | undefined; url: string | undefined; bearer: string | undefined; body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const { method, url, headers } = request;
    void text(request).then((body) => {
      asked.push({ method, url, bearer: headers.authorization, body });
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  base = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}/v1` : "";
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const ticket = async () => "ticket-1";

describe("A question over HTTP", () => {
  test("has a fresh ticket and its body, and returns the status and the JSON.", async () => {
    answer = { status: 400, body: '{"error":"invalid_rules"}' };
    const reply = await askHub(base, { method: "PUT", resource: "rules", body: { rules: [] } }, ticket);
    expect(reply).toEqual({ status: 400, body: { error: "invalid_rules" } });
    expect(asked.splice(0)).toEqual([{ method: "PUT", url: "/v1/rules", bearer: "Bearer ticket-1", body: '{"rules":[]}' }]);
  });

  test("has no body where there is none to send.", async () => {
    answer = { status: 200, body: "{}" };
    await askHub(base, { method: "GET", resource: "rules" }, ticket);
    expect(asked.splice(0)).toMatchObject([{ method: "GET", body: "" }]);
  });

  test("returns no body when the answer is no JSON, and status 0 without a ticket or an answer.", async () => {
    answer = { status: 502, body: "<html>" };
    expect(await askHub(base, { method: "GET", resource: "rules" }, ticket)).toEqual({ status: 502, body: null });
    const nothing = { status: 0, body: null };
    const refused = () => Promise.reject(new Error("Sign in."));
    expect(await askHub(base, { method: "GET", resource: "rules" }, refused)).toEqual(nothing);
    expect(await askHub("http://127.0.0.1:1", { method: "GET", resource: "rules" }, ticket)).toEqual(nothing);
  });

  test("ends when the page never gives a ticket.", async () => {
    const stop = new AbortController();
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(stop.signal);
    const reply = askHub(base, { method: "GET", resource: "rules" }, () => new Promise(() => {}));
    stop.abort();
    expect(await reply).toEqual({ status: 0, body: null });
    timeout.mockRestore();
  });
});
