import type { Stage } from "../../infra/stages.ts";
import { parseDeliveryTargets } from "../../worker/alerts/target-settings.ts";
import { openWorker } from "./secret-commands.ts";
import { changeSecrets, MAX_SECRET_BYTES } from "./worker-secrets.ts";

const NAME = "ALERT_TARGETS";
const SUFFIX = /^[A-Z0-9][A-Z0-9_]{0,39}$/;

/**
 * Puts the targets of alerts into a Worker, after the Worker's own reader has read them. No value is printed.
 * @param text the JSON; null = the targets are removed
 * @param part the end of the secret's name, for targets that do not fit into one secret; undefined = the first secret
 * @returns why nothing was changed, or null
 */
export async function storeAlertTargets(stage: Stage, text: string | null, part: string | undefined): Promise<string | null> {
  if (part !== undefined && !SUFFIX.test(part))
    return "--part is wrong. Use capital letters, digits and underscores, such as MEXICO.";
  const name = part === undefined ? NAME : `${NAME}_${part}`;
  const read = text === null ? null : readTargets(name, text);
  if (read !== null && !read.ok) return read.message;
  const opened = await openWorker(stage);
  if (!opened.ok) return opened.message;
  if (read === null && !opened.worker.names.has(name))
    return `The Worker has no ${name}, so nothing is changed. See its secrets with npm run secret -- list.`;
  const problem = await changeSecrets(opened.worker, { [name]: read === null ? null : read.value });
  if (problem !== null) return problem;
  if (read === null) console.log(`Hub: ${name} is deleted. Its targets get no more messages.`);
  else console.log(`Hub: the Worker has ${name} with ${read.summary}. Try them with npm run alert -- test.`);
  return null;
}

type ReadTargets = { ok: true; value: string; summary: string } | { ok: false; message: string };

/** Reads the targets as the Worker will, and makes the JSON as short as it can be. */
export function readTargets(name: string, text: string): ReadTargets {
  const parsed = parseDeliveryTargets(text, false);
  if (!parsed.ok)
    return {
      ok: false,
      message: `The standard input ${parsed.problem} Nothing is changed. Correct it, and run the command again.`,
    };
  if (parsed.targets.length === 0)
    return { ok: false, message: `The standard input has no target. To delete ${name}, add --remove.` };
  const value = JSON.stringify(JSON.parse(text));
  const bytes = Buffer.byteLength(value);
  if (bytes > MAX_SECRET_BYTES) {
    const advice = "Put some targets into a second secret with --part NAME.";
    return { ok: false, message: `${name} would have ${bytes} bytes, and Cloudflare takes ${MAX_SECRET_BYTES}. ${advice}` };
  }
  return { ok: true, value, summary: parsed.targets.map(({ id, receiver }) => `${id} (${receiver.kind})`).join(", ") };
}
