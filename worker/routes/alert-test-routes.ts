import { type Context, Hono } from "hono";
import * as v from "valibot";
import type { AskedAlertTest } from "../alerts/test-request.ts";
import { alertTestSchema } from "../alerts/test-request.ts";
import { centerStub } from "../centers.ts";
import { refuse, unauthorized } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { bearerGrant } from "./bearer-grants.ts";
import { readSigned } from "./signed-posts.ts";

/** Longer bodies are no test. */
const MAX_BODY = 4_096;

/** Sends a test message to a target, for an admin of the board or for an operator with the signing secret. */
export const alertTestRoutes = new Hono<AppEnv>().basePath(INSTANCE);

alertTestRoutes.post("/alerts/test", async (c) => {
  const { instanceId } = c.req.param();
  const asked =
    c.req.header("webhook-signature") === undefined ? await askedByAdmin(c, instanceId) : await askedByPost(c, instanceId);
  if (asked instanceof Response) return asked;
  const body = v.safeParse(v.pipe(v.string(), v.maxLength(MAX_BODY), v.parseJson(), alertTestSchema), asked.text);
  if (!body.success) {
    return refuse(400, { error: "invalid_request", path: "target", message: 'The body names no target. Send {"target":"…"}.' });
  }
  const tested = await centerStub(c.env, instanceId).testAlert({ target: body.output.target, by: asked.by });
  switch (tested.type) {
    case "tested":
      return c.json(tested.answer, 200, { "Cache-Control": "no-store" });
    case "unauthorized":
      return unauthorized();
    case "duplicate":
      return refuse(409, { error: "duplicate", message: "This webhook-id was used before. Send a new one." });
    case "too_many_requests":
      return refuse(
        429,
        {
          error: "too_many_requests",
          message: "This target got a test message just now. Wait for Retry-After.",
        },
        { "Retry-After": String(tested.retryAfterSeconds) },
      );
    case "unknown_target":
      return refuse(404, {
        error: "unknown_target",
        path: "target",
        message: unknownTarget(c, tested.targets),
        targets: tested.targets,
      });
  }
});

interface Asked {
  readonly text: string;
  readonly by: AskedAlertTest["by"];
}

async function askedByAdmin(c: Context<AppEnv>, instanceId: string): Promise<Asked | Response> {
  const grant = await bearerGrant(c, instanceId, Date.now());
  if (grant instanceof Response) return grant;
  if (!grant.roles.includes("admin")) {
    return refuse(403, {
      error: "not_allowed",
      message: "Only an admin may send test messages. Ask whoever manages your identities for the role (AUTH_ROLES_CLAIM).",
    });
  }
  const { subject, name = subject, ticket } = grant;
  return { text: await c.req.text(), by: { kind: "admin", subject, name, ticket } };
}

async function askedByPost(c: Context<AppEnv>, instanceId: string): Promise<Asked | Response> {
  const signed = await readSigned(c, instanceId, Date.now());
  return signed.ok ? { text: signed.text, by: { kind: "post", webhookId: signed.webhookId } } : signed.answer;
}

function unknownTarget(c: Context<AppEnv>, targets: readonly string[]): string {
  const { problem } = c.get("settings").delivery;
  if (problem !== null) return `There are no targets, because ${problem}`;
  if (targets.length === 0) return "There are no targets. Set ALERT_TARGETS with npm run secret -- alert-targets.";
  return `There is no such target. Use one of: ${targets.join(", ")}.`;
}
