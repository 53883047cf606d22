import * as v from "valibot";
import type { CollectionDefinition } from "../../core/board/collection.ts";

const lampSchema = v.object({
  lampId: v.string(),
  color: v.fallback(v.string(), "white"),
  rooms: v.fallback(v.array(v.string()), []),
});

/** A row type that only tests have. Code that works for lamps works for every collection. */
export type Lamp = v.InferOutput<typeof lampSchema>;

export const LAMPS: CollectionDefinition<Lamp> = {
  name: "lamps",
  keyField: "lampId",
  fields: Object.keys(lampSchema.entries),
  parse(stored) {
    const parsed = v.safeParse(lampSchema, stored);
    return parsed.success ? parsed.output : null;
  },
  groupsOf: ({ rooms }) => rooms,
  toWire: (lamp, now) => ({ ...lamp, at: now }),
  toPatch: (lamp, fields) => ({
    lampId: lamp.lampId,
    ...Object.fromEntries(Object.entries(lamp).filter(([field]) => fields.has(field))),
  }),
  firstRelease: null,
};
