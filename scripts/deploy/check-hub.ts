import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { importSecrets, sign } from "../../protocol/signature.ts";
import { attention, type Finding, missing, ok, unknown } from "./preflight-report.ts";

/** A hub at the edge answers in milliseconds; this is for a bad line. */
const TIMEOUT_MS = 10_000;
/** Signed, and nothing else: a hub that knows the secret finds it empty (400) and changes nothing, any other says 401. */
const PROBE = '{"updates":[]}';
const notReadySchema = v.object({ error: v.optional(v.string()), name: v.optional(v.string()), message: v.optional(v.string()) });

/** Is the hub there, is it ready, and does it know the signing secrets of this machine? Changes nothing there. */
export async function checkHub(hubUrl: string, instanceId: string, secrets: readonly string[]): Promise<Finding[]> {
  const health = await ask(`${hubUrl}/healthz`);
  if (health === null) {
    return [missing(`The hub does not answer at ${hubUrl}.`, "Is it deployed (npm run deploy:hub) and is hubUrl its address?")];
  }
  if (health.status !== 200)
    return [missing(`${hubUrl}/healthz answers ${health.status}: that is not the hub.`, "Check hubUrl.")];
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
    "Correct that setting and run npm run deploy:hub again.",
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
      `${which} is not the hub's: posts would be refused.`,
      "npm run secret -- put (and check this machine's clock)",
    );
  }
  if (answer === null) return unknown(`${which}: the hub did not answer in time.`);
  return attention(`${which}: the hub answered ${answer.status}.`, "Try again in a minute.");
}

async function ask(url: string, init: RequestInit = {}): Promise<Response | null> {
  try {
    return await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    return null;
  }
}
