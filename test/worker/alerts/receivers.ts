import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { TestProject } from "vitest/node";
import type {} from "../../support/provided-context.ts";

/** How a receiver answers, by the last part of its address. `hang` and `never-ends` do not come to an end. */
const ANSWERS: Readonly<Record<string, (response: ServerResponse, url: string) => void>> = {
  ok: (response) => response.writeHead(200).end("ok"),
  accepted: (response) => response.writeHead(202).end(),
  invalid: (response, url) => response.writeHead(400).end(`invalid_payload at ${url} for +52 55 1234 5678`),
  missing: (response) => response.writeHead(404).end("no_service"),
  gone: (response) => response.writeHead(410).end("channel_is_archived"),
  limited: (response) => response.writeHead(429, { "Retry-After": "30" }).end("rate_limited"),
  broken: (response) => response.writeHead(500).end("<html><body>Internal error 0123456789abcdef</body></html>"),
  redirect: (response) => response.writeHead(302, { Location: "http://169.254.169.254/latest/meta-data/" }).end(),
  slow: (response) => setTimeout(() => response.writeHead(200).end(), 700),
  hang: () => {},
  "never-ends": (response) => response.writeHead(200).write("x".repeat(100_000)),
  drop: (response) => response.destroy(),
  "act-done": (response) => response.end(outcome(true, "done")),
  "act-slow": (response) => setTimeout(() => response.end(outcome(true, "done")), 400),
  "act-moved": (response) => response.end(outcome(false, "contact_moved_on")),
  "act-refused": (response) => response.end(outcome(false, "listen_refused")),
  "act-unknown": (response) => response.end(outcome(false, "unknown")),
  "act-recording": (response) =>
    response.end(
      JSON.stringify({
        ok: true,
        code: "done",
        message: "Done.",
        recording: { url: RECORDING_URL, expiresAt: 1_800_000_000_000 },
      }),
    ),
  "act-no-recording": (response) => response.end(outcome(false, "no_recording")),
  "act-forged": (response) => response.writeHead(401).end("{}"),
};

/** As long as a presigned address is. */
const RECORDING_URL = `https://s3.example/r.wav?X-Amz-Security-Token=${"t".repeat(3_000)}`;

/** What the function for actions answers. */
function outcome(ok: boolean, code: string): string {
  return JSON.stringify({ ok, code, message: "What the function said." });
}

interface Received {
  headers: NodeJS.Dict<string | string[]>;
  body: string;
  /** Requests to the same receiver that had no answer yet when this one came. */
  open: number;
}

/**
 * Serves receivers of alerts for the whole run. `POST /NAME/KIND` answers as KIND says and remembers the request, `GET /NAME`
 * returns what came for NAME, and `PUT /NAME/KIND` lets every further request of NAME be answered as KIND says.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const received = new Map<string, Received[]>();
  const overrides = new Map<string, string>();
  const open = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const [, name = "", kind = ""] = (request.url ?? "").split("?")[0]?.split("/") ?? [];
    if (request.method === "GET") {
      response.end(JSON.stringify(received.get(name) ?? []));
      return;
    }
    if (request.method === "PUT") {
      overrides.set(name, kind);
      response.end();
      return;
    }
    const body = await text(request);
    const list = received.get(name) ?? [];
    received.set(name, [...list, { headers: request.headers, body, open: open.get(name) ?? 0 }]);
    open.set(name, (open.get(name) ?? 0) + 1);
    response.on("close", () => open.set(name, (open.get(name) ?? 1) - 1));
    ANSWERS[overrides.get(name) ?? kind]?.(response, request.url ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The receivers do not listen on a TCP port.");
  project.provide("receivers", `http://127.0.0.1:${address.port}`);
  return async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
}
