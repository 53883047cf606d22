import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ErrorAnswer } from "../../protocol/answers.ts";

/** Seconds a client should wait before it tries again after 429 or 503. */
const RETRY_AFTER_SECONDS = 1;

/** Makes a refusal in the form that all refusals of the hub have. */
export function refuse(status: ContentfulStatusCode, body: ErrorAnswer, headers: Record<string, string> = {}): Response {
  const retry: Record<string, string> = status === 429 || status === 503 ? { "Retry-After": String(RETRY_AFTER_SECONDS) } : {};
  return Response.json(body, { status, headers: { ...retry, ...headers } });
}

/** The same body for every reason, so that a stranger learns nothing by trying. */
export function unauthorized(): Response {
  return refuse(401, { error: "unauthorized" });
}

export function wrongMethod(allowed: string): Response {
  return refuse(405, { error: "method_not_allowed", message: `Use ${allowed}.` }, { Allow: allowed });
}

/** The answer when the object restarts, is overloaded or out of reach. The request is safe to repeat. */
export function tryAgain(): Response {
  return refuse(503, { error: "unavailable", message: "The hub is busy or restarting. Try again after Retry-After." });
}
