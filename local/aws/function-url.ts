import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import * as v from "valibot";
import type { LocalLambda } from "./lambda.ts";
import { ServiceError } from "./service.ts";

/** The address of a function, open to everybody (AuthType NONE). */
export interface LocalFunctionUrl {
  url: string;
  close(): Promise<void>;
}

/** What a function may return: the whole answer. Anything else is its body, with status 200. */
const answerSchema = v.object({
  statusCode: v.number(),
  headers: v.optional(v.record(v.string(), v.string()), {}),
  body: v.optional(v.string(), ""),
});

/**
 * Lambda's function URL on loopback ("Invoking Lambda function URLs", payload format 2.0, read 2026-11-26): a request becomes an event
 * with lower-case headers. The caller gets 502 when the function fails or takes too long, and 429 when no place is free.
 * @param port of 127.0.0.1; 0 takes any free one
 */
export async function startFunctionUrl(
  lambda: Pick<LocalLambda, "invoke">,
  functionName: string,
  port = 0,
): Promise<LocalFunctionUrl> {
  const server = createServer((request, response) => {
    invoke(lambda, functionName, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The function URL has no port.");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function invoke(
  lambda: Pick<LocalLambda, "invoke">,
  functionName: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(",")]));
  const event = {
    version: "2.0",
    routeKey: "$default",
    rawPath: (request.url ?? "/").split("?")[0],
    rawQueryString: (request.url ?? "").split("?")[1] ?? "",
    headers,
    requestContext: {
      http: { method: request.method, path: request.url, protocol: "HTTP/1.1", sourceIp: "127.0.0.1" },
      requestId: randomUUID(),
      timeEpoch: Date.now(),
    },
    ...textOf(body, headers["content-type"] ?? ""),
  };
  try {
    const outcome = await lambda.invoke(functionName, event);
    if (outcome.status !== "returned") {
      write(response, 502, "Internal Server Error");
      return;
    }
    const answer = v.safeParse(answerSchema, JSON.parse(outcome.payload));
    if (!answer.success) write(response, 200, outcome.payload);
    else response.writeHead(answer.output.statusCode, answer.output.headers).end(answer.output.body);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    write(response, error.status === 429 ? 429 : 403, error.status === 429 ? "Rate Exceeded." : "Forbidden");
  }
}

/** Lambda passes text on as it is, and everything else in base64. */
function textOf(body: Buffer, contentType: string): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = /^(text\/|application\/(json|xml|javascript))/.test(contentType);
  return { body: body.toString(isText ? "utf8" : "base64"), isBase64Encoded: !isText };
}

function write(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ Message: message }));
}
