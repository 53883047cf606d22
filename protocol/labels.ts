import * as v from "valibot";

/** Longest id or name, in UTF-16 code units. */
export const MAX_LABEL = 256;

const LONE_SURROGATE = /\p{Surrogate}/u;
/** SQLite keeps ids as UTF-8, in which a lone surrogate has no form: two such ids would be one row. */
export function isWellFormed(id: string): boolean {
  return !LONE_SURROGATE.test(id);
}

export const idSchema = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_LABEL), v.check(isWellFormed));
export const labelSchema = v.pipe(v.string(), v.maxLength(MAX_LABEL));
export const optionalId = v.optional(v.nullable(idSchema), null);
export const optionalLabel = v.optional(v.nullable(labelSchema), null);
