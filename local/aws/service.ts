import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/** The HTTP side that the AWS stand-ins share: a loopback server, AWS-style errors, and faults on demand. */

export interface ServiceRequest {
  method: string;
  /** Path and query as sent. */
  url: URL;
  headers: IncomingMessage["headers"];
  body: Uint8Array;
}

export interface ServiceAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

/** An error the service answers with: `code` is the exception's name as the SDK knows it. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Record<string, unknown>;

  constructor(status: number, code: string, message: string, fields: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** What is to go wrong with the next requests. */
export class ServiceFaults {
  #refusals: ServiceError[] = [];
  #cuts = 0;
  #stalled: Promise<void> | null = null;
  #release: (() => void) | null = null;
  #hurry = new AbortController();
  /** Answers come so much late. */
  answerDelayMs = 0;

  /** Refuses the next `times` requests with this error. */
  refuse(times: number, error: ServiceError): void {
    for (let count = 0; count < times; count += 1) this.#refusals.push(error);
  }

  /** Breaks the connection of the next `times` requests, unanswered and without effect. */
  cut(times: number): void {
    this.#cuts += times;
  }

  /** Nothing is answered until `release`. */
  stall(): void {
    if (this.#release !== null) return;
    this.#stalled = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release?.();
    this.#release = null;
    this.#stalled = null;
  }

  /** Nothing goes wrong any more; what is being held back is answered now. */
  clear(): void {
    this.#refusals = [];
    this.#cuts = 0;
    this.answerDelayMs = 0;
    this.#hurry.abort();
    this.#hurry = new AbortController();
    this.release();
  }

  /** Waits, throws or says "cut", as was ordered for this request. */
  async apply(): Promise<"serve" | "cut"> {
    const refusal = this.#refusals.shift();
    const cut = refusal === undefined && this.#cuts > 0;
    if (cut) this.#cuts -= 1;
    if (this.#stalled !== null) await this.#stalled;
    if (this.answerDelayMs > 0) await pause(this.answerDelayMs, undefined, { signal: this.#hurry.signal }).catch(() => {});
    if (refusal !== undefined) throw refusal;
    return cut ? "cut" : "serve";
  }
}

export interface LocalService {
  url: string;
  faults: ServiceFaults;
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** Throws a ServiceError to refuse. */
  serve: (request: ServiceRequest) => Promise<ServiceAnswer> | ServiceAnswer;
  /** How this service writes an error; JSON unless told otherwise. */
  writeError?: (error: ServiceError) => ServiceAnswer;
}

/** Requests have to be signed; whose signature it is, no stand-in can tell. */
export const SIGNATURE_SCHEME = "AWS4-HMAC-SHA256 ";

/** Binds 127.0.0.1 on a free port. `close()` breaks what is still open. */
export async function startService({ serve, writeError = jsonError }: ServiceOptions): Promise<LocalService> {
  const faults = new ServiceFaults();
  const server = createServer((request, response) => {
    answer(request, serve, faults)
      .catch((error: unknown) => {
        if (error instanceof ServiceError) return writeError(error);
        console.error("a stand-in failed:", error);
        return writeError(new ServiceError(500, "InternalFailure", "The stand-in failed; see its error output."));
      })
      .then((result) => write(response, result))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the stand-in got no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    faults,
    close: () =>
      new Promise((resolve) => {
        faults.clear();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  serve: ServiceOptions["serve"],
  faults: ServiceFaults,
): Promise<ServiceAnswer | null> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part);
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  if (!request.headers.authorization?.startsWith(SIGNATURE_SCHEME)) {
    throw new ServiceError(403, "MissingAuthenticationTokenException", "Request is missing Authentication Token");
  }
  if ((await faults.apply()) === "cut") return null;
  return serve({
    method: request.method ?? "GET",
    url,
    headers: request.headers,
    body: Buffer.concat(parts),
  });
}

function write(response: ServerResponse, result: ServiceAnswer | null): void {
  if (result === null) {
    response.destroy();
    return;
  }
  response.writeHead(result.status, { "x-amzn-requestid": randomUUID(), ...result.headers });
  response.end(result.body);
}

function jsonError(error: ServiceError): ServiceAnswer {
  return {
    status: error.status,
    headers: { "content-type": "application/json", "x-amzn-errortype": error.code },
    body: JSON.stringify({ __type: error.code, message: error.message, Message: error.message, ...error.fields }),
  };
}
