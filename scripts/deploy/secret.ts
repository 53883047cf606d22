import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { putSecrets } from "./put-secrets.ts";
import { addInstance, beginRotation, type Changed, finishRotation } from "./rotation.ts";
import { foreignSecrets, loadPutTimes, loadSecrets, savePutTimes, saveSecrets } from "./secrets-file.ts";
import { announce, endWith, onlyDeployment, openTarget, refuseExample } from "./target.ts";
import { refuseUsage } from "./tools.ts";
import { writeWorkerConfig } from "./worker-config.ts";

// npm run secret: manages the signing secret that both clouds share. It writes values to .deploy/ and never prints them.
const USAGE =
  "npm run secret -- new | rotate | finish | put [--config FILE] [--profile NAME] [--instance NAME] [--stage NAME] [--secret-id ARN] [--only hub|aws]";
/** The length of a signing secret, a ticket key and a token. RFC 7518 requires 32 bytes for an HS256 key. */
const RANDOM_BYTES = 32;

const target = openTarget(process.argv.slice(2), USAGE);
const { values, positionals } = readArguments(target.given.rest);
const [command, ...rest] = positionals;
if (command === undefined || rest.length > 0) refuseUsage("Give exactly one command: new, rotate, finish or put.", USAGE);
// The instance and its stack come from one entry of the settings, so a secret cannot reach the stack of another instance.
const deployment = onlyDeployment(target, USAGE);
refuseExample(target);
announce(target);
const instanceId = deployment.instance.id;
const { workerName } = deployment.stage;
const foreign = foreignSecrets(deployment.stage, target.all);
if (foreign !== null) endWith(foreign);
const random = () => randomBytes(RANDOM_BYTES).toString("base64");

try {
  const known = loadSecrets(workerName);
  const times = loadPutTimes();
  if (command === "new") {
    save(
      addInstance(known, instanceId, random),
      "The signing secret is in .deploy/. Next: npm run deploy:hub, then npm run deploy:aws",
    );
  } else if (command === "rotate") {
    // From now on the clouds have older secrets than this machine.
    savePutTimes({ ...times, [instanceId]: {} });
    save(
      beginRotation(known, instanceId, random),
      "The new secret is in .deploy/ next to the old one. Next: npm run secret -- put",
    );
  } else if (command === "finish") {
    save(
      finishRotation(known, instanceId, times[instanceId] ?? {}, Date.now()),
      "The old secret is no longer in .deploy/. Next: npm run secret -- put",
    );
  } else if (command === "put") {
    const only = values.only;
    if (only !== undefined && only !== "hub" && only !== "aws")
      refuseUsage(`--only must be hub or aws. It is ${JSON.stringify(only)}.`, USAGE);
    const written = only === "aws" ? null : await writeWorkerConfig(deployment.stage);
    if (written?.ok === false) throw new Error(written.message);
    const { asked, done } = await putSecrets(known, {
      deployment,
      workerConfig: written?.path ?? null,
      secretId: values["secret-id"],
      only,
    });
    const now = Date.now();
    savePutTimes({ ...times, [instanceId]: { ...times[instanceId], ...Object.fromEntries(done.map((cloud) => [cloud, now])) } });
    process.exitCode = done.length === asked.length ? 0 : 1;
  } else refuseUsage(`There is no command ${JSON.stringify(command)}.`, USAGE);
} catch (error) {
  console.error(`npm run secret -- ${command} failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

function save(changed: Changed, message: string): void {
  if (changed.ok) saveSecrets(workerName, changed.secrets);
  console.log(changed.ok ? message : changed.message);
  if (!changed.ok) process.exitCode = 1;
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { "secret-id": { type: "string" }, only: { type: "string" } },
    });
  } catch (error) {
    return refuseUsage(error instanceof Error ? error.message : "Unknown option.", USAGE);
  }
}
