import { rmSync } from "node:fs";
import { isCommittedExample } from "../../infra/read-settings.ts";
import type { Stage } from "../../infra/stages.ts";
import { addDomainHeaders } from "./dashboard-headers.ts";
import { firstKeys } from "./hub-keys.ts";
import { announceStage, endWith, onlyStage, openTarget, refuseExample } from "./target.ts";
import { refuseUsage, runTool } from "./tools.ts";
import { dashboardFolder, writeWorkerConfig } from "./worker-config.ts";
import { listSecrets } from "./worker-secrets.ts";

// npm run deploy:hub: builds the dashboard and deploys the Worker of one stage. The first deployment brings the key of the tickets,
// which this command makes. Every later one keeps all secrets of the Worker.
const USAGE = "npm run deploy:hub -- [--config FILE] [--stage NAME] [options of wrangler deploy, such as --dry-run]";
/** Options of wrangler that would deploy something else than the stage. `--name` alone would keep domain and secrets. */
const OF_THE_STAGE =
  /^(?:--name|--env|-e|-c|--secrets-?file|--routes?|--domains?|--zones?|--zone-?id|--zone-?ids|--dispatch-?namespace|--assets|--script)(?:=|$)/i;

const target = openTarget(process.argv.slice(2), USAGE);
const { rest } = target.given;
const forbidden = rest.find((word) => OF_THE_STAGE.test(word));
if (forbidden !== undefined) {
  refuseUsage(`${forbidden} would change one part of a stage only. Add a stage to vigia.config.json and pass --stage.`, USAGE);
}
const setting = rest.find((word) => /^--vars?(?:=|$)/i.test(word));
if (setting !== undefined) {
  refuseUsage(`${setting} would be lost with the next deployment. Set it in the vars of the stage in vigia.config.json.`, USAGE);
}
const stage = onlyStage(target, USAGE);
// A dry run builds the Worker and asks no account.
if (!(rest.includes("--dry-run") && isCommittedExample(target.path))) refuseExample(target);
announceStage(target, stage);
const jurisdiction = stage.vars["JURISDICTION"] || null;
if (jurisdiction !== null)
  console.log(
    `  Its data stays in the jurisdiction ${jurisdiction}. Another one would be an empty board (docs/deploy.md, Where the data is).`,
  );
process.exitCode = await deploy(stage);

async function deploy(own: Stage): Promise<number> {
  const written = await writeWorkerConfig(own);
  if (!written.ok) return endWith(written.message);
  const keys = rest.includes("--dry-run") ? null : await keysOf(own);
  try {
    const outDir = dashboardFolder(own.workerName);
    const built = await runTool("vite", ["build", "--logLevel", "warn", "--emptyOutDir", "--outDir", outDir]);
    if (built !== 0) return built;
    addDomainHeaders(outDir, own.domain);
    const secrets = keys === null ? [] : ["--secrets-file", keys];
    const code = await runTool("wrangler", ["deploy", "--config", written.path, ...secrets, ...rest]);
    if (code === 0 && keys !== null) console.log("Next: npm run deploy:aws, then npm run secret -- add.");
    return code;
  } finally {
    if (keys !== null) rmSync(keys, { force: true });
  }
}

/** Asks Cloudflare whether the Worker has the key of its tickets. Without an answer nothing is deployed. */
async function keysOf(own: Stage): Promise<string | null> {
  const found = await listSecrets(own);
  if (found.state === "unknown") return endWith(`${found.reason} Nothing is deployed. Log in with npx wrangler login.`);
  return firstKeys(own.workerName, found);
}
