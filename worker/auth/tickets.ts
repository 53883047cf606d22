import { errors, jwtVerify, SignJWT } from "jose";
import * as v from "valibot";
import { filterKey, type GroupFilter } from "../../core/board/visibility.ts";
import { CLOSE, type CloseReason } from "../../protocol/close-codes.ts";

/** A ticket opens one socket within this time. */
export const TICKET_SECONDS = 60;
/** A session without `refresh` lasts so long, and at most as long as its identity. */
export const SESSION_SECONDS = 60 * 60;
const ISSUER = "vigia";
/** A group filter stays with its socket through hibernation, in an attachment of at most 16,384 bytes, beside the watched contacts. */
const MAX_FILTER_BYTES = 12 * 1024;
/** The tag, the length and the padding of a string in V8's format are at most so long. */
const ATTACHMENT_BYTES_PER_GROUP = 4;

/** The groups that a subject may watch, and until when. */
export interface ViewerGrant {
  subject: string;
  groupFilter: GroupFilter;
  /** When the session ends, epoch milliseconds. */
  sessionEndsAt: number;
}

export interface Ticket extends ViewerGrant {
  id: string;
  /** After this the ticket opens nothing, epoch milliseconds. */
  expiresAt: number;
}

export type TicketCheck = { ok: true; ticket: Ticket } | { ok: false; reason: CloseReason };

const ticketCheckSchema = v.variant("ok", [
  v.object({
    ok: v.literal(true),
    ticket: v.object({
      id: v.string(),
      subject: v.string(),
      groupFilter: v.nullable(v.array(v.string())),
      sessionEndsAt: v.number(),
      expiresAt: v.number(),
    }),
  }),
  v.object({ ok: v.literal(false), reason: v.object({ code: v.number(), reason: v.string() }) }),
]);

/**
 * Reads the check of a ticket that another object made. It may run another version for some seconds of a deployment: an answer
 * that cannot be read grants nothing, and the viewer comes back.
 */
export function readTicketCheck(answer: unknown): TicketCheck {
  const parsed = v.safeParse(ticketCheckSchema, answer);
  if (!parsed.success) return { ok: false, reason: CLOSE.restarting };
  if (parsed.output.ok) return parsed.output;
  const { code } = parsed.output.reason;
  return { ok: false, reason: Object.values(CLOSE).find((known) => known.code === code) ?? CLOSE.restarting };
}

const claimsSchema = v.object({
  sub: v.string(),
  jti: v.string(),
  exp: v.number(),
  end: v.number(),
  groups: v.optional(v.array(v.string())),
});

/**
 * Whether a session can hold the group filter: as JSON in its ticket, and in its socket's attachment. There V8 takes two bytes for
 * each character of a name with a character above U+00FF.
 */
export function fitsSession(groupFilter: GroupFilter): boolean {
  const inAttachment = (groupFilter ?? []).map(
    (group) => group.length * (/[^\0-\xff]/.test(group) ? 2 : 1) + ATTACHMENT_BYTES_PER_GROUP,
  );
  const attachmentBytes = inAttachment.reduce((sum, bytes) => sum + bytes, 0);
  return attachmentBytes <= MAX_FILTER_BYTES && new TextEncoder().encode(filterKey(groupFilter)).length <= MAX_FILTER_BYTES;
}

type Bytes = Uint8Array<ArrayBuffer>;
type Keys = readonly Bytes[];

/** Imported keys, so that not every ticket imports them. Values, not promises: no request waits for another. */
const ready = new WeakMap<Bytes, CryptoKey>();

async function readyKey(bytes: Bytes): Promise<CryptoKey> {
  const known = ready.get(bytes);
  if (known !== undefined) return known;
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
  ready.set(bytes, key);
  return key;
}

/** Signs a ticket for one instance with the newest key. `now` is epoch milliseconds. */
export async function issueTicket(
  keys: Keys,
  instanceId: string,
  grant: ViewerGrant,
  id: string,
  now: number,
): Promise<{ ticket: string; expiresAt: number }> {
  const [key] = keys;
  if (key === undefined) throw new TypeError("There is no ticket key. Set TICKET_SECRET.");
  const expires = Math.floor(now / 1000) + TICKET_SECONDS;
  const groups = grant.groupFilter === null ? {} : { groups: JSON.parse(filterKey(grant.groupFilter)) };
  const ticket = await new SignJWT({ end: Math.floor(grant.sessionEndsAt / 1000), ...groups })
    .setProtectedHeader({ alg: "HS256", typ: "vigia-ticket" })
    .setIssuer(ISSUER)
    .setAudience(instanceId)
    .setSubject(grant.subject)
    .setJti(id)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(expires)
    .sign(await readyKey(key));
  return { ticket, expiresAt: expires * 1000 };
}

/** Verifies a ticket with any of the keys. A refusal holds the reason for closing the socket. */
export async function checkTicket(keys: Keys, instanceId: string, token: string, now: number): Promise<TicketCheck> {
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, await readyKey(key), {
        algorithms: ["HS256"],
        typ: "vigia-ticket",
        issuer: ISSUER,
        audience: instanceId,
        currentDate: new Date(now),
      });
      const { sub, jti, exp, end, groups } = v.parse(claimsSchema, payload);
      return {
        ok: true,
        ticket: { id: jti, subject: sub, groupFilter: groups ?? null, expiresAt: exp * 1000, sessionEndsAt: end * 1000 },
      };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { ok: false, reason: CLOSE.ticketExpired };
      if (!(error instanceof errors.JOSEError) && !(error instanceof v.ValiError)) throw error;
    }
  }
  return { ok: false, reason: CLOSE.badTicket };
}
