import type { Channel, Sentiment, TranscriptionStatus } from "../../protocol/agent.ts";
import type { AlertSubject } from "../../protocol/alert.ts";
import type { AgentRow } from "../state/agent-row.ts";

/**
 * What the alerts know of their subjects. The hub hands over each subject as it stands, after it has settled the order of its
 * news. All times are epoch ms.
 */
interface Confirmed {
  /** When the newest news that confirms the facts arrived, on the hub's clock. Time beyond it is extrapolated. */
  readonly confirmedAt: number;
}

/** An agent; `row` null = it is no longer on the board. */
export interface AgentFacts extends Confirmed {
  readonly kind: "agent";
  readonly agentId: string;
  readonly row: AgentRow | null;
  /** Contacts that the agent missed in a row; null = nobody counts. A row with `missed` counts as one at least. */
  readonly missedInRow: number | null;
}

/** A contact that an agent talks on; `going` false = it ended, or no agent has it. */
export interface ContactFacts extends Confirmed {
  readonly kind: "contact";
  readonly contactId: string;
  readonly going: boolean;
  /** The agent's. Messages name it if their target wants names. */
  readonly agentName: string | null;
  readonly groups: readonly string[];
  readonly queue: string | null;
  readonly channel: Channel | null;
  /** When an agent and the customer began to talk. */
  readonly startedAt: number | null;
  /** The customer's. */
  readonly sentiment: Sentiment | null;
  /** Final turns of the customer; null = unknown, and then a score is no evidence. */
  readonly customerTurns: number | null;
  /** When the newest scored turn was spoken; null = unknown. */
  readonly scoredAt: number | null;
  readonly transcription: TranscriptionStatus | null;
  /** Since when the customer of a chat waits for an answer; null = nobody waits, or it is unknown. */
  readonly customerWaitsSince: number | null;
}

/** A queue; `going` false = it is no longer on the board. Null = unknown, and no rule fires by it. */
export interface QueueFacts extends Confirmed {
  readonly kind: "queue";
  readonly queueId: string;
  readonly going: boolean;
  readonly name: string;
  readonly groups: readonly string[];
  readonly waiting: number | null;
  /** Since when the oldest waiting contact waits. */
  readonly oldestSince: number | null;
  /** Agents that could answer now. */
  readonly available: number | null;
  /** Today's share of contacts answered within the target, 0 to 1. */
  readonly serviceLevel: number | null;
  /** Today's contacts by which the service level is counted. */
  readonly counted: number | null;
}

/** The hub: when the newest post arrived (`confirmedAt`). */
export interface HubFacts extends Confirmed {
  readonly kind: "hub";
}

export type Facts = AgentFacts | ContactFacts | QueueFacts | HubFacts;

export function subjectOf(facts: Facts): AlertSubject {
  switch (facts.kind) {
    case "agent":
      return { agentId: facts.agentId };
    case "contact":
      return { contactId: facts.contactId };
    case "queue":
      return { queueId: facts.queueId };
    case "hub":
      return "hub";
  }
}

/** A text that names the subject among all kinds of subjects. */
export function subjectKey(subject: AlertSubject): string {
  if (subject === "hub") return "hub";
  if ("agentId" in subject) return `agent:${subject.agentId}`;
  return "contactId" in subject ? `contact:${subject.contactId}` : `queue:${subject.queueId}`;
}

/** The subject's own id, as it stands in the id of an alert. */
export function subjectId(subject: AlertSubject): string {
  if (subject === "hub") return "hub";
  if ("agentId" in subject) return subject.agentId;
  return "contactId" in subject ? subject.contactId : subject.queueId;
}

/** Returns the groups that decide who may see an alert about the subject. The hub has none: only unlimited viewers see it. */
export function groupsOfFacts(facts: Facts): readonly string[] {
  if (facts.kind === "agent") return facts.row?.groups ?? [];
  return facts.kind === "hub" ? [] : facts.groups;
}

/** Returns the name of the queue, of the agent, or of the contact's agent; null = there is none, or it is unknown. */
export function nameOf(facts: Facts): string | null {
  if (facts.kind === "agent") return facts.row?.name || null;
  if (facts.kind === "contact") return facts.agentName;
  return facts.kind === "queue" ? facts.name : null;
}

/** Whether the subject is still there. */
export function isGoing(facts: Facts): boolean {
  if (facts.kind === "hub") return true;
  return facts.kind === "agent" ? facts.row !== null : facts.going;
}

/** Returns the newer of two facts about one subject; at the same time the one with the greater text, in every order alike. */
export function newerFacts(known: Facts | undefined, next: Facts): Facts {
  if (known === undefined || next.confirmedAt > known.confirmedAt) return next;
  if (next.confirmedAt < known.confirmedAt) return known;
  return JSON.stringify(next) > JSON.stringify(known) ? next : known;
}
