import * as v from "valibot";

/** What a supervisor may do from the board. `free` clears a missed, failed or finished contact that keeps its agent from the next. */
export const ACTIONS = ["status", "free", "listen", "barge", "stop"] as const;
export type ActionName = (typeof ACTIONS)[number];

/** Ids of Amazon Connect and names of statuses are shorter. */
const id = v.pipe(v.string(), v.nonEmpty(), v.maxLength(256));
const instanceId = v.pipe(v.string(), v.nonEmpty(), v.maxLength(100));
/** A supervisor is known by few names: a user name, an e-mail address. */
const MAX_USERNAMES = 4;
/** The day on which the agent was offered the contact, and the one before. */
const MAX_DAYS = 3;
/** A presigned address has some 2,000 characters, most of them the token of the function's role. */
const MAX_ADDRESS = 8_192;

/** What the hub asks of the function `actions`, in the body of a signed post. Its `webhook-id` is new for each order. */
export const actionOrderSchema = v.variant("action", [
  v.object({ action: v.literal("status"), instanceId, agentId: id, statusName: id }),
  v.object({ action: v.literal("free"), instanceId, agentId: id, contactId: id }),
  v.object({ action: v.literal("stop"), instanceId, agentId: id, contactId: id }),
  v.object({
    action: v.picklist(["listen", "barge"]),
    instanceId,
    agentId: id,
    contactId: id,
    /** The names under which Amazon Connect may know the supervisor, from the signed-in identity. */
    usernames: v.pipe(v.array(id), v.maxLength(MAX_USERNAMES)),
  }),
  v.object({
    /** Look for the recording of a contact, and make a link to it. It changes nothing. */
    action: v.literal("recording"),
    instanceId,
    agentId: id,
    contactId: id,
    /** The days (YYYY-MM-DD in UTC) on which its audio may have begun: the keys of our own recordings have the day. */
    days: v.pipe(v.array(v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/))), v.maxLength(MAX_DAYS)),
  }),
]);
export type ActionOrder = v.InferOutput<typeof actionOrderSchema>;

/**
 * What became of an order. `code` is a stable word, and `message` a sentence for the supervisor. With `ok` false nothing was done,
 * unless the code is `unknown`: then nobody knows.
 */
export const actionOutcomeSchema = v.object({
  ok: v.boolean(),
  code: v.pipe(v.string(), v.regex(/^[a-z_]{1,40}$/)),
  message: v.pipe(v.string(), v.maxLength(500)),
  /** Only of `recording`: where it can be heard until `expiresAt` (epoch ms). Whoever has the address can. */
  recording: v.optional(v.object({ url: v.pipe(v.string(), v.url(), v.maxLength(MAX_ADDRESS)), expiresAt: v.number() })),
});
export type ActionOutcome = v.InferOutput<typeof actionOutcomeSchema>;

/** The contact that an order is about has ended, or is elsewhere. The hub answers 409 to it. */
export const CONTACT_MOVED_ON = "contact_moved_on";
/** Nobody knows whether the order was carried out. The hub answers 504 to it. */
export const OUTCOME_UNKNOWN = "unknown";
/** No recording of the contact is kept, or none yet. */
export const NO_RECORDING_KEPT = "no_recording";
