import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stage } from "../../infra/stages.ts";
import { openWorker, random } from "./secret-commands.ts";
import { workerFolder } from "./worker-folder.ts";
import { changeSecrets, type WorkerSecrets } from "./worker-secrets.ts";

/** The keys that a Worker has for itself: the key of viewer tickets and the token of its metrics. */

const TICKETS = "TICKET_SECRET";
const METRICS = "METRICS_TOKEN";

/**
 * Makes the ticket key of a Worker that has none, for its deployment. A key that is there stays: nobody needs to know it, and a
 * new one refuses the tickets of the last minute.
 * @returns the file for `wrangler --secrets-file`, which the caller deletes, or null when the Worker has its key
 */
export function firstKeys(workerName: string, found: Exclude<WorkerSecrets, { state: "unknown" }>): string | null {
  if (found.state === "there" && found.names.has(TICKETS)) return null;
  const folder = workerFolder(workerName);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `first-keys-${process.pid}.json`);
  // Another file of this name would keep its own mode.
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify({ [TICKETS]: random() }), { mode: 0o600 });
  return file;
}

/** Puts a new ticket key into a Worker. One that is there is replaced only on request. */
export async function replaceTicketSecret(stage: Stage, replace: boolean): Promise<string | null> {
  const opened = await openWorker(stage);
  if (!opened.ok) return opened.message;
  if (opened.worker.names.has(TICKETS) && !replace) {
    return `The Worker has a ${TICKETS}. A new one refuses the tickets of the last minute. To replace it, add --replace.`;
  }
  const problem = await changeSecrets(opened.worker, { [TICKETS]: random() });
  if (problem === null) console.log("Hub: the Worker has a new ticket key. Open boards stay open.");
  return problem;
}

/** Makes the token with which Prometheus reads the metrics, and writes it into a file for the operator. It is never printed. */
export async function makeHubToken(stage: Stage, replace: boolean): Promise<string | null> {
  const opened = await openWorker(stage);
  if (!opened.ok) return opened.message;
  if (opened.worker.names.has(METRICS) && !replace) {
    return `The Worker has a ${METRICS}, and Cloudflare does not return it. A new one shuts out your Prometheus. To replace it, add --replace.`;
  }
  const token = random();
  const problem = await changeSecrets(opened.worker, { [METRICS]: token });
  if (problem !== null) return problem;
  const folder = workerFolder(stage.workerName);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "metrics-token");
  rmSync(file, { force: true });
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  console.log(`Hub: the Worker has the token. It is in ${file}, for your Prometheus.`);
  return null;
}
