import * as v from "valibot";
import { REMEDY } from "./dev-vars.ts";

const refusalSchema = v.object({ error: v.literal("not_configured"), message: v.string() });

/** Asks a hub that runs whether it can work with its settings. Returns one line that names the wrong one, or null. */
export async function refusedSettings(hubUrl: string): Promise<string | null> {
  const answer = await fetch(`${hubUrl}/readyz`).catch(() => null);
  const refusal = v.safeParse(refusalSchema, await answer?.json().catch(() => null));
  if (!refusal.success) return null;
  const sentences = refusal.output.message.split(/(?<=\.)\s(?=[A-Z])/);
  // The advice is for a deployed hub.
  const facts = sentences.filter((sentence) => !sentence.includes("npm run "));
  return `.dev.vars or wrangler.toml: ${facts.join(" ")} ${REMEDY}`;
}
