import * as v from "valibot";

/**
 * The fields that are read of the event of a contact flow's Lambda block (Administrator Guide, "Invoke AWS Lambda functions").
 * `Audio` is null or missing when the block "Start media streaming" did not run before the Lambda block.
 */

const audioSchema = v.object({
  StreamARN: v.pipe(v.string(), v.regex(/^arn:[\w-]+:kinesisvideo:[\w-]+:\d{12}:stream\/[^/]+\/\d+$/)),
  /** 47 digits, so a number would lose precision. */
  StartFragmentNumber: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^\d{1,128}$/))), null),
  /** Epoch milliseconds as text. */
  StartTimestamp: v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number)),
});

/** Is neither true nor false, and no language. */
const NO_TEXT = "no-text";

/**
 * Amazon Connect's attributes are texts. Other programs that call the function may write null for one that a flow did not set, or a
 * number or true where Amazon Connect writes its text. One odd attribute must not cost the call.
 */
const attributesSchema = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((attributes) =>
    Object.fromEntries(
      Object.entries(attributes).flatMap(([name, value]) => (value === null ? [] : [[name, attributeText(value)]])),
    ),
  ),
);
/** A text, or null for anything else. */
const textOrNull = v.fallback(v.nullable(v.string()), null);

const contactFlowEventSchema = v.object({
  Details: v.object({
    ContactData: v.object({
      Attributes: v.optional(v.nullable(attributesSchema), null),
      Channel: v.string(),
      ContactId: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)),
      InitialContactId: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(256))), null),
      InstanceARN: v.pipe(v.string(), v.regex(/^arn:[\w-]+:connect:[\w-]+:\d{12}:instance\/[\w-]+$/)),
      LanguageCode: v.optional(textOrNull, null),
      MediaStreams: v.optional(
        v.nullable(
          v.object({
            Customer: v.optional(v.nullable(v.object({ Audio: v.optional(v.nullable(audioSchema), null) })), null),
          }),
        ),
        null,
      ),
    }),
  }),
});

export interface FlowContact {
  contactId: string;
  initialContactId: string | null;
  instanceId: string;
  channel: string;
  attributes: Readonly<Record<string, string>>;
  /** The attribute `languageCode` of the contact, or else the language of the flow. */
  language: string | null;
  media: { streamArn: string; startTimestamp: number; startFragment: string | null } | null;
}

export type ParsedFlowEvent = { ok: true; contact: FlowContact } | { ok: false; path: string };

/** Reads a contact-flow event. A refusal names the first wrong field and never its value, which may be a phone number. */
export function parseFlowEvent(event: unknown): ParsedFlowEvent {
  const result = v.safeParse(contactFlowEventSchema, event, { abortEarly: true });
  if (!result.success) return { ok: false, path: v.getDotPath(result.issues[0]) ?? "event" };
  const data = result.output.Details.ContactData;
  const attributes = data.Attributes ?? {};
  const audio = data.MediaStreams?.Customer?.Audio ?? null;
  return {
    ok: true,
    contact: {
      contactId: data.ContactId,
      initialContactId: data.InitialContactId || null,
      instanceId: data.InstanceARN.slice(data.InstanceARN.lastIndexOf("/") + 1),
      channel: data.Channel,
      attributes,
      language: attributes["languageCode"]?.trim() || data.LanguageCode || null,
      media:
        audio === null
          ? null
          : { streamArn: audio.StreamARN, startTimestamp: audio.StartTimestamp, startFragment: audio.StartFragmentNumber },
    },
  };
}

/** Returns the text of an attribute. A list or an object has none that a flow could mean, so it permits nothing. */
function attributeText(value: unknown): string {
  return typeof value === "object" ? NO_TEXT : String(value);
}
