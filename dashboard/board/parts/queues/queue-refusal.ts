import type { Text } from "../../text/text.ts";

const REFUSALS = ["not_allowed", "too_many_watched", "timeout", "polling", "old_hub", "replay"] as const;

/** Says why the hub does not tell who waits. */
export function queueRefusalWords(text: Text, error: string | null): string {
  const known = REFUSALS.find((word) => word === error);
  return known === undefined ? text.text("queue.refused.other", { reason: error ?? "" }) : text.text(`queue.refused.${known}`);
}
