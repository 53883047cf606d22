import { existsSync } from "node:fs";
import { SECRETS_FILE } from "./secrets-file.ts";
import { runTool } from "./tools.ts";

// npm run deploy:hub: builds the dashboard and deploys the Worker. The first deployment includes the secrets, because
// `wrangler secret put` works only for a Worker that exists. Later deployments keep the Worker's secrets.
const args = process.argv.slice(2);
const secrets = existsSync(SECRETS_FILE) ? ["--secrets-file", SECRETS_FILE] : [];
if (secrets.length === 0) {
  console.error(
    `${SECRETS_FILE} does not exist, so the Worker keeps its secrets. A new Worker needs npm run secret -- new first.`,
  );
}
process.exitCode =
  (await runTool("vite", ["build", "--logLevel", "warn"])) || (await runTool("wrangler", ["deploy", ...secrets, ...args]));
