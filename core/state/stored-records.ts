import * as v from "valibot";
import { type ContactTurn, contactTurnSchema } from "../../protocol/updates.ts";
import { type AgentRecord, agentRecordSchema } from "./agent-record.ts";
import { type ContactRecord, contactRecordSchema } from "./contact-record.ts";

/**
 * Records as JSON in storage. A record of another version of the code is read with defaults; null = it is no such record. Some
 * fields keep the names of the first release, so that a rollback finds them: `swept`, `removedHeardAt`, `spoken`, `heardAt`.
 */

export function agentRecordToStored({ expiredContacts, removalReceivedAt, ...record }: AgentRecord): object {
  return { ...record, swept: expiredContacts, removedHeardAt: removalReceivedAt };
}

export function parseAgentRecord(stored: unknown): AgentRecord | null {
  const { swept: expiredContacts, removedHeardAt: removalReceivedAt, ...record } = fieldsOf(stored);
  const parsed = v.safeParse(agentRecordSchema, { ...record, expiredContacts, removalReceivedAt });
  return parsed.success ? parsed.output : null;
}

/** @param carried what contacts carry of agents' rows, for `CarriedRows`; undefined = nothing */
export function contactRecordToStored(record: ContactRecord, carried?: readonly object[]): object {
  // JSON leaves out what is undefined. To copy all fields but two would take longer than to copy all.
  const { hasTurns: spoken, receivedAt: heardAt } = record;
  return { ...record, hasTurns: undefined, receivedAt: undefined, spoken, heardAt, carried };
}

export function parseContactRecord(stored: unknown): ContactRecord | null {
  const { spoken: hasTurns, heardAt: receivedAt, ...record } = fieldsOf(stored);
  const parsed = v.safeParse(contactRecordSchema, { ...record, hasTurns, receivedAt });
  return parsed.success ? parsed.output : null;
}

/** A stored turn may have a time that a post of today may no longer have. */
const storedTurnSchema = v.object({ ...contactTurnSchema.entries, occurredAt: v.number() });

/** Turns are stored as they were posted. */
export function parseTurn(stored: unknown): ContactTurn | null {
  const parsed = v.safeParse(storedTurnSchema, stored);
  return parsed.success ? parsed.output : null;
}

function fieldsOf(stored: unknown): Record<string, unknown> {
  return typeof stored === "object" && stored !== null ? { ...stored } : {};
}
