import * as v from "valibot";

/** What a viewer learns of its contact center beside agents, queues and alerts. */
export const centerFactsSchema = v.object({
  /** The name that the operator gave the center; null = none. */
  name: v.nullable(v.string()),
  /** The IANA name of the time zone in which the center's days begin. */
  timeZone: v.string(),
  /** The role that may hear recordings; null = nobody may. An older hub does not say. */
  recordingRole: v.optional(v.nullable(v.string())),
});
export type CenterFacts = Readonly<v.InferOutput<typeof centerFactsSchema>>;
