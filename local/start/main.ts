// `npm start`: the whole product on this machine. Ends with exit code 2 when it was asked for something impossible.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "./child.ts";
import { buildDashboard } from "./dashboard.ts";
import { DEMO_INSTANCE, type DevVars, loadDevVars } from "./dev-vars.ts";
import { type RunningHub, startHub } from "./hub.ts";
import { openPlace, type Place, refuseTakenPort } from "./lock-file.ts";
import { readStartOptions, type StartOptions, UsageError } from "./options.ts";
import { announcement } from "./text.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Tests give each run a folder of its own. */
const FOLDER = process.env["VIGIA_FOLDER"] ?? join(ROOT, ".vigia");
/** A terminal, npm and a process manager may each deliver the same Ctrl-C: within this time it counts once. */
const SAME_SIGNAL_MS = 800;

let place: Place | null = null;
let hub: RunningHub | null = null;
let center: Child | null = null;
/** What is being started: it must be waited for before it can be stopped. */
let starting: Promise<unknown> = Promise.resolve();
let stoppingSince: number | null = null;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);

try {
  await run(readStartOptions(process.argv.slice(2)));
} catch (error) {
  await giveUp(error);
}

async function run(options: StartOptions): Promise<void> {
  await refuseTakenPort(options.port);
  const devVars = readDevVars();
  place = await openPlace(FOLDER);
  if (options.fresh) place.forget();
  await buildDashboard();
  if (stoppingSince !== null) return;
  const opening = startHub({ port: options.port, folder: FOLDER, vars: devVars.all });
  starting = opening;
  hub = await opening;
  place.occupy(hub.url);
  void hub.exited.then(() => onChildGone("The hub", "hub.log"));
  if (options.simulator && stoppingSince === null) await openCenter(options, devVars, hub.url);
  if (stoppingSince === null) process.stdout.write(announcement(options, hub.url));
}

async function openCenter(options: StartOptions, devVars: DevVars, hubUrl: string): Promise<void> {
  const opening = startChild({
    entry: fileURLToPath(new URL("center-process.ts", import.meta.url)),
    config: {
      hubUrl,
      instanceId: DEMO_INSTANCE,
      ingestSecret: devVars.ingestSecret,
      agents: options.agents,
      calls: options.calls,
      speed: options.speed,
      transcriberLog: join(FOLDER, "transcriber.log"),
    },
    logFile: join(FOLDER, "center.log"),
  });
  starting = opening;
  center = await opening;
  void center.exited.then(() => onChildGone("The simulated contact center", "center.log"));
}

function readDevVars(): DevVars {
  try {
    return loadDevVars(ROOT);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The first Ctrl-C ends everything in order, a second one by force. */
function onSignal(): void {
  if (stoppingSince === null) {
    stoppingSince = performance.now();
    console.log("\nStopping…");
    void stopAll().then(() => {
      console.log("Stopped: nothing is left running.");
      process.exit(0);
    });
  } else if (performance.now() - stoppingSince > SAME_SIGNAL_MS) {
    center?.kill();
    void hub?.kill();
    console.log("Stopped by force.");
    process.exit(130);
  }
}

/** The contact center first: it still posts its last news to the hub. */
async function stopAll(): Promise<void> {
  await starting.catch(() => {});
  await center?.stop();
  await hub?.stop();
  place?.leave();
}

function onChildGone(who: string, log: string): void {
  if (stoppingSince !== null) return;
  stoppingSince = performance.now();
  console.error(`${who} has ended unexpectedly; what it said last is in ${join(FOLDER, log)}.`);
  void stopAll().then(() => process.exit(1));
}

async function giveUp(error: unknown): Promise<void> {
  if (stoppingSince !== null) return;
  stoppingSince = performance.now();
  await stopAll();
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof UsageError ? 2 : 1);
}
