import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { importSecrets, sign } from "../../protocol/signature.ts";
import { attention, type Finding, missing, ok, unknown } from "./preflight-report.ts";

/** A hub answers in milliseconds. The limit leaves time for a slow network. */
const TIMEOUT_MS = 10_000;
/** A signed post without updates. A hub that knows the secret answers 400 and changes nothing. Any other hub answers 401. */
const PROBE = '{"updates":[]}';
const notReadySchema = v.object({ error: v.optional(v.string()), name: v.optional(v.string()), message: v.optional(v.string()) });

/** Checks that the hub answers, is ready and knows the signing secrets of this machine. Changes nothing. */
export async function checkHub(hubUrl: string, instanceId: string, secrets: readonly string[]): Promise<Finding[]> {
  const health = await ask(`${hubUrl}/healthz`);
  if (health === null) {
    return [missing(`The hub does not answer at ${hubUrl}.`, "Deploy it (npm run deploy:hub), or correct hubUrl.")];
  }
  if (health.status !== 200)
    return [missing(`${hubUrl}/healthz answers ${health.status}, so it is not the hub.`, "Set hubUrl to the hub's address.")];
  const findings: Finding[] = [ok(`The hub answers at ${hubUrl}.`), await readiness(hubUrl)];
  for (const [index, secret] of secrets.entries()) findings.push(await secretMatches(hubUrl, instanceId, secret, index + 1));
  return findings;
}

async function readiness(hubUrl: string): Promise<Finding> {
  const answer = await ask(`${hubUrl}/readyz`);
  if (answer?.status === 200) return ok("The hub is ready: its settings are valid and its storage answers.");
  const why = v.safeParse(notReadySchema, answer === null ? null : await answer.json().catch(() => null));
  const words = why.success ? [why.output.name, why.output.message, why.output.error].filter(Boolean).join(": ") : "";
  return missing(
    `The hub is not ready${words === "" ? "." : ` (${words}).`}`,
    "Correct the named setting, then run npm run deploy:hub.",
  );
}

async function secretMatches(hubUrl: string, instanceId: string, secret: string, position: number): Promise<Finding> {
  const headers = await sign(await importSecrets(secret), `preflight-${randomUUID()}`, Math.floor(Date.now() / 1000), PROBE);
  const answer = await ask(`${hubUrl}/v1/instances/${instanceId}/updates`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: PROBE,
  });
  const which = `Signing secret ${position} of ${instanceId}`;
  if (answer?.status === 400) return ok(`${which} is the hub's.`);
  if (answer?.status === 401) {
    return missing(
      `${which} is not the hub's. The hub would refuse the posts.`,
      "Run npm run secret -- put, and check this machine's clock.",
    );
  }
  if (answer === null) return unknown(`${which} is not checked: the hub did not answer within ${TIMEOUT_MS / 1000} s.`);
  return attention(`${which}: the hub answered ${answer.status}.`, "Try again in a minute.");
}

async function ask(url: string, init: RequestInit = {}): Promise<Response | null> {
  try {
    return await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    return null;
  }
}
