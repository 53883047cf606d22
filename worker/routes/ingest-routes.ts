import { type Context, Hono } from "hono";
import * as v from "valibot";
import { parseUpdates } from "../../protocol/updates.ts";
import { countedAddress } from "../auth/client-address.ts";
import { readSignedBody, type SignedBody } from "../auth/signed-body.ts";
import { centerStub } from "../centers.ts";
import { noteFailedPost, noteStoredPost, storagePauseSeconds } from "../storage-pause.ts";
import { refuse } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { countRefusal, takeRefusals } from "./refusals.ts";

const revocationSchema = v.object({ subject: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)) });

export const ingestRoutes = new Hono<AppEnv>().basePath(INSTANCE);

ingestRoutes.post("/updates", async (c) => {
  const { instanceId } = c.req.param();
  const now = Date.now();
  const signed = await readSigned(c, instanceId, now);
  if (!signed.ok) return signed.answer;
  const parsed = parseUpdates(signed.text, now);
  if (!parsed.ok) {
    countRefusal(instanceId);
    return refuse(400, { error: "invalid_update", path: parsed.path, message: parsed.message });
  }
  const pause = storagePauseSeconds(instanceId, now);
  if (pause !== null) {
    const message = "The storage of the hub is full. Nothing of this post is stored. Post it again after Retry-After.";
    return refuse(503, { error: "storage_full", message }, { "Retry-After": String(pause) });
  }
  try {
    const center = centerStub(c.env, instanceId);
    const answer = await center.ingest(signed.webhookId, parsed.updates, takeRefusals(instanceId));
    noteStoredPost(instanceId);
    return c.json(answer);
  } catch (error) {
    noteFailedPost(instanceId, error, now);
    throw error;
  }
});

ingestRoutes.post("/revocations", async (c) => {
  const { instanceId } = c.req.param();
  const signed = await readSigned(c, instanceId, Date.now());
  if (!signed.ok) return signed.answer;
  const body = v.safeParse(v.pipe(v.string(), v.parseJson(), revocationSchema), signed.text);
  if (!body.success) {
    return refuse(400, {
      error: "invalid_revocation",
      path: "subject",
      message: 'The body has no subject. Send {"subject":"…"}.',
    });
  }
  const closed = await centerStub(c.env, instanceId).revoke(body.output.subject);
  return c.json({ closed });
});

/** Returns the verified body of a post that is within the instance's rate limit. */
async function readSigned(c: Context<AppEnv>, instanceId: string, now: number): Promise<SignedBody> {
  const secrets = c.get("settings").ingestSecrets.get(instanceId);
  const signed = await readSignedBody(c.req.raw, instanceId, secrets, now);
  if (!signed.ok) {
    // Made-up instance names have no end, and nobody asks for their counts.
    if (secrets !== undefined) countRefusal(instanceId);
    const answer = signed.answer.status === 401 ? await strangerAnswer(c, signed.answer) : signed.answer;
    return { ok: false, answer };
  }
  const { success } = await c.env.POST_LIMIT.limit({ key: instanceId });
  if (success) return signed;
  return {
    ok: false,
    answer: refuse(429, {
      error: "too_many_requests",
      message: "This instance gets too many posts. Wait for Retry-After, and put more updates into each post.",
    }),
  };
}

/**
 * Returns the answer to a post without a valid signature, or 429 when its address sends too many of them. Signed posts of the same
 * address are not counted: the addresses of functions are shared with strangers.
 */
async function strangerAnswer(c: Context<AppEnv>, answer: Response): Promise<Response> {
  const address = c.req.header("CF-Connecting-IP");
  if (address === undefined) return answer;
  const { success } = await c.env.STRANGER_LIMIT.limit({ key: countedAddress(address) });
  if (success) return answer;
  return refuse(429, {
    error: "too_many_requests",
    message: "This address sends too many posts without a valid signature. Wait for Retry-After, and check the signing secret.",
  });
}
