import type { ContactTurn } from "../../protocol/updates.ts";

/** The agents and contacts that one batch touched. They are settled once, at the end of the batch. */
export class TouchedByBatch {
  readonly agents = new Set<string>();
  /** Contact -> whether its row must be written. */
  readonly contacts = new Map<string, boolean>();
  readonly turns = new Map<string, ContactTurn[]>();
  readonly ended = new Set<string>();
  /** Contacts of the agents as they were before the batch. Another agent may still hold one that was let go. */
  readonly heldBefore = new Set<string>();
  /** Contacts that had ended before the batch while their call went on. */
  readonly outlastedBefore = new Set<string>();
  /** Whether a snapshot of the batch asked for the agents that it does not list, and its list is now complete. */
  reportUnlisted = false;
}
