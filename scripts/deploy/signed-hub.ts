import { randomUUID } from "node:crypto";
import * as v from "valibot";
import type { KeyRing } from "../../aws-ingest/clients/secrets.ts";
import { sign } from "../../protocol/signature.ts";

/** A hub, and the keys of one of its instances. */
export interface SignedHub {
  url: string;
  instanceId: string;
  keys: KeyRing;
  /** What to do when it does not answer, as a sentence. */
  whenSilent?: string;
}

/** Why a signed request did not succeed, as a sentence for the operator. */
export class HubError extends Error {
  /** The body of the hub's answer; null = there was none. */
  readonly body: unknown;

  constructor(message: string, body: unknown = null) {
    super(message);
    this.body = body;
  }
}

const TIMEOUT_MS = 30_000;

/** Sends a signed post to one address of an instance, and returns the JSON of the answer. @throws HubError */
export async function postSigned(
  { url, instanceId, keys, whenSilent = "Run npm run preflight." }: SignedHub,
  path: string,
  content: unknown,
): Promise<unknown> {
  const body = JSON.stringify(content);
  const signature = await sign(await keys.keys(), randomUUID(), Math.floor(Date.now() / 1000), body);
  let answer: Response;
  try {
    answer = await fetch(`${url}/v1/instances/${instanceId}/${path}`, {
      method: "POST",
      headers: { ...signature, "content-type": "application/json" },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new HubError(`The hub did not answer at ${url} within ${TIMEOUT_MS / 1000} s. ${whenSilent} Then try again.`);
  }
  const parsed: unknown = await answer.json().catch(() => null);
  if (answer.ok) return parsed;
  const why = v.safeParse(v.looseObject({ message: v.string() }), parsed);
  const advice =
    answer.status === 401 ? "The signing secret is not the hub's." : why.success ? why.output.message : "Run npm run preflight.";
  throw new HubError(`The hub answered ${answer.status} to ${path}. ${advice}`, parsed);
}
