import * as v from "valibot";

/** The newest complete list of signed-in agents, from the parts of a `roster.snapshot`. */
export interface Listing {
  takenAt: number;
  agentIds: ReadonlySet<string>;
}

export const NO_LISTING: Listing = { takenAt: 0, agentIds: new Set() };

const storedSchema = v.object({ takenAt: v.number(), agentIds: v.array(v.string()) });

/** Reads what {@link listingToStored} wrote. An unreadable list counts as none: the next snapshot brings another. */
export function parseListing(stored: unknown): Listing {
  const parsed = v.safeParse(storedSchema, stored);
  return parsed.success ? { takenAt: parsed.output.takenAt, agentIds: new Set(parsed.output.agentIds) } : NO_LISTING;
}

export function listingToStored({ takenAt, agentIds }: Listing): v.InferInput<typeof storedSchema> {
  return { takenAt, agentIds: [...agentIds] };
}
