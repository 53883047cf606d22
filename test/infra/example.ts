import { readFileSync } from "node:fs";
import * as v from "valibot";
import { type Deployment, parseSettingsFile } from "../../infra/settings-file.ts";

const exampleFile = v.parse(
  v.object({ instances: v.tuple([v.record(v.string(), v.unknown())]) }),
  JSON.parse(readFileSync("vigia.config.example.json", "utf8")),
);

/** The settings of the instance in vigia.config.example.json, with the address of its hub. */
export const EXAMPLE = { hubUrl: "https://vigia.example.com", ...exampleFile.instances[0] };

/** Returns the deployment of the example with other settings. @throws Error with the problems of the settings */
export function exampleWith(overrides: Record<string, unknown>): Deployment {
  const parsed = parseSettingsFile({ instances: [{ ...EXAMPLE, ...overrides }] });
  const [deployment] = parsed.ok ? parsed.deployments : [];
  if (deployment === undefined) throw new Error(parsed.ok ? "no deployment" : parsed.problems.join("\n"));
  return deployment;
}
