import * as v from "valibot";

/** Longest id or name, in UTF-16 code units. */
export const MAX_LABEL = 256;

export const idSchema = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_LABEL));
export const labelSchema = v.pipe(v.string(), v.maxLength(MAX_LABEL));
export const optionalId = v.optional(v.nullable(idSchema), null);
export const optionalLabel = v.optional(v.nullable(labelSchema), null);
