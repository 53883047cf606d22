import { randomBytes } from "node:crypto";
import * as v from "valibot";
import { askHub, askUrl, guardOf, type HubAnswer } from "./hub-probe.ts";
import { attention, type Finding, missing, ok, unknown } from "./preflight-report.ts";

const notReadySchema = v.object({ error: v.optional(v.string()), name: v.optional(v.string()), message: v.optional(v.string()) });
/** What Amazon's functions and monitors call without a person. */
const EXEMPT =
  "Exempt /v1/instances/*/updates and /v1/instances/*/revocations there (in Cloudflare Access: an application for these paths with a Bypass policy for everyone). " +
  "They carry signatures of their own. For monitors, exempt /healthz, /readyz and /v1/instances/*/metrics too.";

/** Checks that the hub answers, is ready and knows the signing secrets. Changes nothing. */
export async function checkHub(hubUrl: string, instanceId: string, secrets: readonly string[]): Promise<Finding[]> {
  const health = await askUrl(`${hubUrl}/healthz`);
  if (health === null) {
    return [missing(`The hub does not answer at ${hubUrl}.`, "Deploy it (npm run deploy:hub), or correct hubUrl.")];
  }
  const guard = guardOf(health);
  if (guard !== null) return guardedHub(hubUrl, instanceId, secrets, guard);
  if (health.status !== 200)
    return [missing(`${hubUrl}/healthz answers ${health.status}, so it is not the hub.`, "Set hubUrl to the hub's address.")];
  const findings: Finding[] = [ok(`The hub answers at ${hubUrl}.`), await readiness(hubUrl)];
  return [...findings, ...(await checkPosts(hubUrl, instanceId, secrets))];
}

/** A login in front of the hub stops people and monitors. It must not stop the posts. */
async function guardedHub(hubUrl: string, instanceId: string, secrets: readonly string[], guard: string): Promise<Finding[]> {
  const posts = await checkPosts(hubUrl, instanceId, secrets);
  const first = attention(
    `${guard} guards ${hubUrl}: /healthz asks for a login. Monitors and this check cannot read it.`,
    EXEMPT,
  );
  return [first, ...posts];
}

async function checkPosts(hubUrl: string, instanceId: string, secrets: readonly string[]): Promise<Finding[]> {
  // A foreign secret shows whether a post gets to the hub at all.
  const stranger = await askHub(hubUrl, instanceId, `whsec_${randomBytes(32).toString("base64")}`);
  if (stranger.state === "guarded") {
    return [missing(`${stranger.reason} It stops the posts from AWS, so the board stays empty.`, EXEMPT)];
  }
  const findings: Finding[] = [];
  for (const [index, secret] of secrets.entries()) {
    findings.push(secretFinding(await askHub(hubUrl, instanceId, secret), `Signing secret ${index + 1} of ${instanceId}`));
  }
  return findings;
}

function secretFinding(answer: HubAnswer, which: string): Finding {
  if (answer.state === "known") return ok(`${which} is the hub's.`);
  if (answer.state === "refused") {
    return missing(
      `${which} is not the hub's. The hub would refuse the posts.`,
      "Run npm run secret -- add, which gives the hub the secret of the stack. Check this machine's clock too.",
    );
  }
  return unknown(`${which} is not checked: ${answer.reason}`);
}

async function readiness(hubUrl: string): Promise<Finding> {
  const answer = await askUrl(`${hubUrl}/readyz`);
  if (answer?.status === 200) return ok("The hub is ready: its settings are valid and its storage answers.");
  const why = v.safeParse(notReadySchema, answer === null ? null : await answer.json().catch(() => null));
  const words = why.success ? [why.output.name, why.output.message, why.output.error].filter(Boolean).join(": ") : "";
  return missing(
    `The hub is not ready${words === "" ? "." : ` (${words}).`}`,
    "Correct the named setting, then run npm run deploy:hub.",
  );
}
