import { Hono } from "hono";
import * as v from "valibot";
import { parseActionRequest } from "../../core/actions/action-request.ts";
import { centerStub } from "../centers.ts";
import { refuse, unauthorized } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { bearerGrant } from "./bearer-grants.ts";

/** Longer bodies are no action. */
const MAX_BODY = 4_096;
const bodySchema = v.pipe(v.string(), v.maxLength(MAX_BODY), v.parseJson());

/** What a supervisor does from the board. The object decides, because only it knows the agents. */
export const actionRoutes = new Hono<AppEnv>().basePath(INSTANCE);

actionRoutes.post("/actions", async (c) => {
  const { instanceId } = c.req.param();
  const grant = await bearerGrant(c, instanceId, Date.now());
  if (grant instanceof Response) return grant;
  const body = v.safeParse(bodySchema, await c.req.text());
  const parsed = body.success ? parseActionRequest(body.output) : NO_OBJECT;
  if (!parsed.ok) return refuse(400, { error: "invalid_action", path: parsed.path, message: parsed.message });
  const { subject, name = subject, groupFilter, roles, usernames = [], ticket } = grant;
  const filter = groupFilter === null ? null : [...groupFilter];
  const asker = { subject, name, filter, roles: [...roles], usernames: [...usernames], ticket };
  const { request } = parsed;
  const done = await centerStub(c.env, instanceId).act({ asker, request });
  if (done.type === "unauthorized") return unauthorized();
  if (done.type === "too_many_requests") {
    const message = "This identity does too many actions. Wait for Retry-After, then send this one again.";
    return refuse(429, { error: "too_many_requests", message }, { "Retry-After": String(done.retryAfterSeconds) });
  }
  const { status, ok, code, message } = done.result;
  const answer = { id: request.id, ok, code, message };
  // `error` is what every refusal of the hub has.
  return Response.json(status === 200 ? answer : { error: code, ...answer }, {
    status,
    headers: { "Cache-Control": "no-store" },
  });
});

const NO_OBJECT = {
  ok: false,
  path: "",
  message: 'The body is no JSON object. Send {"id","action","agentId"} and what the action needs.',
} as const;
