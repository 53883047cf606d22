import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../steps.ts";

/**
 * Rolls Worker and stack back with the real wrangler, CDK and git, as docs/maintain.md says: minutes, because each step deploys.
 * `node scripts/oracle/rollback.ts`. Exit code 0: all right. 1: a difference.
 */

const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
const args = [vitest, "run", "--project", "node", "test/infra/rollback.test.ts"];
const { status } = spawnSync(process.execPath, args, {
  cwd: ROOT,
  stdio: "inherit",
  env: { ...process.env, VIGIA_ROLLBACK: "1" },
});
console.log(status === 0 ? "wrangler and the CDK roll back as the page says" : "the rollback differs from the page");
process.exitCode = status === 0 ? 0 : 1;
