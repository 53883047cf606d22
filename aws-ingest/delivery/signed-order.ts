import * as v from "valibot";
import { type ActionOrder, actionOrderSchema } from "../../protocol/actions.ts";
import { type SignatureProblem, signatureProblem, verify } from "../../protocol/signature.ts";
import type { KeyRing } from "../clients/secrets.ts";

/** The part of a function URL's event that is read (payload format 2.0). Lambda writes the names of headers in lower case. */
const eventSchema = v.object({
  requestContext: v.object({ http: v.object({ method: v.string() }) }),
  headers: v.record(v.string(), v.optional(v.string())),
  body: v.optional(v.string(), ""),
  isBase64Encoded: v.optional(v.boolean(), false),
});

/** An order has a few hundred bytes. */
const MAX_BODY_BYTES = 8 * 1024;
const MAX_ID_LENGTH = 128;
/** A secret that was changed counts after this time at the latest, and a stranger cannot make the function read it oftener. */
const READ_AGAIN_MS = 10_000;

export type OrderRefusal = SignatureProblem | "no_event" | "method" | "too_large" | "no_match" | "bad_id" | "bad_order";
export type SignedOrder = { ok: true; id: string; order: ActionOrder } | { ok: false; reason: OrderRefusal };

const orderSchema = v.pipe(v.string(), v.parseJson(), actionOrderSchema);
let readAt = Number.NEGATIVE_INFINITY;

/**
 * Reads the order of a request to the function's address. Nothing of the body is read before its signature holds.
 * @throws the errors of {@link KeyRing}
 */
export async function readSignedOrder(event: unknown, ring: KeyRing, nowMs: number): Promise<SignedOrder> {
  const parsed = v.safeParse(eventSchema, event);
  if (!parsed.success) return { ok: false, reason: "no_event" };
  const { requestContext, headers, body, isBase64Encoded } = parsed.output;
  if (requestContext.http.method !== "POST") return { ok: false, reason: "method" };
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > MAX_BODY_BYTES) return { ok: false, reason: "too_large" };
  const header = (name: string) => headers[name] ?? null;
  const nowSeconds = Math.floor(nowMs / 1000);
  const problem = signatureProblem(header, nowSeconds);
  if (problem !== null) return { ok: false, reason: problem };
  let checked = await verify(await ring.keys(), header, bytes, nowSeconds);
  if (!checked.ok && Math.abs(nowMs - readAt) >= READ_AGAIN_MS) {
    readAt = nowMs;
    checked = await verify(await ring.keys(true), header, bytes, nowSeconds);
  }
  if (!checked.ok) return checked;
  if (checked.id.length > MAX_ID_LENGTH) return { ok: false, reason: "bad_id" };
  const order = v.safeParse(orderSchema, bytes.toString("utf8"));
  return order.success ? { ok: true, id: checked.id, order: order.output } : { ok: false, reason: "bad_order" };
}
