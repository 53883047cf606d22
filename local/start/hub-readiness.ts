import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { REMEDY } from "./dev-vars.ts";

const readinessSchema = v.object({ error: v.string(), message: v.string() });
/** A busy machine may keep an object from answering once. */
const ASKED_TIMES = 3;
const ASK_EVERY_MS = 1_000;

/** Asks a hub that runs whether it can work with its settings. Returns one line that names the wrong one, or null. */
export async function refusedSettings(hubUrl: string): Promise<string | null> {
  const problem = await readinessProblem(hubUrl);
  if (problem?.error !== "not_configured") return null;
  const sentences = problem.message.split(/(?<=\.)\s(?=[A-Z])/);
  // The advice is for a deployed hub.
  const facts = sentences.filter((sentence) => !sentence.includes("npm run "));
  const isAdvised = facts.some((sentence) => sentence.startsWith("Correct it"));
  return [".dev.vars or wrangler.toml:", ...facts, ...(isAdvised ? [] : [REMEDY])].join(" ");
}

/** Asks a hub that runs whether its contact center answers. Damaged storage, for example, keeps it from that. */
export async function isUnreachable(hubUrl: string): Promise<boolean> {
  for (let asked = 1; ; asked += 1) {
    if ((await readinessProblem(hubUrl))?.error !== "unreachable") return false;
    if (asked === ASKED_TIMES) return true;
    await sleep(ASK_EVERY_MS);
  }
}

/** Returns null when the hub is ready, and when nobody knows. */
async function readinessProblem(hubUrl: string): Promise<v.InferOutput<typeof readinessSchema> | null> {
  const answer = await fetch(`${hubUrl}/readyz`).catch(() => null);
  const parsed = v.safeParse(readinessSchema, await answer?.json().catch(() => null));
  return parsed.success ? parsed.output : null;
}
