import * as v from "valibot";

const flowEventSchema = v.object({ Details: v.object({ ContactData: v.object({ ContactId: v.string() }) }) });
const contactEventSchema = v.object({ detail: v.object({ eventType: v.literal("DISCONNECTED"), contactId: v.string() }) });

/** Keeps what Amazon Connect knows of the simulated contacts, so that DescribeContact can answer. */
export class KnownContacts {
  /** Contact id -> when it was disconnected (epoch ms), null while it goes on. */
  readonly #contacts: Map<string, number | null>;

  constructor(contacts: Map<string, number | null>) {
    this.#contacts = contacts;
  }

  /** Call with the event of a contact flow: its contact goes on. */
  noteStart(flowEvent: object): void {
    const result = v.safeParse(flowEventSchema, flowEvent);
    if (result.success) this.#contacts.set(result.output.Details.ContactData.ContactId, null);
  }

  /** Call with a contact event. One that ends a contact counts. @param now epoch ms */
  noteEnd(contactEvent: object, now: number): void {
    const result = v.safeParse(contactEventSchema, contactEvent);
    if (result.success) this.#contacts.set(result.output.detail.contactId, now);
  }
}
