import type { Context } from "hono";
import * as v from "valibot";
import { groupFilterOf } from "../auth/authority.ts";
import { bearer, checkIdentity, type Identity, type IdentityRefusal } from "../auth/identity.ts";
import { strangerReason } from "../auth/loopback.ts";
import { sessionEnd, type ViewerGrant } from "../auth/tickets.ts";
import { OWN_NAMES, rolesOf, VIEWER_ROLES } from "../auth/viewer-roles.ts";
import { log } from "../log.ts";
import { loggedInstance, refuse, unauthorized } from "./answers.ts";
import type { AppEnv } from "./app-env.ts";

/** Ids and names have at most so many characters (docs/protocol.md). */
const MAX_NAME_LENGTH = 256;
const MAX_LOCAL_GROUPS = 64;
const localIdentitySchema = v.object({
  subject: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_NAME_LENGTH)), "local"),
  groups: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH))), v.maxLength(MAX_LOCAL_GROUPS))),
  roles: v.optional(v.pipe(v.array(v.picklist(VIEWER_ROLES)), v.maxLength(64)), [...VIEWER_ROLES]),
});
/** A list has none of the fields, so it would play somebody who may do everything. */
const objectSchema = v.custom<object>((json) => typeof json === "object" && json !== null && !Array.isArray(json));
/** A local identity is short. */
const MAX_LOCAL_BODY = 16 * 1024;

/** Whether `AUTH_MODE=local` counts for this request: only one of this machine, through no proxy. */
export function isLocal(c: Context<AppEnv>): boolean {
  return c.get("settings").localMode && strangerReason(c.req.raw) === null;
}

/** Returns what the local identity in the body grants, or the refusal. */
export async function localGrant(c: Context<AppEnv>, instanceId: string, now: number): Promise<ViewerGrant | Response> {
  if (!c.get("settings").ingestSecrets.has(instanceId)) return refuse(403, { error: "not_allowed" });
  const text = await c.req.text();
  const body = v.safeParse(
    v.pipe(v.string(), v.maxLength(MAX_LOCAL_BODY), v.parseJson(), objectSchema, localIdentitySchema),
    text || "{}",
  );
  if (!body.success) {
    return refuse(400, {
      error: "invalid_identity",
      message:
        'The identity is malformed. Send {"subject":"…","groups":["…"],"roles":["supervisor"]}, all optional: at most ' +
        `${MAX_LOCAL_GROUPS} groups, ${MAX_NAME_LENGTH} characters each. Roles are ${VIEWER_ROLES.join(" and ")}.`,
    });
  }
  const { subject, groups, roles } = body.output;
  const groupFilter = groups === undefined ? null : groupFilterOf(groups);
  const sessionEndsAt = sessionEnd(Number.POSITIVE_INFINITY, now);
  return { subject, usernames: [subject], groupFilter, roles: rolesOf(roles, OWN_NAMES), sessionEndsAt };
}

/** Returns what the identity in the headers grants, or the refusal. */
export async function identityGrant(c: Context<AppEnv>, instanceId: string, now: number): Promise<ViewerGrant | Response> {
  const identity = await readIdentity(c, instanceId, now);
  if (identity instanceof Response) return identity;
  const { subject, name, usernames, groupFilter, roles, expiresAt } = identity;
  return { subject, name, usernames, groupFilter, roles, sessionEndsAt: sessionEnd(expiresAt, now) };
}

/** Verifies the identity in the headers. The log has the reason of a refusal, and the answer tells it to nobody but its owner. */
async function readIdentity(c: Context<AppEnv>, instanceId: string, now: number): Promise<Identity | Response> {
  const { identity: settings, ingestSecrets, localMode } = c.get("settings");
  const checked = await checkIdentity(settings, bearer(c.req.raw.headers), instanceId, now);
  if (!checked.ok) {
    // In local mode the operator looks for why the request was not taken for one of this machine.
    const local = localMode ? { local: strangerReason(c.req.raw) ?? "" } : {};
    log("identity_refused", { instanceId: loggedInstance(instanceId), reason: checked.reason, ...local });
    return answerTo(checked);
  }
  // An object exists for ever once somebody has asked for it.
  if (ingestSecrets.has(instanceId)) return checked.identity;
  log("identity_refused", { instanceId: loggedInstance(instanceId), reason: "unknown_instance" });
  return refuse(403, { error: "not_allowed" });
}

function answerTo(refusal: IdentityRefusal): Response {
  if (refusal.status === 401) return unauthorized();
  const message = refusal.status === 403 && refusal.message !== undefined ? { message: refusal.message } : {};
  return refuse(refusal.status, { error: refusal.error, ...message });
}
