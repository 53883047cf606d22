import { parseArgs } from "node:util";
import { argumentProblem } from "../../local/start/argument-problem.ts";
import { hubAddress } from "./hub-address.ts";
import { eraseData, restoreFile, writeBackup } from "./hub-data.ts";
import { openHub } from "./open-hub.ts";
import { HubError } from "./signed-hub.ts";
import { announce, endWith, onlyDeployment, openTarget, refuseExample } from "./target.ts";
import { refuseUsage } from "./tools.ts";

// npm run data: backs up, restores and erases what the hub stores of an instance (docs/maintain.md). It signs with the stack's secret.
const USAGE =
  "npm run data -- backup FILE | restore FILE --yes | erase --agent ID --yes | erase --everything --yes " +
  "[--secret-id ARN] [--hub-url URL] [--config FILE] [--instance NAME]";

const target = openTarget(process.argv.slice(2), USAGE);
const { what, file, options } = readArguments(target.given.rest);
const deployment = onlyDeployment(target, USAGE);
const { instance } = deployment;
refuseExample(target);
announce(target);
const hub = await openHub(deployment, {
  secretId: options["secret-id"],
  hubUrl: hubAddress("--hub-url", options["hub-url"], USAGE),
});
if (what !== "backup" && options.yes !== true) {
  endWith(
    `This would ${what} data of the instance ${instance.id} at ${hub.url}, and nothing brings it back. Repeat it with --yes.`,
  );
}
try {
  if (what === "backup")
    console.log(`${await writeBackup(hub, file)} rows are in ${file}. It holds personal data: keep it as safe as the hub.`);
  else if (what === "restore") console.log(`${await restoreFile(hub, file)} rows are restored. Boards show them now.`);
  else {
    const rows = await eraseData(hub, options.agent === undefined ? { everything: true } : { agentId: options.agent });
    console.log(options.agent === undefined ? "All data of the instance is erased." : `${rows} rows are erased.`);
  }
} catch (error) {
  endWith(error instanceof HubError ? error.message : "The hub answered in an unknown form. Deploy the release of this command.");
}

interface DataArguments {
  what: "backup" | "restore" | "erase";
  file: string;
  options: { agent?: string; everything?: boolean; yes?: boolean; "secret-id"?: string; "hub-url"?: string };
}

function readArguments(args: string[]): DataArguments {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: { agent: text, everything: flag, yes: flag, "secret-id": text, "hub-url": text },
    });
    const [what, file = "", ...more] = positionals;
    const isErasure = what === "erase" && file === "" && (values.agent !== undefined) !== (values.everything === true);
    if (more.length === 0 && (isErasure || ((what === "backup" || what === "restore") && file !== "")))
      return { what, file, options: values };
  } catch (error) {
    return refuseUsage(argumentProblem(error), USAGE);
  }
  return refuseUsage("Say what to do: backup FILE, restore FILE, erase --agent ID, or erase --everything.", USAGE);
}
