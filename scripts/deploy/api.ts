import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { asyncApi } from "./asyncapi.ts";
import { COST_PAGES, withCostFigures } from "./cost-page.ts";
import { openApi } from "./openapi.ts";
import { settingsJsonSchema } from "./settings-schema.ts";
import { ROOT } from "./tools.ts";

// npm run api: writes docs/openapi.json, docs/asyncapi.json and vigia.config.schema.json from the schemas that parse,
// and the figures of docs/cost.md and docs/cost.es.md from the formula.
const { version } = v.parse(v.object({ version: v.string() }), JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
for (const [name, document] of [
  ["docs/openapi.json", openApi(version)],
  ["docs/asyncapi.json", asyncApi(version)],
  ["vigia.config.schema.json", settingsJsonSchema()],
] as const) {
  writeFileSync(join(ROOT, name), `${JSON.stringify(document, null, 2)}\n`);
  console.log(name);
}
for (const path of COST_PAGES) {
  const costPage = join(ROOT, path);
  writeFileSync(costPage, withCostFigures(path, readFileSync(costPage, "utf8")));
  console.log(path);
}
