import * as v from "valibot";

/**
 * An object from names to numbers. valibot's own record leaves out names such as `constructor`, and a group or a category may be
 * called that.
 */
export const numberRecordSchema = v.custom<Readonly<Record<string, number>>>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === "number"),
);
