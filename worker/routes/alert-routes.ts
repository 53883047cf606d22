import { Hono } from "hono";
import * as v from "valibot";
import { targetsOf } from "../alerts/delivery-settings.ts";
import { refuse } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { auditCsv } from "./audit-csv.ts";
import { answerFromCenter } from "./center-answers.ts";

/** Bytes: 200 rules with long lists of names have 100 kB. The audit has old and new rules in one row, and SQLite takes 2 MB in one. */
const MAX_RULES_BODY = 512 * 1024;
/** Entries of the audit in one answer, if the query does not say, and at most. */
const AUDIT_LIMIT = 1_000;
const MAX_AUDIT_LIMIT = 10_000;

const stateSchema = v.optional(v.picklist(["firing", "all"]), "firing");
const rulesBodySchema = v.pipe(
  v.string(),
  v.maxBytes(MAX_RULES_BODY),
  v.parseJson(),
  v.object({ rules: v.unknown(), version: v.optional(v.nullable(v.number()), null) }),
);
const wholeNumber = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const auditWord = v.optional(v.nullable(v.pipe(v.string(), v.nonEmpty(), v.maxLength(256))), null);
const auditQuerySchema = v.object({
  from: v.optional(wholeNumber, "0"),
  to: v.optional(wholeNumber, String(Number.MAX_SAFE_INTEGER).slice(0, 15)),
  limit: v.optional(v.pipe(wholeNumber, v.minValue(1), v.maxValue(MAX_AUDIT_LIMIT)), String(AUDIT_LIMIT)),
  who: auditWord,
  what: auditWord,
});

/** Alerts, rules and the audit of an instance, for viewers without a socket. */
export const alertRoutes = new Hono<AppEnv>().basePath(INSTANCE);

alertRoutes.get("/alerts", async (c) => {
  const state = v.safeParse(stateSchema, c.req.query("state"));
  if (!state.success) return refuse(400, { error: "invalid_state", path: "state", message: "Set state to firing or all." });
  return answerFromCenter(c, null, { what: "alerts", state: state.output, ifNoneMatch: c.req.header("If-None-Match") ?? null });
});

alertRoutes.get("/rules", (c) =>
  answerFromCenter(c, null, ({ roles }) => {
    const { delivery } = c.get("settings");
    // Names of targets say who works in the center, and only an admin chooses among them.
    const targets = roles.includes("admin") ? targetsOf(delivery, c.req.param("instanceId") ?? "").map(({ id }) => id) : [];
    return { what: "rules", roles: [...roles], targets };
  }),
);

alertRoutes.put("/rules", async (c) => {
  const body = v.safeParse(rulesBodySchema, await c.req.text());
  return body.success ? answerFromCenter(c, "admin", { what: "save-rules", ...body.output }) : malformedRules(body.issues[0]);
});

alertRoutes.post("/rules/preview", async (c) => {
  const body = v.safeParse(rulesBodySchema, await c.req.text());
  return body.success
    ? answerFromCenter(c, "admin", { what: "preview-rules", rules: body.output.rules })
    : malformedRules(body.issues[0]);
});

alertRoutes.get("/audit", async (c) => {
  const query = v.safeParse(auditQuerySchema, c.req.query());
  if (!query.success) {
    const message = `Send from and to in epoch milliseconds and limit from 1 to ${MAX_AUDIT_LIMIT}, who and what as entries have them, all optional.`;
    return refuse(400, { error: "invalid_query", message });
  }
  const { what: did, ...asked } = query.output;
  const response = await answerFromCenter(c, "admin", { ...asked, what: "audit", did });
  if (!response.ok || !(c.req.header("Accept") ?? "").includes("text/csv")) return response;
  return new Response(auditCsv(await response.json()), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="audit.csv"',
      "Cache-Control": "no-store",
    },
  });
});

function malformedRules(issue: v.BaseIssue<unknown>): Response {
  if (v.getDotPath(issue) === "version") {
    const message = "Send version as the number that GET …/rules answered, or leave it out.";
    return refuse(400, { error: "invalid_rules", path: "version", message });
  }
  const message = 'The body is no JSON object with rules. Send {"rules":[…]}, as GET …/rules answers, at most 512 KiB.';
  return refuse(400, { error: "invalid_rules", path: "rules", message });
}
