import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Deployment } from "../../infra/settings-file.ts";
import type { Stage } from "../../infra/stages.ts";
import { importSecrets } from "../../protocol/signature.ts";
import { loginProblem } from "./aws-login.ts";
import { askHub } from "./hub-probe.ts";
import { addedSecret, finishedSecret, type RotationStep, rotatedSecret } from "./rotation.ts";
import { findStackSecret, type StackSecret, storeStackSecret } from "./stack-secret.ts";
import {
  actionNamesOf,
  changeSecrets,
  instancesIn,
  LIST,
  listSecrets,
  secretNameOf,
  type WorkerSecrets,
} from "./worker-secrets.ts";

/** The steps of `npm run secret`. Each returns why it did not succeed, or null. Each may be repeated after any interruption. */

/** RFC 7518 requires 32 bytes for an HS256 key. Signing secrets have as many. */
const RANDOM_BYTES = 32;
export const random = () => randomBytes(RANDOM_BYTES).toString("base64");

/** A new version of a Worker is everywhere within seconds. */
const SPREAD_MS = 2_000;
const SPREAD_TRIES = 5;

type OpenWorker = Extract<WorkerSecrets, { state: "there" }>;
/** `worker` is null for somebody who has no login of Cloudflare. Then another person gives the hub the secret. */
type BothClouds = { ok: true; worker: OpenWorker | null; secret: StackSecret } | { ok: false; message: string };

/**
 * Gives an instance its first secret in both clouds. AWS gets it first, because AWS can return it: after an interruption a second
 * run takes it from there.
 */
export async function addInstance(deployment: Deployment, replace: boolean, onlyAws: boolean): Promise<string | null> {
  const both = await openClouds(deployment, onlyAws);
  if (!both.ok) return both.message;
  const isInHub = both.worker?.names.has(secretNameOf(deployment.instance.id)) ?? false;
  const step = addedSecret(both.secret, isInHub, replace, random);
  return storeInBoth(deployment, both, step, "aws first");
}

/** Begins a rotation. Functions then sign with both secrets, and the hub accepts either, so the order of the clouds is free. */
export async function rotateInstance(deployment: Deployment, onlyAws: boolean): Promise<string | null> {
  const both = await openClouds(deployment, onlyAws);
  if (!both.ok) return both.message;
  const problem = await storeInBoth(deployment, both, rotatedSecret(both.secret, random), "aws first");
  if (problem === null) console.log("In ten minutes: npm run secret -- finish.");
  return problem;
}

/**
 * Ends a rotation. The hub drops the old secret first: if the second step fails, AWS still has both, and a second run goes on.
 * The hub itself has to confirm that it knows the new secret, because nobody can read what it has.
 */
export async function finishRotation(
  deployment: Deployment,
  { now, hubUrl, onlyAws }: { now: boolean; hubUrl: string; onlyAws: boolean },
): Promise<string | null> {
  const both = await openClouds(deployment, onlyAws);
  if (!both.ok) return both.message;
  const step = finishedSecret(now ? { ...both.secret, changedAt: 0 } : both.secret, Date.now());
  if (!step.ok) return step.message;
  const { id } = deployment.instance;
  const known = await askHub(hubUrl, id, step.words.join(" "));
  if (known.state === "refused") return `The hub does not know the new secret of ${id} yet. Run npm run secret -- rotate again.`;
  if (known.state !== "known") return `${known.reason} Nothing is changed, because the hub has to confirm the new secret first.`;
  const problem = await storeInBoth(deployment, both, step, "hub first");
  if (problem !== null || onlyAws) return problem;
  return oldSecretProblem(hubUrl, id, both.secret.words.slice(1).join(" "));
}

/** Asks the hub until it refuses the old secret. */
async function oldSecretProblem(hubUrl: string, instanceId: string, old: string): Promise<string | null> {
  for (let attempt = 1; attempt <= SPREAD_TRIES; attempt += 1) {
    if ((await askHub(hubUrl, instanceId, old)).state === "refused") {
      console.log("Hub: the old secret is refused now.");
      return null;
    }
    if (attempt < SPREAD_TRIES) await sleep(SPREAD_MS);
  }
  return `The hub still accepts the old secret of ${instanceId}. Run npm run secret -- list, and ask the hub again in a minute.`;
}

/**
 * Gives the hub the secrets of an instance that somebody else has read from AWS. For people who have the login of one cloud only.
 * @param text the value of the stack's secret. With its first word alone, a rotation ends on the side of the hub
 */
export async function acceptSecrets(stage: Stage, instanceId: string, text: string): Promise<string | null> {
  const words = text.trim();
  if (!words.startsWith("whsec_"))
    return "The standard input has no signing secret. Pipe the value of the stack's secret into this command.";
  try {
    await importSecrets(words);
  } catch (error) {
    return `The standard input is no list of signing secrets. ${error instanceof Error ? error.message : ""}`;
  }
  const opened = await openWorker(stage);
  if (!opened.ok) return opened.message;
  const problem = await changeSecrets(opened.worker, { [secretNameOf(instanceId)]: words });
  if (problem === null) console.log("Hub: the Worker has the signing secret.");
  return problem;
}

/** Takes an instance out of the hub. AWS keeps its secret with the stack, so `add` brings the instance back. */
export async function removeInstance(stage: Stage, instanceId: string, stackName: string | null): Promise<string | null> {
  const worker = await openWorker(stage);
  if (!worker.ok) return worker.message;
  const { names } = worker.worker;
  const name = secretNameOf(instanceId);
  const listed = names.has(LIST);
  const ofActions = Object.values(actionNamesOf(instanceId)).filter((one) => names.has(one));
  if (!listed && !names.has(name) && ofActions.length === 0)
    return `The hub has no secret for ${instanceId}, so nothing is changed. See its secrets with npm run secret -- list.`;
  // The list may have the instance too, and Cloudflare returns no value. The word keeps the instance out.
  const forgotten = Object.fromEntries(ofActions.map((one) => [one, null]));
  const own = listed || names.has(name) ? { [name]: listed ? "removed" : null } : {};
  const problem = await changeSecrets(worker.worker, { ...own, ...forgotten });
  if (problem !== null) return problem;
  console.log(`Hub: ${instanceId} is removed. From now on the hub refuses its posts. All other instances stay as they are.`);
  if (ofActions.length > 0) console.log("Hub: the secret and the address of its function for actions are deleted too.");
  if (stackName !== null) {
    console.log(`AWS: the stack ${stackName} keeps its secret. npm run secret -- add brings the instance back.`);
  }
  return null;
}

/**
 * Gives each instance of a stage a secret of its own in the hub: the very list that its functions sign with, so no post is refused.
 * @param dropList also deletes INGEST_SECRETS, with all instances that have no secret of their own
 */
export async function migrateInstances(
  stage: Stage,
  deployments: readonly Deployment[],
  dropList: boolean,
): Promise<string | null> {
  const opened = await openWorker(stage);
  if (!opened.ok) return opened.message;
  const { worker } = opened;
  const changes: Record<string, string | null> = {};
  for (const deployment of deployments) {
    const { id } = deployment.instance;
    if (worker.names.has(secretNameOf(id))) continue;
    const found = await openStack(deployment);
    if (!found.ok) return `${found.message} Nothing is changed.`;
    if (found.secret.words.length === 0)
      return `The stack of ${id} has no signing secret. Run npm run secret -- add for it first.`;
    changes[secretNameOf(id)] = found.secret.words.join(" ");
  }
  if (dropList) changes[LIST] = null;
  const problem = Object.keys(changes).length === 0 ? null : await changeSecrets(worker, changes);
  if (problem !== null) return problem;
  const own = instancesIn([...worker.names, ...Object.keys(changes)]);
  console.log(`Hub: these instances have secrets of their own: ${own.join(", ") || "none"}.`);
  if (dropList) console.log(`Hub: ${LIST} is deleted.`);
  else if (worker.names.has(LIST)) {
    console.log(
      `${LIST} is still there. Does another instance post to this hub? If not, run npm run secret -- migrate --drop-list.`,
    );
  }
  return null;
}

async function storeInBoth(
  { instance }: Deployment,
  { worker, secret }: Extract<BothClouds, { ok: true }>,
  step: RotationStep,
  order: "aws first" | "hub first",
): Promise<string | null> {
  if (!step.ok) return step.message;
  const words = step.words.join(" ");
  const storeInHub = async () => {
    if (worker === null) {
      console.log(
        `Hub: not changed. Somebody with the login of Cloudflare runs: ` +
          `aws secretsmanager get-secret-value --region ${instance.region} --secret-id ${secret.arn} --query SecretString --output text | npm run secret -- accept --instance ${instance.id}`,
      );
      return null;
    }
    const problem = await changeSecrets(worker, { [secretNameOf(instance.id)]: words });
    if (problem === null) console.log("Hub: the Worker has the signing secret.");
    return problem;
  };
  const storeInAws = async () => {
    const same = words === secret.words.join(" ");
    const problem = same ? null : await storeStackSecret(instance.region, secret.arn, step.words);
    if (problem === null)
      console.log(`AWS: Secrets Manager ${same ? "already had" : "has"} it. The functions read it within 5 minutes.`);
    return problem;
  };
  const steps = order === "aws first" ? [storeInAws, storeInHub] : [storeInHub, storeInAws];
  for (const store of steps) {
    const problem = await store();
    if (problem !== null) return `${problem} Correct that, then run the same command again.`;
  }
  return null;
}

async function openClouds(deployment: Deployment, onlyAws: boolean): Promise<BothClouds> {
  const opened = onlyAws ? null : await openWorker(deployment.stage);
  if (opened?.ok === false) return opened;
  const stack = await openStack(deployment);
  return stack.ok ? { ok: true, worker: opened?.worker ?? null, secret: stack.secret } : stack;
}

type OpenedWorker = { ok: true; worker: OpenWorker } | { ok: false; message: string };

/** Asks Cloudflare for a Worker that has to exist. */
export async function openWorker(stage: Stage): Promise<OpenedWorker> {
  const worker = await listSecrets(stage);
  if (worker.state === "there") return { ok: true, worker };
  if (worker.state === "unknown") return { ok: false, message: worker.reason };
  return { ok: false, message: `There is no Worker ${stage.workerName} yet. Run npm run deploy:hub first.` };
}

type OpenedStack = { ok: true; secret: StackSecret } | { ok: false; message: string };

async function openStack(deployment: Deployment): Promise<OpenedStack> {
  const { settings, instance } = deployment;
  const problem = await loginProblem([deployment], process.env);
  if (problem !== null) return { ok: false, message: problem };
  const found = await findStackSecret(deployment);
  if (found.state === "found") return { ok: true, secret: found.secret };
  if (found.state === "unknown") return { ok: false, message: found.reason };
  const place = `the account ${instance.account} and the Region ${instance.region}`;
  return { ok: false, message: `There is no stack ${settings.stackName} in ${place} yet. Run npm run deploy:aws first.` };
}
