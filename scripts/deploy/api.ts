import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { asyncApi } from "./asyncapi.ts";
import { openApi } from "./openapi.ts";
import { ROOT } from "./tools.ts";

// npm run api: writes docs/openapi.json and docs/asyncapi.json from the schemas with which both sides parse.
const { version } = v.parse(v.object({ version: v.string() }), JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
for (const [name, document] of [
  ["openapi", openApi(version)],
  ["asyncapi", asyncApi(version)],
] as const) {
  writeFileSync(join(ROOT, `docs/${name}.json`), `${JSON.stringify(document, null, 2)}\n`);
  console.log(`docs/${name}.json`);
}
