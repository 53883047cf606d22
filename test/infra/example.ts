import { readFileSync } from "node:fs";
import * as v from "valibot";

const cdkJson = v.parse(
  v.object({ context: v.object({ vigia: v.record(v.string(), v.unknown()) }) }),
  JSON.parse(readFileSync("cdk.json", "utf8")),
);

/** The example settings of cdk.json. */
export const EXAMPLE = cdkJson.context.vigia;
