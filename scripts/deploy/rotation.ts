import type { StackSecret } from "./stack-secret.ts";

/**
 * Which signing secrets both clouds should have after a step. The decisions start from what AWS has, and need nothing of this
 * machine, so that two machines and a repeated command come to the same end.
 */
export type Step = { ok: true; words: readonly string[] } | { ok: false; message: string };

/** The time for which a function may still sign with the old secret: its cache (5 minutes) and its longest series of retries. */
export const SETTLE_MS = 10 * 60_000;

/**
 * Gives an instance its first secret. An instance that has one keeps it, and the hub gets the same: a second `add` repairs.
 * @param inHub whether the hub has an own secret for the instance
 */
export function addedSecret({ words }: StackSecret, inHub: boolean, replace: boolean, random: () => string): Step {
  if (words.length > 0) return { ok: true, words };
  if (inHub && !replace) {
    return {
      ok: false,
      message:
        "The hub has a secret for this instance, and the stack has none, so the stack was perhaps made anew. " +
        "A new secret shuts out whoever signs with the old one. To replace it, run npm run secret -- add --replace.",
    };
  }
  return { ok: true, words: [`whsec_${random()}`] };
}

/** First step of a rotation: a new secret next to the old one. A rotation that has begun goes on with its own new secret. */
export function rotatedSecret({ words }: StackSecret, random: () => string): Step {
  if (words.length === 0) return { ok: false, message: "The stack has no signing secret yet. Run npm run secret -- add." };
  return { ok: true, words: words.length > 1 ? words : [`whsec_${random()}`, ...words] };
}

/** Second step of a rotation: only the new secret. It refuses while a function may still sign with the old one alone. */
export function finishedSecret({ words, changedAt }: StackSecret, now: number): Step {
  const [newest, ...old] = words;
  if (newest === undefined) return { ok: false, message: "The stack has no signing secret yet. Run npm run secret -- add." };
  if (old.length === 0) return { ok: false, message: "No rotation has begun. Run npm run secret -- rotate first." };
  const wait = Math.ceil(((changedAt ?? now) + SETTLE_MS - now) / 60_000);
  if (wait > 0) {
    return {
      ok: false,
      message: `Some functions may still sign with the old secret alone. Try again in ${wait} min. If it has leaked, add --now.`,
    };
  }
  return { ok: true, words: [newest] };
}
