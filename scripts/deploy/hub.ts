import { existsSync } from "node:fs";
import { isCommittedExample } from "../../infra/read-settings.ts";
import type { Stage } from "../../infra/stages.ts";
import { addDomainHeaders } from "./dashboard-headers.ts";
import { foreignSecrets, secretsFile } from "./secrets-file.ts";
import { announceStage, endWith, onlyStage, openTarget, refuseExample } from "./target.ts";
import { refuseUsage, runTool } from "./tools.ts";
import { dashboardFolder, writeWorkerConfig } from "./worker-config.ts";

// npm run deploy:hub: builds the dashboard and deploys the Worker of one stage. The first deployment includes the secrets, because
// `wrangler secret put` works only for a Worker that exists. Later deployments keep the Worker's secrets.
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
const stage = onlyStage(target, USAGE);
// A dry run builds the Worker and asks no account.
if (!(rest.includes("--dry-run") && isCommittedExample(target.path))) refuseExample(target);
announceStage(target, stage);
const jurisdiction = stage.vars["JURISDICTION"] || null;
if (jurisdiction !== null)
  console.log(
    `  Its data stays in the jurisdiction ${jurisdiction}. Another one would be an empty board (docs/deploy.md, Where the data is).`,
  );
const foreign = foreignSecrets(stage, target.all);
if (foreign !== null) endWith(foreign);
process.exitCode = await deploy(stage);

async function deploy({ workerName, name, domain }: Stage): Promise<number> {
  const written = await writeWorkerConfig(stage);
  if (!written.ok) return endWith(written.message);
  const file = secretsFile(workerName);
  const secrets = existsSync(file) ? ["--secrets-file", file] : [];
  if (secrets.length === 0) {
    console.error(
      `${file} does not exist, so the Worker ${workerName} keeps its secrets. ` +
        `A new Worker needs npm run secret -- new --stage ${name} first.`,
    );
  }
  const built = await runTool("vite", ["build", "--logLevel", "warn", "--emptyOutDir", "--outDir", dashboardFolder(workerName)]);
  if (built !== 0) return built;
  addDomainHeaders(dashboardFolder(workerName), domain);
  return runTool("wrangler", ["deploy", "--config", written.path, ...secrets, ...rest]);
}
