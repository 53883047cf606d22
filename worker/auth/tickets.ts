import { errors, jwtVerify, SignJWT } from "jose";
import * as v from "valibot";
import { filterKey, type GroupFilter } from "../../core/board/visibility.ts";
import { CLOSE, type CloseReason } from "../../protocol/close-codes.ts";
import { storedRolesSchema, type ViewerRole } from "./viewer-roles.ts";

/** A ticket opens one socket within this time. */
export const TICKET_SECONDS = 60;
/** A session without `refresh` lasts so long, and at most as long as its identity. */
const SESSION_SECONDS = 60 * 60;
/**
 * No session is shorter, even if its identity ends before: a ticket may be used at its last moment, and a session that is over
 * then would be bought again at once, over and over.
 */
const SHORTEST_SESSION_SECONDS = TICKET_SECONDS + 30;
const ISSUER = "vigia";
/**
 * A group filter stays with its socket through hibernation, in an attachment of at most 16,384 bytes. The rest is for the subject,
 * the watched contacts and the roles.
 */
const MAX_FILTER_BYTES = 12 * 1024;
/** A legacy viewer sends its ticket in the address, and Cloudflare refuses addresses above 16 KB (Workers limits, 2026). */
export const MAX_TICKET_LENGTH = 16_000;

/** The groups that a subject may watch, and until when. */
export interface ViewerGrant {
  subject: string;
  /** What other people read when the subject does something; undefined = the identity names nobody. */
  name?: string | undefined;
  /** The names under which Amazon Connect may know the subject. An older Worker wrote none. */
  usernames?: readonly string[];
  groupFilter: GroupFilter;
  roles: readonly ViewerRole[];
  /** When the session ends, epoch milliseconds. */
  sessionEndsAt: number;
}

export interface Ticket extends ViewerGrant {
  id: string;
  /** After this the ticket opens nothing, epoch milliseconds. */
  expiresAt: number;
}

export type TicketCheck = { ok: true; ticket: Ticket } | { ok: false; reason: CloseReason };

const usernamesSchema = v.optional(v.array(v.string()), []);

const ticketCheckSchema = v.variant("ok", [
  v.object({
    ok: v.literal(true),
    ticket: v.object({
      id: v.string(),
      subject: v.string(),
      name: v.optional(v.string()),
      usernames: usernamesSchema,
      groupFilter: v.nullable(v.array(v.string())),
      roles: storedRolesSchema,
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
  name: v.optional(v.string()),
  usernames: usernamesSchema,
  groups: v.optional(v.array(v.string())),
  roles: storedRolesSchema,
});

/**
 * Whether a session can hold the group filter. It counts as V8 stores it: a text with any character above U+00FF takes two bytes
 * for each of its characters, and so does a part that was cut out of such a text. So one such character counts for all groups.
 */
export function fitsSession(groupFilter: GroupFilter): boolean {
  const groups = [...new Set(groupFilter ?? [])];
  const bytesPerUnit = groups.every(isLatin1) ? 1 : 2;
  const stored = groups.reduce((sum, group) => sum + group.length * bytesPerUnit + ENTRY_BYTES, 0);
  return stored <= MAX_FILTER_BYTES;
}

/** The tag, the length and the alignment of one text in V8's format. */
const ENTRY_BYTES = 5;

function isLatin1(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0xff) return false;
  return true;
}

/** Returns when a session ends that is bought now with an identity that ends at `identityEndsAt`, all in epoch milliseconds. */
export function sessionEnd(identityEndsAt: number, now: number): number {
  return Math.max(now + SHORTEST_SESSION_SECONDS * 1000, Math.min(identityEndsAt, now + SESSION_SECONDS * 1000));
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
  const roles = grant.roles.length === 0 ? {} : { roles: grant.roles };
  const name = grant.name === undefined ? {} : { name: grant.name };
  // They serve the actions of supervisors alone.
  const usernames = grant.roles.length === 0 || !grant.usernames?.length ? {} : { usernames: grant.usernames };
  const ticket = await new SignJWT({ end: Math.floor(grant.sessionEndsAt / 1000), ...name, ...usernames, ...groups, ...roles })
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
      const { sub, jti, exp, end, name, usernames, groups, roles } = v.parse(claimsSchema, payload);
      return {
        ok: true,
        ticket: {
          id: jti,
          subject: sub,
          name,
          usernames,
          groupFilter: groups ?? null,
          roles,
          expiresAt: exp * 1000,
          sessionEndsAt: end * 1000,
        },
      };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { ok: false, reason: CLOSE.ticketExpired };
      if (!(error instanceof errors.JOSEError) && !(error instanceof v.ValiError)) throw error;
    }
  }
  return { ok: false, reason: CLOSE.badTicket };
}
