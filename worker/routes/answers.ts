import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ErrorAnswer } from "../../protocol/answers.ts";

/** Seconds a client should wait before it tries again after 429 or 503. */
const RETRY_AFTER_SECONDS = 1;

/** Makes a refusal in the form that all refusals of the hub have. */
export function refuse(status: ContentfulStatusCode, body: ErrorAnswer, headers: Record<string, string> = {}): Response {
  const retry: Record<string, string> = status === 429 || status === 503 ? { "Retry-After": String(RETRY_AFTER_SECONDS) } : {};
  return Response.json(body, { status, headers: { ...retry, ...headers } });
}

/** How a caller proves who it is: RFC 6750 for viewers. Signed posts and displays have no registered scheme, so theirs have our names. */
type Challenge = "Bearer" | "StandardWebhooks" | "Display";

/** The same answer for every reason, so that a stranger learns nothing by trying. RFC 9110 §11.6.1 asks for the challenge. */
export function unauthorized(challenge: Challenge = "Bearer"): Response {
  return refuse(401, { error: "unauthorized" }, { "WWW-Authenticate": `${challenge} realm="vigia"` });
}

/** Returns the instance id for a log line. A stranger may ask for any name, so a long one is cut. */
export function loggedInstance(instanceId: string): string {
  return instanceId.slice(0, LONGEST_LOGGED_ID);
}

/** The ids of Amazon Connect are UUIDs of 36 characters. */
const LONGEST_LOGGED_ID = 64;

export function wrongMethod(allowed: string): Response {
  return refuse(405, { error: "method_not_allowed", message: `Use ${allowed}.` }, { Allow: allowed });
}

/** The answer when the object restarts, is overloaded or out of reach. The request is safe to repeat. */
export function tryAgain(): Response {
  return refuse(503, { error: "unavailable", message: "The hub is busy or restarting. Try again after Retry-After." });
}
