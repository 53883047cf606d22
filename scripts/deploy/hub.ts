import { existsSync } from "node:fs";
import { SECRETS_FILE } from "./secrets-file.ts";
import { runTool } from "./tools.ts";

// npm run deploy:hub: builds the dashboard and deploys the Worker. The first deployment needs its secrets with it, because
// `wrangler secret put` only knows Workers that exist; later ones keep the secrets they have.
const args = process.argv.slice(2);
const secrets = existsSync(SECRETS_FILE) ? ["--secrets-file", SECRETS_FILE] : [];
if (secrets.length === 0) {
  console.error("No .deploy/hub-secrets.json here: the Worker keeps the secrets it has. Is it new? First: npm run secret -- new");
}
process.exitCode =
  (await runTool("vite", ["build", "--logLevel", "warn"])) || (await runTool("wrangler", ["deploy", ...secrets, ...args]));
