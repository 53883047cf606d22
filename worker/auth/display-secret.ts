import { base64url } from "jose";

/** Secret scanners find a lost link by this beginning. */
const PREFIX = "vgd_";
/** Nobody guesses 256 random bits, so a fast hash of them is enough. */
const SECRET_BYTES = 32;
const SECRET = /^vgd_[\w-]{43}$/;
const SCHEME = /^Display(?:\s+(.*))?$/i;
/** No issuer has such subjects, so a revocation of a person reaches no display, and one of a display no person. */
const SUBJECT_PREFIX = "vigia-display:";

/** Returns a new secret for a display link. */
export function makeDisplaySecret(): string {
  return PREFIX + base64url.encode(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

/** Whether the request signs in as a display, with a readable secret or without. Then no other way counts. */
export function usesDisplayScheme(headers: Headers): boolean {
  return SCHEME.test(headers.get("Authorization") ?? "");
}

/** Returns the secret of `Authorization: Display <secret>`; null = there is none that the hub could have made. */
export function displaySecret(headers: Headers): string | null {
  const secret = SCHEME.exec(headers.get("Authorization") ?? "")?.[1] ?? "";
  return SECRET.test(secret) ? secret : null;
}

/**
 * Returns what is stored of a secret: a SHA-256 in base64url. The hub and the instance are part of it, so a link opens no other
 * hub and no other instance.
 */
export async function hashDisplaySecret(secret: string, hubName: string, instanceId: string): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify([hubName, instanceId, secret]));
  return base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", text)));
}

/** The subject of a display's tickets and sockets. `id` is that of its link. */
export function displaySubject(id: string): string {
  return SUBJECT_PREFIX + id;
}

/** Returns the id of the link; null = the subject is no display. */
export function displayIdOf(subject: string): string | null {
  return subject.startsWith(SUBJECT_PREFIX) ? subject.slice(SUBJECT_PREFIX.length) : null;
}
