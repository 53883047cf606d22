import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { putSecrets } from "./put-secrets.ts";
import { addInstance, beginRotation, type Changed, finishRotation } from "./rotation.ts";
import { loadPutTimes, loadSecrets, savePutTimes, saveSecrets } from "./secrets-file.ts";
import { readSettings } from "./settings.ts";
import { refuseUsage } from "./tools.ts";

// npm run secret: one signing secret, the same in both clouds. Values are written to .deploy/ and never printed.
const USAGE = "npm run secret -- new | rotate | finish | put [--instance ID] [--secret-id ARN] [--only hub|aws]";
/** Bytes of a signing secret, of a ticket key, of a token: what RFC 7518 asks of an HS256 key. */
const RANDOM_BYTES = 32;

const { values, positionals } = readArguments();
const [command, ...rest] = positionals;
if (command === undefined || rest.length > 0) refuseUsage("Say what to do.", USAGE);
const settings = readSettings();
const instanceId = values.instance ?? (settings.ok ? settings.instance.id : undefined);
if (instanceId === undefined) refuseUsage("Which instance? The deployment settings name none.", USAGE);
const random = () => randomBytes(RANDOM_BYTES).toString("base64");

try {
  const known = loadSecrets();
  const times = loadPutTimes();
  if (command === "new") {
    save(addInstance(known, instanceId, random), "Made. Next: npm run deploy:hub, then npm run deploy:aws");
  } else if (command === "rotate") {
    // What the clouds hold from here on is older than this change.
    savePutTimes({ ...times, [instanceId]: {} });
    save(beginRotation(known, instanceId, random), "The new secret stands next to the old one. Next: npm run secret -- put");
  } else if (command === "finish") {
    save(
      finishRotation(known, instanceId, times[instanceId] ?? {}, Date.now()),
      "The old secret is gone here. Next: npm run secret -- put",
    );
  } else if (command === "put") {
    const only = values.only;
    if (only !== undefined && only !== "hub" && only !== "aws") refuseUsage("--only is hub or aws.", USAGE);
    const stackName = settings.ok ? settings.settings.stackName : "Vigia";
    const region = settings.ok ? settings.instance.region : undefined;
    const { asked, done } = await putSecrets(known, { instanceId, stackName, region, secretId: values["secret-id"], only });
    const now = Date.now();
    savePutTimes({ ...times, [instanceId]: { ...times[instanceId], ...Object.fromEntries(done.map((cloud) => [cloud, now])) } });
    process.exitCode = done.length === asked.length ? 0 : 1;
  } else refuseUsage(`There is no "${command}".`, USAGE);
} catch (error) {
  console.error(error instanceof Error ? error.message : "Failed.");
  process.exitCode = 1;
}

function save(changed: Changed, message: string): void {
  if (changed.ok) saveSecrets(changed.secrets);
  console.log(changed.ok ? message : changed.message);
  if (!changed.ok) process.exitCode = 1;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { instance: { type: "string" }, "secret-id": { type: "string" }, only: { type: "string" } },
    });
  } catch (error) {
    return refuseUsage(error instanceof Error ? error.message : "Unknown option.", USAGE);
  }
}
