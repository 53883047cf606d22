import * as v from "valibot";
import { type SharedViewsAnswer, sharedViewsSchema } from "../../../protocol/shared-views.ts";
import { currentQuery } from "./view-query.ts";

const refusalSchema = v.object({ error: v.string() });

/** Returns the center's views in an answer of the hub, with the keys of today; null = it has none. */
export function readCenterViews(body: unknown): SharedViewsAnswer | null {
  const parsed = v.safeParse(sharedViewsSchema, body);
  if (!parsed.success) return null;
  const views = parsed.output.views.map(({ name, query }) => ({ name, query: currentQuery(query) }));
  return { ...parsed.output, views };
}

/** Why the hub refused a change, by its stable words. */
export const VIEW_REFUSALS = ["not_allowed", "changed_meanwhile", "name_taken", "too_many_views", "invalid_views"] as const;

/** Returns why the hub changed nothing; `failed` = it did not say, or says something new. */
export function viewRefusal(body: unknown): (typeof VIEW_REFUSALS)[number] | "failed" {
  const word = v.is(refusalSchema, body) ? body.error : "";
  return VIEW_REFUSALS.find((known) => known === word) ?? "failed";
}
