import { type Context, Hono } from "hono";
import * as v from "valibot";
import { CLOSE } from "../../protocol/close-codes.ts";
import { SUBPROTOCOL, TICKET_PREFIX } from "../../protocol/messages.ts";
import { type ConnectRequest, upgradeRequest } from "../auth/connect-request.ts";
import { bearer, checkIdentity } from "../auth/identity.ts";
import { checkTicket, fitsSession, issueTicket, SESSION_SECONDS, type ViewerGrant } from "../auth/tickets.ts";
import { RELAY_HEADER, regionOf, relayStub, VIEWERS_HEADER } from "../relay-names.ts";
import { isLoopback } from "../settings.ts";
import { refuseSocket } from "../sockets.ts";
import { refuse, unauthorized } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";

const localIdentitySchema = v.object({
  subject: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)), "local"),
  groups: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(256))), v.maxLength(64))),
});
/** A local identity is short. */
const MAX_LOCAL_BODY = 16 * 1024;

export const viewerRoutes = new Hono<AppEnv>().basePath(INSTANCE);

viewerRoutes.post("/tickets", async (c) => {
  const { instanceId } = c.req.param();
  const now = Date.now();
  const asked = isLocal(c) ? await localGrant(c, instanceId, now) : await identityGrant(c, instanceId, now);
  if (asked instanceof Response) return asked;
  if (!isLocal(c)) {
    const { success } = await c.env.TICKET_LIMIT.limit({ key: `${instanceId}\n${asked.subject}` });
    if (!success)
      return refuse(429, {
        error: "too_many_requests",
        message: "This identity asks for too many tickets. Wait for Retry-After.",
      });
  }
  if (!fitsSession(asked.groupFilter)) {
    return refuse(403, {
      error: "too_many_groups",
      message: "The identity names more groups than a session can hold. Let the issuer send fewer groups.",
    });
  }
  const issued = await issueTicket(c.get("settings").ticketSecrets, instanceId, asked, crypto.randomUUID(), now);
  return c.json(issued, 200, { "Cache-Control": "no-store" });
});

viewerRoutes.get("/live", async (c) => {
  const { instanceId } = c.req.param();
  if (c.req.header("Upgrade")?.toLowerCase() !== "websocket") {
    return refuse(
      426,
      { error: "upgrade_required", message: "This address accepts only WebSocket. Send an upgrade request." },
      { Upgrade: "websocket" },
    );
  }
  const origin = c.req.header("Origin");
  if (origin !== undefined && origin !== new URL(c.req.url).origin && !c.get("settings").allowedOrigins.has(origin)) {
    return refuse(403, { error: "foreign_origin", message: "This origin may not connect. Add it to ALLOWED_ORIGINS." });
  }
  const offered = (c.req.header("Sec-WebSocket-Protocol") ?? "").split(",").map((word) => word.trim());
  const legacy = offered.length === 1 && offered[0] === "";
  if (!legacy && !offered.includes(SUBPROTOCOL)) {
    return refuse(400, { error: "unknown_subprotocol", message: `The subprotocol is unknown. Offer ${SUBPROTOCOL}, or none.` });
  }
  const token = offered.find((word) => word.startsWith(TICKET_PREFIX))?.slice(TICKET_PREFIX.length) ?? c.req.query("ticket");
  if (token === undefined) return refuseSocket(CLOSE.badTicket, legacy);
  const check = await checkTicket(c.get("settings").ticketSecrets, instanceId, token, Date.now());
  if (!check.ok) return refuseSocket(check.reason, legacy);
  const { subject, groupFilter, sessionEndsAt, id, expiresAt } = check.ticket;
  const connect: ConnectRequest = {
    subject,
    groupFilter: groupFilter === null ? null : [...groupFilter],
    sessionEndsAt,
    ticketId: id,
    ticketExpiresAt: expiresAt,
    legacy,
    region: regionOf(c.req.raw.cf),
    position: position(c.req.query("epoch"), c.req.query("seq")),
  };
  const answer = await c.env.CONTACT_CENTER.getByName(instanceId).fetch(upgradeRequest(connect));
  const relay = answer.headers.get(RELAY_HEADER);
  if (relay === null) return answer;
  // A primary of an older version does not say how many viewers there are.
  const viewersElsewhere = Number(answer.headers.get(VIEWERS_HEADER) ?? 0);
  return relayStub(c.env, relay).fetch(upgradeRequest({ ...connect, viewersElsewhere }));
});

viewerRoutes.get("/agents", async (c) => {
  const { instanceId } = c.req.param();
  const now = Date.now();
  const token = bearer(c.req.raw.headers);
  if (token === null) return unauthorized();
  const { ticketSecrets, identity, ingestSecrets } = c.get("settings");
  const ticket = await checkTicket(ticketSecrets, instanceId, token, now);
  let grant: ViewerGrant;
  if (ticket.ok) grant = ticket.ticket;
  else {
    const checked = await checkIdentity(identity, token, instanceId, now);
    if (!checked.ok) return refuse(checked.status, { error: checked.error });
    // An object exists for ever once somebody has asked for it.
    if (!ingestSecrets.has(instanceId)) return refuse(403, { error: "not_allowed" });
    grant = { subject: checked.identity.subject, groupFilter: checked.identity.groupFilter, sessionEndsAt: now };
  }
  const used = ticket.ok ? { id: ticket.ticket.id, expiresAt: ticket.ticket.expiresAt } : null;
  const polled = await c.env.CONTACT_CENTER.getByName(instanceId).poll(
    grant.groupFilter,
    grant.subject,
    used,
    c.req.header("If-None-Match") ?? null,
  );
  if (polled === null) return unauthorized();
  if (polled.retryAfterSeconds !== undefined) {
    const message = "This identity polls more than its share. Wait for Retry-After, and send If-None-Match.";
    return refuse(429, { error: "too_many_requests", message }, { "Retry-After": String(polled.retryAfterSeconds) });
  }
  const headers = { ETag: polled.etag, "Cache-Control": "private, no-cache", Vary: "Authorization" };
  if (polled.body === null) return new Response(null, { status: 304, headers });
  return new Response(polled.body, { headers: { ...headers, "Content-Type": "application/json" } });
});

viewerRoutes.get("/metrics", async (c) => {
  const { instanceId } = c.req.param();
  const { metricsToken, ingestSecrets } = c.get("settings");
  if (metricsToken === null) return refuse(404, { error: "not_found" });
  if (!sameText(bearer(c.req.raw.headers) ?? "", metricsToken) || !ingestSecrets.has(instanceId)) return unauthorized();
  const text = await c.env.CONTACT_CENTER.getByName(instanceId).metrics();
  return new Response(text, { headers: { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" } });
});

/** Whether `AUTH_MODE=local` counts: only on a loopback host name, which no other machine can reach. */
function isLocal(c: Context<AppEnv>): boolean {
  return c.get("settings").localMode && isLoopback(new URL(c.req.url).hostname);
}

async function localGrant(c: Context<AppEnv>, instanceId: string, now: number): Promise<ViewerGrant | Response> {
  if (!c.get("settings").ingestSecrets.has(instanceId)) return refuse(403, { error: "not_allowed" });
  const text = await c.req.text();
  const body = v.safeParse(v.pipe(v.string(), v.maxLength(MAX_LOCAL_BODY), v.parseJson(), localIdentitySchema), text || "{}");
  if (!body.success) {
    return refuse(400, {
      error: "invalid_identity",
      message: 'The identity is malformed. Send {"subject":"…","groups":["…"]}, both optional.',
    });
  }
  const { subject, groups } = body.output;
  return { subject, groupFilter: groups ?? null, sessionEndsAt: now + SESSION_SECONDS * 1000 };
}

async function identityGrant(c: Context<AppEnv>, instanceId: string, now: number): Promise<ViewerGrant | Response> {
  const { identity, ingestSecrets } = c.get("settings");
  const checked = await checkIdentity(identity, bearer(c.req.raw.headers), instanceId, now);
  if (!checked.ok) return refuse(checked.status, { error: checked.error });
  if (!ingestSecrets.has(instanceId)) return refuse(403, { error: "not_allowed" });
  const { subject, groupFilter, expiresAt } = checked.identity;
  return { subject, groupFilter, sessionEndsAt: Math.min(expiresAt, now + SESSION_SECONDS * 1000) };
}

/** Reads the viewer's position. An unreadable one counts as none, so the viewer gets the whole list. */
function position(epoch: string | undefined, seq: string | undefined): ConnectRequest["position"] {
  if (!epoch || seq === undefined || !/^\d{1,15}$/.test(seq)) return null;
  return { epoch, seq: Number(seq) };
}

/** Constant-time comparison: the duration does not reveal how many characters match. */
function sameText(a: string, b: string): boolean {
  const [x, y] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  // timingSafeEqual throws on unequal lengths.
  return x.length === y.length && crypto.subtle.timingSafeEqual(x, y);
}
