import * as v from "valibot";

/** What an admin or an operator sends to try a target. */
export const alertTestSchema = v.object({ target: v.pipe(v.string(), v.nonEmpty(), v.maxLength(64)) });

/** A test on its way from the Worker to the object. Who asks by a signed post has the id of the post instead of a subject. */
const askedTestSchema = v.object({
  ...alertTestSchema.entries,
  by: v.variant("kind", [
    v.object({ kind: v.literal("post"), webhookId: v.string() }),
    v.object({
      kind: v.literal("admin"),
      subject: v.string(),
      // An older Worker sends none.
      name: v.optional(v.string()),
      ticket: v.nullable(v.object({ id: v.string(), expiresAt: v.number() })),
    }),
  ]),
});
export type AskedAlertTest = v.InferOutput<typeof askedTestSchema>;

/** Reads a test where it arrives. @throws ValiError when it names no target, or nobody who asks */
export function readAskedTest(asked: unknown): AskedAlertTest {
  return v.parse(askedTestSchema, asked);
}
