import * as v from "valibot";
import type { LocalConnect } from "../aws/connect.ts";

const flowEventSchema = v.object({ Details: v.object({ ContactData: v.object({ ContactId: v.string() }) }) });
const time = v.optional(v.pipe(v.string(), v.transform(Date.parse)));
const contactEventSchema = v.object({
  detail: v.object({
    contactId: v.string(),
    initiationTimestamp: time,
    disconnectTimestamp: time,
    agentInfo: v.optional(v.object({ connectedToAgentTimestamp: time })),
  }),
});

/** Contacts that ended are known for so long. Amazon Connect knows them for two years. */
const KNOWN_AFTER_END_MS = 15 * 60_000;
/** Bounds the memory of a demo that runs for a day at twenty times the speed. */
const MAX_ENDED = 5_000;

/** Keeps what Amazon Connect knows of the simulated contacts, so that DescribeContact can answer. */
export class KnownContacts {
  readonly #connect: Pick<LocalConnect, "contacts" | "contactTimes">;
  /** Contact id -> when its end was noted. The oldest is first. */
  readonly #ended = new Map<string, number>();

  constructor(connect: Pick<LocalConnect, "contacts" | "contactTimes">) {
    this.#connect = connect;
  }

  /** Call with the event of a contact flow: its contact goes on, and waits for an agent. @param now epoch ms */
  noteStart(flowEvent: object, now: number): void {
    const result = v.safeParse(flowEventSchema, flowEvent);
    if (!result.success) return;
    const { ContactId: contactId } = result.output.Details.ContactData;
    this.#note(contactId, { initiatedAt: now, connectedToAgentAt: null, endedAt: null }, now);
  }

  /** Call with every contact event. Each one repeats the times of those before it. @param now epoch ms */
  noteEvent(contactEvent: object, now: number): void {
    const result = v.safeParse(contactEventSchema, contactEvent);
    if (!result.success) return;
    const { contactId, agentInfo, initiationTimestamp, disconnectTimestamp } = result.output.detail;
    const connectedToAgentAt = agentInfo?.connectedToAgentTimestamp ?? null;
    this.#note(
      contactId,
      { initiatedAt: initiationTimestamp ?? now, connectedToAgentAt, endedAt: disconnectTimestamp ?? null },
      now,
    );
  }

  #note(
    contactId: string,
    told: { initiatedAt: number; connectedToAgentAt: number | null; endedAt: number | null },
    now: number,
  ): void {
    const { contacts, contactTimes } = this.#connect;
    const known = contactTimes.get(contactId);
    contacts.set(contactId, told.endedAt ?? contacts.get(contactId) ?? null);
    contactTimes.set(contactId, {
      initiatedAt: known?.initiatedAt ?? told.initiatedAt,
      connectedToAgentAt: told.connectedToAgentAt ?? known?.connectedToAgentAt ?? null,
    });
    if (told.endedAt !== null && !this.#ended.has(contactId)) this.#ended.set(contactId, now);
    this.#forgetOld(now);
  }

  #forgetOld(now: number): void {
    for (const [contactId, endedAt] of this.#ended) {
      if (this.#ended.size <= MAX_ENDED && endedAt > now - KNOWN_AFTER_END_MS) return;
      this.#ended.delete(contactId);
      this.#connect.contacts.delete(contactId);
      this.#connect.contactTimes.delete(contactId);
    }
  }
}
