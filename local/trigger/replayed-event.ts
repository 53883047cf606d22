import * as v from "valibot";
import { readCallWishes } from "../../aws-ingest/connect/call-wishes.ts";
import { parseFlowEvent } from "../../aws-ingest/connect/contact-flow-event.ts";

/** The fields of a contact-flow event that a second run has to replace. Every other field stays as it is in the file. */
const replayedSchema = v.looseObject({
  Details: v.looseObject({
    ContactData: v.looseObject({
      ContactId: v.pipe(v.string(), v.nonEmpty()),
      Attributes: v.optional(v.nullable(v.looseObject({ languageCode: v.optional(v.nullable(v.string())) }))),
      LanguageCode: v.optional(v.nullable(v.string())),
      MediaStreams: v.optional(
        v.nullable(
          v.looseObject({
            Customer: v.optional(v.nullable(v.looseObject({ Audio: v.optional(v.nullable(v.looseObject({}))) }))),
          }),
        ),
      ),
    }),
  }),
});

/** The sound that stands in for the one of the event, which is no longer in Kinesis Video Streams. */
export interface ReplayedSound {
  StreamARN: string;
  /** Epoch milliseconds as text, as Amazon Connect writes it. */
  StartTimestamp: string;
  StartFragmentNumber: string;
}

export interface ReplayedEvent {
  /** `en` unless the call is in Spanish. */
  language: "es" | "en";
  /** The sides whose turns the hub is to get. */
  sides: { customer: boolean; agent: boolean };
  /** Returns the event of a new contact with this sound. An event without sound stays without. */
  withSound(contactId: string, sound: ReplayedSound): unknown;
}

/** Reads an event of the Lambda block of a flow. Returns null if it has no contact id, so that nothing can be replaced. */
export function readReplayedEvent(event: unknown): ReplayedEvent | null {
  const result = v.safeParse(replayedSchema, event);
  if (!result.success) return null;
  const { ContactId, Attributes, LanguageCode } = result.output.Details.ContactData;
  const parsed = parseFlowEvent(event);
  return {
    sides: readCallWishes(parsed.ok ? parsed.contact.attributes : {}).sides,
    language: (Attributes?.languageCode ?? LanguageCode ?? "").trim().toLowerCase().startsWith("es") ? "es" : "en",
    withSound(contactId, sound) {
      // Other fields name the contact too, such as InitialContactId.
      const renamed = v.parse(replayedSchema, JSON.parse(JSON.stringify(event).replaceAll(ContactId, contactId)));
      const customer = renamed.Details.ContactData.MediaStreams?.Customer;
      if (customer?.Audio) customer.Audio = { ...customer.Audio, ...sound };
      return renamed;
    },
  };
}
