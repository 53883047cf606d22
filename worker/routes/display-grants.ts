import type { Context } from "hono";
import * as v from "valibot";
import { countedAddress } from "../auth/client-address.ts";
import { displaySecret, hashDisplaySecret } from "../auth/display-secret.ts";
import { sessionEnd, type ViewerGrant } from "../auth/tickets.ts";
import { centerStub } from "../centers.ts";
import { log } from "../log.ts";
import { loggedInstance, refuse, unauthorized } from "./answers.ts";
import type { AppEnv } from "./app-env.ts";

const linkSchema = v.object({
  subject: v.string(),
  name: v.string(),
  groupFilter: v.nullable(v.array(v.string())),
  expiresAt: v.number(),
});

/**
 * Returns what the display link in the headers grants: to look, within its groups. The refusal of a wrong, removed or expired link
 * is one and the same, and so is that of an instance that does not exist.
 */
export async function displayGrant(c: Context<AppEnv>, instanceId: string, now: number): Promise<ViewerGrant | Response> {
  const secret = displaySecret(c.req.raw.headers);
  // An object exists for ever once somebody has asked for it.
  if (secret === null || !c.get("settings").ingestSecrets.has(instanceId)) return refused(instanceId);
  const secretHash = await hashDisplaySecret(secret, c.get("settings").hubName, instanceId);
  if (!(await mayTry(c)) || !(await c.env.TICKET_LIMIT.limit({ key: `${instanceId}\n${secretHash}` })).success) return tooMany();
  const asker = { subject: secretHash, name: "", filter: [], ticket: null };
  const asked = await centerStub(c.env, instanceId).ask(asker, { what: "open-display", secretHash });
  if (!asked.ok && asked.status === 429) return tooMany();
  if (!asked.ok || asked.body === null) return refused(instanceId);
  const { subject, name, groupFilter, expiresAt } = v.parse(linkSchema, JSON.parse(asked.body));
  return { subject, name, groupFilter, roles: [], sessionEndsAt: sessionEnd(expiresAt, now) };
}

/** Counts an address before the object is asked, because a stranger may try any number of secrets. */
async function mayTry(c: Context<AppEnv>): Promise<boolean> {
  const address = c.req.header("CF-Connecting-IP");
  return address === undefined || (await c.env.STRANGER_LIMIT.limit({ key: `display\n${countedAddress(address)}` })).success;
}

function refused(instanceId: string): Response {
  log("display_refused", { instanceId: loggedInstance(instanceId) });
  return unauthorized("Display");
}

function tooMany(): Response {
  return refuse(429, { error: "too_many_requests", message: "This display asks for too many tickets. Wait for Retry-After." });
}
