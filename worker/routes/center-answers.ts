import type { Context } from "hono";
import type { ViewerRole } from "../auth/viewer-roles.ts";
import type { CenterQuestion } from "../center-questions.ts";
import { centerStub } from "../centers.ts";
import { refuse, unauthorized } from "./answers.ts";
import type { AppEnv } from "./app-env.ts";
import { type BearerGrant, bearerGrant } from "./bearer-grants.ts";

/** Puts a question to the contact center, if the caller has the role; null = every viewer may ask. */
export async function answerFromCenter(
  c: Context<AppEnv>,
  role: ViewerRole | null,
  question: CenterQuestion | ((grant: BearerGrant) => CenterQuestion),
): Promise<Response> {
  const { instanceId = "" } = c.req.param();
  const grant = await bearerGrant(c, instanceId, Date.now());
  if (grant instanceof Response) return grant;
  if (role !== null && !grant.roles.includes(role)) {
    return refuse(403, { error: "not_allowed", message: `This needs the role ${role}. Ask whoever manages your identities.` });
  }
  const { subject, name = subject, groupFilter, ticket } = grant;
  const filter = groupFilter === null ? null : [...groupFilter];
  const asking = typeof question === "function" ? question(grant) : question;
  const asked = await centerStub(c.env, instanceId).ask({ subject, name, filter, ticket }, asking);
  if (!asked.ok) {
    if (asked.status === 401) return unauthorized();
    const { status, retryAfterSeconds, error, message, path } = asked;
    const retry: Record<string, string> = retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) };
    return refuse(status, { error, ...(path !== undefined && { path }), ...(message !== undefined && { message }) }, retry);
  }
  const headers = {
    "Cache-Control": asked.etag === null ? "no-store" : "private, no-cache",
    Vary: "Authorization",
    ...(asked.etag !== null && { ETag: asked.etag }),
  };
  if (asked.body === null) return new Response(null, { status: 304, headers });
  return new Response(asked.body, { headers: { ...headers, "Content-Type": "application/json" } });
}
