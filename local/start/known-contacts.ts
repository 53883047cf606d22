import * as v from "valibot";
import type { LocalConnect } from "../aws/connect.ts";

const flowEventSchema = v.object({ Details: v.object({ ContactData: v.object({ ContactId: v.string() }) }) });
const contactEventSchema = v.object({
  detail: v.object({
    eventType: v.picklist(["CONNECTED_TO_AGENT", "DISCONNECTED"]),
    contactId: v.string(),
    agentInfo: v.optional(v.object({ connectedToAgentTimestamp: v.string() })),
  }),
});

/** Keeps what Amazon Connect knows of the simulated contacts, so that DescribeContact can answer. */
export class KnownContacts {
  readonly #connect: Pick<LocalConnect, "contacts" | "contactTimes">;

  constructor(connect: Pick<LocalConnect, "contacts" | "contactTimes">) {
    this.#connect = connect;
  }

  /** Call with the event of a contact flow: its contact goes on, and waits for an agent. @param now epoch ms */
  noteStart(flowEvent: object, now: number): void {
    const result = v.safeParse(flowEventSchema, flowEvent);
    if (!result.success) return;
    const { ContactId: contactId } = result.output.Details.ContactData;
    this.#connect.contacts.set(contactId, null);
    const known = this.#connect.contactTimes.get(contactId);
    this.#connect.contactTimes.set(contactId, known ?? { initiatedAt: now, connectedToAgentAt: null });
  }

  /** Call with a contact event. One that connects an agent or ends the contact counts. @param now epoch ms */
  noteEvent(contactEvent: object, now: number): void {
    const result = v.safeParse(contactEventSchema, contactEvent);
    if (!result.success) return;
    const { eventType, contactId, agentInfo } = result.output.detail;
    if (eventType === "DISCONNECTED") {
      this.#connect.contacts.set(contactId, now);
      return;
    }
    const connectedToAgentAt = agentInfo === undefined ? now : Date.parse(agentInfo.connectedToAgentTimestamp);
    const { initiatedAt } = this.#connect.contactTimes.get(contactId) ?? { initiatedAt: now };
    this.#connect.contactTimes.set(contactId, { initiatedAt, connectedToAgentAt });
  }
}
