import type { Context } from "hono";
import { bearer } from "../auth/identity.ts";
import { checkTicket, type ViewerGrant } from "../auth/tickets.ts";
import { unauthorized } from "./answers.ts";
import type { AppEnv } from "./app-env.ts";
import { identityGrant } from "./grants.ts";

/** Who asks over HTTP, and the ticket with which, if it was one. The object has to use the ticket up. */
export interface BearerGrant extends ViewerGrant {
  readonly ticket: { id: string; expiresAt: number } | null;
}

/** Reads who asks by the bearer token: a fresh ticket of the instance, or an identity. Returns the refusal if it is neither. */
export async function bearerGrant(c: Context<AppEnv>, instanceId: string, now: number): Promise<BearerGrant | Response> {
  const token = bearer(c.req.raw.headers);
  if (token === null) return unauthorized();
  const checked = await checkTicket(c.get("settings").ticketSecrets, instanceId, token, now);
  if (checked.ok) return { ...checked.ticket, ticket: { id: checked.ticket.id, expiresAt: checked.ticket.expiresAt } };
  const grant = await identityGrant(c, instanceId, now);
  return grant instanceof Response ? grant : { ...grant, ticket: null };
}
