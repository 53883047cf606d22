import * as v from "valibot";

/** More would not fit a menu. */
export const MAX_SHARED_VIEWS = 50;
/** Characters of a name. The board's own views have as many. */
export const MAX_VIEW_NAME = 40;
/** Characters of a query: some twenty teams and queues by their names. */
export const MAX_VIEW_QUERY = 2_000;

/** A view that an admin shares with the center. `query` has the form of the board's address, without `?`. */
export const sharedViewSchema = v.object({ name: v.string(), query: v.string() });
export type SharedView = v.InferOutput<typeof sharedViewSchema>;

/** The answer to `GET …/views` and `PUT …/views`. */
export const sharedViewsSchema = v.object({
  views: v.array(sharedViewSchema),
  /** Grows with each change. */
  version: v.number(),
  /** Epoch ms; null = nobody has shared one yet. */
  changedAt: v.nullable(v.number()),
  changedBy: v.nullable(v.string()),
});
export type SharedViewsAnswer = v.InferOutput<typeof sharedViewsSchema>;
