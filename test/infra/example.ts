import { readFileSync } from "node:fs";
import * as v from "valibot";

const cdkJson = v.parse(
  v.object({ context: v.object({ vigia: v.record(v.string(), v.unknown()) }) }),
  JSON.parse(readFileSync("cdk.json", "utf8")),
);

/** The committed example settings. */
export const EXAMPLE = cdkJson.context.vigia;
