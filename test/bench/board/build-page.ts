import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Builds the page into dist/dashboard, like a deployment. */
export function buildPage(): void {
  execFileSync(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--logLevel", "error"], {
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    env: { ...process.env, NODE_ENV: "production" },
    stdio: "inherit",
  });
}
