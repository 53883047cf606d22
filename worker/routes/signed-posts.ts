import type { Context } from "hono";
import { countedAddress } from "../auth/client-address.ts";
import { readSignedBody, type SignedBody } from "../auth/signed-body.ts";
import { refuse } from "./answers.ts";
import type { AppEnv } from "./app-env.ts";
import { countRefusal } from "./refusals.ts";

/** Returns the verified body of a post that is within the instance's rate limit. */
export async function readSigned(c: Context<AppEnv>, instanceId: string, now: number): Promise<SignedBody> {
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
