import { type Context, Hono } from "hono";
import { CLOSE, type CloseReason } from "../../protocol/close-codes.ts";
import { COMPACT_SUBPROTOCOL, SUBPROTOCOL, TICKET_PREFIX } from "../../protocol/messages.ts";
import { type ConnectRequest, upgradeRequest, type ViewerProtocol } from "../auth/connect-request.ts";
import { usesDisplayScheme } from "../auth/display-secret.ts";
import { bearer } from "../auth/identity.ts";
import { checkTicket, fitsSession, issueTicket, MAX_TICKET_LENGTH } from "../auth/tickets.ts";
import { centerStub } from "../centers.ts";
import { log } from "../log.ts";
import type { PolledBoard } from "../polls.ts";
import { RELAY_HEADER, regionOf, relayStub, VIEWERS_HEADER } from "../relay-names.ts";
import { refuseSocket } from "../sockets.ts";
import { loggedInstance, refuse, unauthorized } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { type BearerGrant, bearerGrant } from "./bearer-grants.ts";
import { displayGrant } from "./display-grants.ts";
import { identityGrant, isLocal, localGrant } from "./grants.ts";
import { mayConnect } from "./origins.ts";

export const viewerRoutes = new Hono<AppEnv>().basePath(INSTANCE);

viewerRoutes.post("/tickets", async (c) => {
  const { instanceId } = c.req.param();
  const now = Date.now();
  const isDisplay = usesDisplayScheme(c.req.raw.headers);
  const readGrant = isDisplay ? displayGrant : isLocal(c) ? localGrant : identityGrant;
  const asked = await readGrant(c, instanceId, now);
  if (asked instanceof Response) return asked;
  if (!isDisplay && !isLocal(c)) {
    const { success } = await c.env.TICKET_LIMIT.limit({ key: `${instanceId}\n${asked.subject}` });
    if (!success)
      return refuse(429, {
        error: "too_many_requests",
        message: "This identity asks for too many tickets. Wait for Retry-After.",
      });
  }
  if (!fitsSession(asked.groupFilter)) return tooManyGroups(instanceId);
  const issued = await issueTicket(c.get("settings").ticketSecrets, instanceId, asked, crypto.randomUUID(), now);
  if (issued.ticket.length > MAX_TICKET_LENGTH) return tooManyGroups(instanceId);
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
  if (origin !== undefined && origin !== new URL(c.req.url).origin && !mayConnect(c, origin)) {
    log("origin_refused", { instanceId: loggedInstance(instanceId) });
    return refuse(403, { error: "foreign_origin", message: "This origin may not connect. Add it to ALLOWED_ORIGINS." });
  }
  const offered = (c.req.header("Sec-WebSocket-Protocol") ?? "").split(",").map((word) => word.trim());
  const legacy = offered.length === 1 && offered[0] === "";
  // A browser that reads compact rows offers both, so that an older hub may choose.
  const compact = offered.includes(COMPACT_SUBPROTOCOL);
  if (!legacy && !compact && !offered.includes(SUBPROTOCOL)) {
    return refuse(400, { error: "unknown_subprotocol", message: `The subprotocol is unknown. Offer ${SUBPROTOCOL}, or none.` });
  }
  const token = offered.find((word) => word.startsWith(TICKET_PREFIX))?.slice(TICKET_PREFIX.length) ?? c.req.query("ticket");
  if (token === undefined) return refuseTicket(instanceId, CLOSE.badTicket, { legacy, compact });
  const check = await checkTicket(c.get("settings").ticketSecrets, instanceId, token, Date.now());
  if (!check.ok) return refuseTicket(instanceId, check.reason, { legacy, compact });
  const { subject, name, groupFilter, roles, sessionEndsAt, id, expiresAt } = check.ticket;
  const connect: ConnectRequest = {
    subject,
    ...(name !== undefined && { name }),
    groupFilter: groupFilter === null ? null : [...groupFilter],
    roles: [...roles],
    sessionEndsAt,
    ticketId: id,
    ticketExpiresAt: expiresAt,
    legacy,
    compact,
    region: regionOf(c.req.raw.cf),
    position: position(c.req.query("epoch"), c.req.query("seq")),
  };
  const answer = await centerStub(c.env, instanceId).fetch(upgradeRequest(connect));
  const relay = answer.headers.get(RELAY_HEADER);
  if (relay === null) return answer;
  // A primary of an older version does not say how many viewers there are.
  const viewersElsewhere = Number(answer.headers.get(VIEWERS_HEADER) ?? 0);
  return relayStub(c.env, relay).fetch(upgradeRequest({ ...connect, viewersElsewhere }));
});

viewerRoutes.get("/agents", (c) =>
  answerPoll(c, c.req.param().instanceId, (center, { groupFilter, subject, ticket }, ifNoneMatch) =>
    center.poll(groupFilter, subject, ticket, ifNoneMatch),
  ),
);

viewerRoutes.get("/queues", (c) =>
  answerPoll(c, c.req.param().instanceId, (center, { groupFilter, subject, ticket }, ifNoneMatch) =>
    center.pollQueues(groupFilter, subject, ticket, ifNoneMatch),
  ),
);

viewerRoutes.get("/metrics", async (c) => {
  const { instanceId } = c.req.param();
  const { metricsToken, ingestSecrets } = c.get("settings");
  if (metricsToken === null) return refuse(404, { error: "not_found" });
  if (!sameText(bearer(c.req.raw.headers) ?? "", metricsToken) || !ingestSecrets.has(instanceId)) return unauthorized();
  const text = await centerStub(c.env, instanceId).metrics();
  return new Response(text, { headers: { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" } });
});

type Poll = (
  center: ReturnType<typeof centerStub>,
  grant: BearerGrant,
  ifNoneMatch: string | null,
) => Promise<PolledBoard | null>;

/** Answers a viewer without a socket with a list, or with 304 when it has that list. */
async function answerPoll(c: Context<AppEnv>, instanceId: string, poll: Poll): Promise<Response> {
  const grant = await bearerGrant(c, instanceId, Date.now());
  if (grant instanceof Response) return grant;
  const polled = await poll(centerStub(c.env, instanceId), grant, c.req.header("If-None-Match") ?? null);
  if (polled === null) return unauthorized();
  if (polled.retryAfterSeconds !== undefined) {
    const message = "This identity polls more than its share. Wait for Retry-After, and send If-None-Match.";
    return refuse(429, { error: "too_many_requests", message }, { "Retry-After": String(polled.retryAfterSeconds) });
  }
  const headers = { ETag: polled.etag, "Cache-Control": "private, no-cache", Vary: "Authorization" };
  if (polled.body === null) return new Response(null, { status: 304, headers });
  return new Response(polled.body, { headers: { ...headers, "Content-Type": "application/json" } });
}

/** A page learns no more than the close code. The operator finds the instance in the log. */
function refuseTicket(instanceId: string, reason: CloseReason, protocol: ViewerProtocol): Response {
  log("ticket_refused", { instanceId: loggedInstance(instanceId), reason: reason.reason });
  return refuseSocket(reason, protocol);
}

function tooManyGroups(instanceId: string): Response {
  log("identity_refused", { instanceId: loggedInstance(instanceId), reason: "too_many_groups" });
  return refuse(403, {
    error: "too_many_groups",
    message:
      "The identity names more groups, or longer ones, than a session can hold. Let the issuer send only the groups of this " +
      'application, or the group "*" for everybody.',
  });
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
