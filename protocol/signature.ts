/**
 * Standard Webhooks 1.0.0 signatures (https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md):
 * HMAC-SHA256 over `id.timestamp.body`, headers `webhook-id`, `webhook-timestamp` (Unix seconds), `webhook-signature`.
 */

/** A post's timestamp may be this far from now, both ways. The reference library uses the same limit. */
export const TOLERANCE_SECONDS = 300;
const SECRET_PREFIX = "whsec_";
/** The specification asks for 24 to 64 random bytes. */
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
/** A header with more signatures is no rotation but an attempt to keep the hub busy. */
const MAX_SIGNATURES = 16;

const encoder = new TextEncoder();

/** The HMAC keys of one sender, newest first. */
export type SigningKeys = readonly CryptoKey[];

export interface SignatureHeaders {
  "webhook-id": string;
  "webhook-timestamp": string;
  "webhook-signature": string;
}

export type Verification = { ok: true; id: string } | { ok: false; reason: SignatureProblem | "no_match" };

/** What is wrong with the headers alone. */
export type SignatureProblem = "missing_header" | "bad_timestamp" | "outside_tolerance";

/**
 * Imports a space-separated list of secrets (`whsec_` + base64 of 24-64 bytes), newest first.
 * @throws TypeError that names the position of the malformed secret and does not quote it.
 */
export async function importSecrets(secrets: string): Promise<SigningKeys> {
  const words = secrets.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) throw new TypeError("There is no signing secret. Expected whsec_ and base64.");
  return Promise.all(words.map((word, index) => importSecret(word, index + 1)));
}

async function importSecret(secret: string, position: number): Promise<CryptoKey> {
  const bytes = secret.startsWith(SECRET_PREFIX) ? decodeBase64(secret.slice(SECRET_PREFIX.length)) : null;
  if (bytes === null) throw new TypeError(`Signing secret ${position} is not whsec_ followed by base64.`);
  if (bytes.length < MIN_SECRET_BYTES || bytes.length > MAX_SECRET_BYTES) {
    throw new TypeError(
      `Signing secret ${position} has ${bytes.length} bytes; expected ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES}.`,
    );
  }
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

/** Signs `body` with every key, so that a receiver that knows any of them accepts it. `timestampSeconds` is that of the attempt. */
export async function sign(keys: SigningKeys, id: string, timestampSeconds: number, body: string): Promise<SignatureHeaders> {
  const content = encoder.encode(`${id}.${timestampSeconds}.${body}`);
  const signatures = await Promise.all(
    keys.map(async (key) => `v1,${encodeBase64(await crypto.subtle.sign("HMAC", key, content))}`),
  );
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestampSeconds),
    "webhook-signature": signatures.join(" "),
  };
}

type HeaderReader = (name: keyof SignatureHeaders) => string | null;

/** Returns why no body can have a valid signature with these headers; null = the body decides. */
export function signatureProblem(header: HeaderReader, nowSeconds: number): SignatureProblem | null {
  const timestamp = header("webhook-timestamp");
  if (!header("webhook-id") || !timestamp || !header("webhook-signature")) return "missing_header";
  if (!/^\d{1,12}$/.test(timestamp)) return "bad_timestamp";
  return Math.abs(nowSeconds - Number(timestamp)) > TOLERANCE_SECONDS ? "outside_tolerance" : null;
}

/**
 * Verifies the raw bytes of a body before anything reads them. One matching pair of key and signature is enough, so secrets
 * rotate without a refused post. WebCrypto compares in constant time.
 */
export async function verify(
  keys: SigningKeys,
  header: HeaderReader,
  body: Uint8Array,
  nowSeconds: number,
): Promise<Verification> {
  const problem = signatureProblem(header, nowSeconds);
  if (problem !== null) return { ok: false, reason: problem };
  const id = header("webhook-id") ?? "";
  const timestamp = header("webhook-timestamp") ?? "";
  const signatures = header("webhook-signature") ?? "";

  const prefix = encoder.encode(`${id}.${timestamp}.`);
  const content = new Uint8Array(prefix.length + body.length);
  content.set(prefix);
  content.set(body, prefix.length);
  for (const entry of signatures.split(" ").slice(0, MAX_SIGNATURES)) {
    const signature = entry.startsWith("v1,") ? decodeBase64(entry.slice(3)) : null;
    if (signature === null) continue;
    for (const key of keys) {
      if (await crypto.subtle.verify("HMAC", key, signature, content)) return { ok: true, id };
    }
  }
  return { ok: false, reason: "no_match" };
}

function encodeBase64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
    return bytes;
  } catch {
    return null;
  }
}
