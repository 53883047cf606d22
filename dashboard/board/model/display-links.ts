import * as v from "valibot";

/** A link that signs a wallboard in, as the hub lists it. Times are epoch ms; the groups `["*"]` are all. */
const linkSchema = v.object({
  name: v.string(),
  groups: v.array(v.string()),
  madeAt: v.number(),
  madeBy: v.string(),
  usedAt: v.nullable(v.number()),
  expiresAt: v.number(),
});
export type WallboardLink = v.InferOutput<typeof linkSchema>;

const listSchema = v.object({ data: v.array(linkSchema) });
const madeSchema = v.object({ url: v.string() });
const refusedSchema = v.object({ message: v.string() });

/** Every group, in a link. */
export const EVERY_GROUP = "*";

/** Returns the links in an answer of the hub; null = it has none. */
export function readLinks(body: unknown): readonly WallboardLink[] | null {
  return v.is(listSchema, body) ? body.data : null;
}

/** Returns the address of a new link; null = the hub made none. */
export function readLinkAddress(body: unknown): string | null {
  return v.is(madeSchema, body) ? body.url : null;
}

/** Returns why the hub refused a request, in its words; null = it did not say. */
export function readRefusal(body: unknown): string | null {
  return v.is(refusedSchema, body) ? body.message : null;
}
