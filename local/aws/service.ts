import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { presignedState } from "./presigned-address.ts";

export interface ServiceRequest {
  method: string;
  /** Has the path and the query of the request. */
  url: URL;
  headers: IncomingMessage["headers"];
  body: Uint8Array;
}

export interface ServiceAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** The request is served, and the connection breaks before its answer. */
  lost?: boolean;
}

/** An error answer of the service. `code` is the name of the exception in the SDK. */
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

/** Faults to order for the next requests. */
export class ServiceFaults {
  #refusals: ServiceError[] = [];
  #cuts = 0;
  #stalled: Promise<void> | null = null;
  #release: (() => void) | null = null;
  #hurry = new AbortController();
  /** Delays the answers from now on. */
  answerDelayMs = 0;

  /** Refuses the next `times` requests with this error. */
  refuse(times: number, error: ServiceError): void {
    for (let count = 0; count < times; count += 1) this.#refusals.push(error);
  }

  /** Breaks the connection of the next `times` requests. The service does not handle them. */
  cut(times: number): void {
    this.#cuts += times;
  }

  /** Holds all requests back until `release`. */
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

  /** Cancels all faults and answers the requests that are held back. */
  clear(): void {
    this.#refusals = [];
    this.#cuts = 0;
    this.answerDelayMs = 0;
    this.#hurry.abort();
    this.#hurry = new AbortController();
    this.release();
  }

  /** Applies the ordered fault to one request. @throws ServiceError when a refusal was ordered */
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
  /** Answers a request. Throws a ServiceError to refuse it. */
  serve: (request: ServiceRequest) => Promise<ServiceAnswer> | ServiceAnswer;
  /** Writes an error answer. Without it, errors are JSON. */
  writeError?: (error: ServiceError) => ServiceAnswer;
  /** Whether the signature may be in the address of a GET, as S3 allows. */
  takesPresigned?: boolean;
}

/** Every request needs a signature of this scheme. A stand-in cannot check the signature, because it has no keys. */
export const SIGNATURE_SCHEME = "AWS4-HMAC-SHA256 ";

/** Starts the HTTP server of a stand-in on a free port of 127.0.0.1. `close()` breaks open connections. */
export async function startService({
  serve,
  writeError = jsonError,
  takesPresigned = false,
}: ServiceOptions): Promise<LocalService> {
  const faults = new ServiceFaults();
  const server = createServer((request, response) => {
    answer(request, serve, faults, takesPresigned)
      .catch((error: unknown) => {
        if (error instanceof ServiceError) return writeError(error);
        console.error("A stand-in failed:", error);
        return writeError(new ServiceError(500, "InternalFailure", "The stand-in failed. Its error output has the reason."));
      })
      .then((result) => write(response, result))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The stand-in has no port.");
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
  takesPresigned: boolean,
): Promise<ServiceAnswer | null> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part);
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const presigned = takesPresigned && request.method === "GET" ? presignedState(url, Date.now()) : "none";
  if (presigned === "expired") throw new ServiceError(403, "AccessDenied", "Request has expired");
  if (presigned === "none" && !request.headers.authorization?.startsWith(SIGNATURE_SCHEME)) {
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
  if (result === null || result.lost === true) {
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
