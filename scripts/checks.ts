import { globSync } from "node:fs";
import { dirname } from "node:path";
import { type CheckStep, ROOT } from "./steps.ts";

/** Returns the checks that need no browser: the types of every folder with a tsconfig, lint and format, unused code, hard texts. */
export function checks(): CheckStep[] {
  const leaves = globSync("{*,*/*}/tsconfig.json", { cwd: ROOT, exclude: ["node_modules", "dist", "cdk.out"] })
    .map((file) => dirname(file))
    .sort();
  return [
    ...leaves.map((leaf) => ({ name: `types ${leaf}`, command: "tsc", args: ["-p", leaf] })),
    { name: "types core", command: "tsc", args: ["-p", "."] },
    { name: "lint and format", command: "biome", args: ["ci", "--colors=off", "."] },
    { name: "unused code", command: "knip", args: ["--no-progress"] },
    { name: "prose", command: "node", args: ["scripts/prose.ts"] },
  ];
}
