import { type Context, Hono } from "hono";
import * as v from "valibot";
import { targetsOf } from "../alerts/delivery-settings.ts";
import type { ViewerRole } from "../auth/viewer-roles.ts";
import type { CenterQuestion } from "../center-questions.ts";
import { centerStub } from "../centers.ts";
import { refuse, unauthorized } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { auditCsv } from "./audit-csv.ts";
import { type BearerGrant, bearerGrant } from "./bearer-grants.ts";

/** 200 rules with long lists of names have 100 kB. */
const MAX_RULES_BODY = 512 * 1024;
/** Entries of the audit in one answer, if the query does not say, and at most. */
const AUDIT_LIMIT = 1_000;
const MAX_AUDIT_LIMIT = 10_000;

const stateSchema = v.optional(v.picklist(["firing", "all"]), "firing");
const rulesBodySchema = v.pipe(
  v.string(),
  v.maxLength(MAX_RULES_BODY),
  v.parseJson(),
  v.object({ rules: v.unknown(), version: v.optional(v.nullable(v.number()), null) }),
);
const wholeNumber = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const auditQuerySchema = v.object({
  from: v.optional(wholeNumber, "0"),
  to: v.optional(wholeNumber, String(Number.MAX_SAFE_INTEGER).slice(0, 15)),
  limit: v.optional(v.pipe(wholeNumber, v.minValue(1), v.maxValue(MAX_AUDIT_LIMIT)), String(AUDIT_LIMIT)),
});

/** Alerts, rules and the audit of an instance, for viewers without a socket. */
export const alertRoutes = new Hono<AppEnv>().basePath(INSTANCE);

alertRoutes.get("/alerts", async (c) => {
  const state = v.safeParse(stateSchema, c.req.query("state"));
  if (!state.success) return refuse(400, { error: "invalid_state", path: "state", message: "Set state to firing or all." });
  return answer(c, null, { what: "alerts", state: state.output, ifNoneMatch: c.req.header("If-None-Match") ?? null });
});

alertRoutes.get("/rules", (c) =>
  answer(c, null, ({ roles }) => {
    const { delivery } = c.get("settings");
    // Names of targets say who works in the center, and only an admin chooses among them.
    const targets = roles.includes("admin") ? targetsOf(delivery, c.req.param("instanceId") ?? "").map(({ id }) => id) : [];
    return { what: "rules", roles: [...roles], targets };
  }),
);

alertRoutes.put("/rules", async (c) => {
  const body = v.safeParse(rulesBodySchema, await c.req.text());
  return body.success ? answer(c, "admin", { what: "save-rules", ...body.output }) : malformedRules();
});

alertRoutes.post("/rules/preview", async (c) => {
  const body = v.safeParse(rulesBodySchema, await c.req.text());
  return body.success ? answer(c, "admin", { what: "preview-rules", rules: body.output.rules }) : malformedRules();
});

alertRoutes.get("/audit", async (c) => {
  const query = v.safeParse(auditQuerySchema, c.req.query());
  if (!query.success) {
    const message = `Send from and to in epoch milliseconds and limit from 1 to ${MAX_AUDIT_LIMIT}, all optional.`;
    return refuse(400, { error: "invalid_query", message });
  }
  const response = await answer(c, "admin", { what: "audit", ...query.output });
  if (!response.ok || !(c.req.header("Accept") ?? "").includes("text/csv")) return response;
  return new Response(auditCsv(await response.json()), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="audit.csv"',
      "Cache-Control": "no-store",
    },
  });
});

function malformedRules(): Response {
  const message = 'The body is no JSON object with rules. Send {"rules":[…]}, as GET …/rules answers, at most 512 KiB.';
  return refuse(400, { error: "invalid_rules", path: "rules", message });
}

/** Asks the object, if the caller has the role; null = every viewer may ask. */
async function answer(
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
