import * as v from "valibot";
import { type ContactTurn, contactTurnSchema } from "../../protocol/updates.ts";
import { type AgentRecord, agentRecordSchema } from "./agent-record.ts";
import { type ContactRecord, contactRecordSchema } from "./contact-record.ts";

/**
 * Records as JSON in storage. What another version of the code wrote is read with defaults; null = it is no such record. Some
 * fields keep the names of the first release, so that a rollback finds them.
 */

/** Field of an agent's record -> its name in storage. */
const AGENT_NAMES = { expiredContacts: "swept", removalReceivedAt: "removedHeardAt" } as const;
/** Field of a contact's record -> its name in storage. */
const CONTACT_NAMES = { hasTurns: "spoken", receivedAt: "heardAt" } as const;

type Names = Readonly<Record<string, string>>;

export function agentRecordToStored(record: AgentRecord): object {
  return renamed(record, AGENT_NAMES);
}

export function parseAgentRecord(stored: unknown): AgentRecord | null {
  const parsed = v.safeParse(agentRecordSchema, renamed(stored, inverse(AGENT_NAMES)));
  return parsed.success ? parsed.output : null;
}

export function contactRecordToStored(record: ContactRecord): object {
  return renamed(record, CONTACT_NAMES);
}

export function parseContactRecord(stored: unknown): ContactRecord | null {
  const parsed = v.safeParse(contactRecordSchema, renamed(stored, inverse(CONTACT_NAMES)));
  return parsed.success ? parsed.output : null;
}

/** Turns are stored as they were posted. */
export function parseTurn(stored: unknown): ContactTurn | null {
  const parsed = v.safeParse(contactTurnSchema, stored);
  return parsed.success ? parsed.output : null;
}

function renamed(record: unknown, names: Names): object {
  if (typeof record !== "object" || record === null) return {};
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [Object.hasOwn(names, name) ? names[name] : name, value]),
  );
}

function inverse(names: Names): Names {
  return Object.fromEntries(Object.entries(names).map(([field, stored]) => [stored, field]));
}
