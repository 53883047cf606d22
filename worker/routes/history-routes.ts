import { Hono } from "hono";
import * as v from "valibot";
import { centerStub } from "../centers.ts";
import type { HistoryQuestion } from "../replay/history-answers.ts";
import { refuse, unauthorized } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { bearerGrant } from "./bearer-grants.ts";

const moment = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const querySchema = v.union([v.strictObject({ at: moment }), v.strictObject({ from: moment, to: moment })]);

/** What the board was like, for viewers of today. */
export const historyRoutes = new Hono<AppEnv>().basePath(INSTANCE);

historyRoutes.get("/history", async (c) => {
  const { instanceId } = c.req.param();
  const query = v.safeParse(querySchema, c.req.query());
  if (!query.success) {
    const message = "Send either at, or from and to, in epoch milliseconds.";
    return refuse(400, { error: "invalid_query", message });
  }
  const grant = await bearerGrant(c, instanceId, Date.now());
  if (grant instanceof Response) return grant;
  const { subject, name = subject, groupFilter, ticket } = grant;
  const asker = { subject, name, filter: groupFilter === null ? null : [...groupFilter], ticket };
  const question: HistoryQuestion = query.output;
  const answer = await centerStub(c.env, instanceId).history(asker, question);
  if (!answer.ok) {
    if (answer.status === 401) return unauthorized();
    const { status, error, message, retryAfterSeconds } = answer;
    const retry: Record<string, string> = retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) };
    return refuse(status, { error, ...(message !== undefined && { message }) }, retry);
  }
  const type = typeof answer.body === "string" ? "application/json" : "application/x-ndjson; charset=utf-8";
  return new Response(answer.body, { headers: { "Content-Type": type, "Cache-Control": "no-store", Vary: "Authorization" } });
});
