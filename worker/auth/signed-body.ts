import { importSecrets, type SigningKeys, signatureProblem, verify } from "../../protocol/signature.ts";
import { MAX_BODY_BYTES } from "../../protocol/updates.ts";
import { log } from "../log.ts";
import { loggedInstance, refuse, unauthorized } from "../routes/answers.ts";

export type SignedBody = { ok: true; webhookId: string; text: string } | { ok: false; answer: Response };

/** Imported keys, kept by the isolate, because an import costs as much as a verification. Values, not promises: no request waits for another. */
const imported = new Map<string, SigningKeys>();

/** A `webhook-id` is an identifier, not a document. */
const MAX_WEBHOOK_ID_LENGTH = 256;
/** The body of a sender in the same continent arrives within this time. Nobody waits longer for an instance that is unknown. */
const DISCARD_MS = 250;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/**
 * Reads and verifies a signed post, the cheapest check first: what the headers alone decide is answered before the body is read.
 * No post reaches an object before its signature holds. `secrets` is undefined for an unknown instance. The answer is the same as
 * to a wrong signature.
 */
export async function readSignedBody(
  request: Request,
  instanceId: string,
  secrets: string | undefined,
  nowMs: number,
): Promise<SignedBody> {
  const signed = await check(request, instanceId, secrets, nowMs);
  // The runtime sends no answer while a body waits to be read. The peer may be gone, so nobody waits for the end of this.
  if (!signed.ok && !request.bodyUsed) void request.body?.cancel().catch(() => {});
  return signed;
}

async function check(request: Request, instanceId: string, secrets: string | undefined, nowMs: number): Promise<SignedBody> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get("Content-Type") ?? "")) {
    return {
      ok: false,
      answer: refuse(415, { error: "unsupported_media_type", message: "The content type is not JSON. Send application/json." }),
    };
  }
  if (Number(request.headers.get("Content-Length") ?? 0) > MAX_BODY_BYTES) return tooLarge();
  const header = (name: string) => request.headers.get(name);
  const nowSeconds = Math.floor(nowMs / 1000);
  const problem = headerProblem(header, nowSeconds);
  if (secrets === undefined) {
    // With plausible headers a known instance would answer after the body. Otherwise the time would tell which instances exist.
    if (problem === null && (await discardBody(request)) === "too large") return tooLarge();
    return refused(instanceId, "unknown_instance");
  }
  const keys = await signingKeys(secrets);
  if (typeof keys === "string") {
    log("not_configured", { setting: "INGEST_SECRETS", instanceId });
    return {
      ok: false,
      answer: refuse(503, {
        error: "not_configured",
        message: "The signing secret of this instance is malformed. Set it to whsec_ and base64.",
      }),
    };
  }
  if (problem !== null) return refused(instanceId, problem);
  const body = await readLimited(request);
  if (body === null) return tooLarge();
  const checked = await verify(keys, header, body, nowSeconds);
  if (!checked.ok) return refused(instanceId, checked.reason);
  try {
    const text = strictUtf8.decode(body);
    return { ok: true, webhookId: checked.id, text };
  } catch {
    return {
      ok: false,
      answer: refuse(400, { error: "invalid_update", path: "", message: "The body is not valid UTF-8. Send JSON in UTF-8." }),
    };
  }
}

function headerProblem(header: (name: string) => string | null, nowSeconds: number): string | null {
  if ((header("webhook-id") ?? "").length > MAX_WEBHOOK_ID_LENGTH) return "webhook_id_too_long";
  return signatureProblem(header, nowSeconds);
}

function refused(instanceId: string, reason: string): SignedBody {
  // Only the operator sees the reason.
  log("post_refused", { instanceId: loggedInstance(instanceId), reason });
  return { ok: false, answer: unauthorized("StandardWebhooks") };
}

function tooLarge(): SignedBody {
  return {
    ok: false,
    answer: refuse(413, { error: "too_large", message: `The body is too large. Send at most ${MAX_BODY_BYTES} bytes.` }),
  };
}

/** Returns the keys of an instance, or a sentence about the malformed secret that does not quote it. */
export async function signingKeys(secrets: string): Promise<SigningKeys | string> {
  const known = imported.get(secrets);
  if (known !== undefined) return known;
  try {
    const keys = await importSecrets(secrets);
    imported.set(secrets, keys);
    return keys;
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

/** Lets a body go by that nobody will read, for a short while and without keeping it. */
async function discardBody(request: Request): Promise<"discarded" | "too large"> {
  if (request.body === null) return "discarded";
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DISCARD_MS);
  });
  let length = 0;
  for (;;) {
    const piece = await Promise.race([reader.read().catch(() => null), late]);
    if (piece === null || piece.done) break;
    length += piece.value.length;
    if (length > MAX_BODY_BYTES) break;
  }
  clearTimeout(timer);
  // The peer may be gone, and the answer does not wait for it.
  void reader.cancel().catch(() => {});
  return length > MAX_BODY_BYTES ? "too large" : "discarded";
}

/** Returns the body's bytes, or null as soon as there are too many. */
async function readLimited(request: Request): Promise<Uint8Array | null> {
  if (request.headers.get("Content-Length") !== null) {
    const whole = new Uint8Array(await request.arrayBuffer());
    return whole.length > MAX_BODY_BYTES ? null : whole;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
