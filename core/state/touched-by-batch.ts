import type { ContactTurn } from "../../protocol/updates.ts";
import { LastAssignments } from "./last-assignments.ts";

/** The agents and contacts that one batch touched. They are settled once, at the end of the batch. */
export class TouchedByBatch {
  /** Whether other agents may hold a contact than before, or agents of other groups. Most posts only bring scores. */
  mayMoveContacts = false;
  readonly agents = new Set<string>();
  /** Agents on whose contacts somebody spoke. Their rows do not change by that, but alerts may. */
  readonly talking = new Set<string>();
  /** Contact -> whether its row must be written. */
  readonly contacts = new Map<string, boolean>();
  /** The contacts that updates of the batch are about, also where the update was no news. */
  readonly named = new Set<string>();
  /** Agent -> a contact of it whose row is written, and can carry the agent's. */
  readonly carriers = new Map<string, string>();
  readonly turns = new Map<string, ContactTurn[]>();
  readonly ended = new Set<string>();
  /** Contacts of the agents as they were before the batch. Another agent may still hold one that was let go. */
  readonly heldBefore = new Set<string>();
  readonly lastAssignments = new LastAssignments();
  /** Contacts that had ended before the batch while their call went on. */
  readonly outlastedBefore = new Set<string>();
  /** Whether a snapshot of the batch asked for the agents that it does not list, and its list is now complete. */
  reportUnlisted = false;
}

/** What became of a batch. */
export interface AppliedBatch {
  accepted: number;
  stale: number;
  /** The contacts of the batch that are watched. */
  watched: string[];
  /** Agents on the board that the list of the batch leaves out; null = nobody asked, or no list was completed. */
  unlisted: string[] | null;
  /** The agents that the batch is about, whether their rows changed or not. */
  agents: ReadonlySet<string>;
  /** When `ContactCenterState.expire` has something to do about the batch, epoch ms; null = never. */
  wakeAt: number | null;
}
