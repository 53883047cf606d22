// `npm run trigger -- FILE`: runs the trigger function on a contact-flow event, against the `npm start` of this folder.
// Exit code 1: the trigger started nothing, or the hub did not get the turns. 2: a wrong command line, file or folder.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readRunningUrl } from "../start/lock-file.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = process.env["VIGIA_FOLDER"] ?? join(ROOT, ".vigia");
const USAGE = "Usage: npm run trigger -- FILE (a contact-flow event, for example examples/events/web-call.json)";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
const event = readEvent();
const hubUrl = readRunningUrl(FOLDER);
if (hubUrl === null) refuse("npm start does not run in this folder. Start it in another terminal, then repeat this command.");
// The AWS stand-ins take a second to load, and a wrong command line should not wait for them.
const { runTrigger } = await import("./run-trigger.ts");
process.exit(await runTrigger(ROOT, hubUrl, event, stop.signal));

function readEvent(): unknown {
  const [path, ...more] = process.argv.slice(2);
  if (path === undefined || more.length > 0) refuse(USAGE);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    refuse(`There is no file ${path}. ${USAGE}`);
  }
  try {
    // Editors on Windows may write a byte order mark, which JSON.parse refuses.
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    refuse(`${path} is not JSON. Replace what a log has shortened, such as [Object]. ${USAGE}`);
  }
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}
