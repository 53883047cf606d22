import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseSettingsFile } from "../../infra/settings-file.ts";
import { VARIANTS, variant } from "../../scripts/oracle/template/variants.ts";

test("The settings whose templates `npm run oracle` judges are valid, so that it judges them.", () => {
  const example = JSON.parse(readFileSync("vigia.config.example.json", "utf8"));
  const instances = VARIANTS.map((own, index) => variant(example.instances[0], own, index));
  const parsed = parseSettingsFile({ ...example, instances });
  expect(parsed.ok ? [] : parsed.problems).toEqual([]);
});
