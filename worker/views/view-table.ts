import * as v from "valibot";
import { type SharedViewsAnswer, sharedViewsSchema } from "../../protocol/shared-views.ts";
import type { MetaTable } from "../meta-table.ts";
import { parseJson } from "../sql.ts";

const KEY = "shared_views";
const NONE: SharedViewsAnswer = { views: [], version: 0, changedAt: null, changedBy: null };
const storedSchema = v.fallback(sharedViewsSchema, NONE);

/** The views that admins share, in the SQLite of the center's object. They are few and rarely read, so memory keeps none. */
export class ViewTable {
  readonly #meta: MetaTable;

  constructor(meta: MetaTable) {
    this.#meta = meta;
  }

  read(): SharedViewsAnswer {
    return v.parse(storedSchema, parseJson(this.#meta.value(KEY) ?? "null"));
  }

  save(views: SharedViewsAnswer): void {
    this.#meta.setValue(KEY, JSON.stringify(views));
  }
}
