// `npm start`: the whole product on this machine. Exits with code 2 when the command line or the folder is unusable.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { ACTIONS } from "../../protocol/actions.ts";
import { Chaos } from "./chaos.ts";
import { type Child, startChild } from "./child.ts";
import { buildDashboard } from "./dashboard.ts";
import { DEMO_INSTANCE, type DevVars, loadDevVars } from "./dev-vars.ts";
import { type LocalHubOptions, type RunningHub, restartHub, startHub } from "./hub.ts";
import { isUnreachable, refusedSettings } from "./hub-readiness.ts";
import { type LockFile, openLockFile } from "./lock-file.ts";
import { readStartOptions, type StartOptions, UsageError } from "./options.ts";
import { checkPort, freePort } from "./port.ts";
import { announcement, chaosResult } from "./text.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Tests give each run a folder of its own. */
const FOLDER = process.env["VIGIA_FOLDER"] ?? join(ROOT, ".vigia");
const CENTER = "The simulated contact center";
/**
 * The center's process makes many short-lived objects. With V8's defaults its heap grows to 270 MB before it is collected to 40 MB
 * (Node 24, 40 agents at twenty times the speed). The transcribers inherit the options.
 */
const CENTER_OPTIONS = ["--max-semi-space-size=2", "--heap-growing-percent=30"];
const LOGS = ["hub.log", "center.log", "transcriber.log"];
/** A terminal, npm and a process manager may each deliver the same Ctrl-C: within this time it counts once. */
const SAME_SIGNAL_MS = 800;
/** A child that becomes ready by then is stopped in order. A child that does not may wait for something that never comes. */
const STARTS_WITHIN_MS = 3_000;
const BEGIN_EMPTY = "If the state of earlier starts is damaged, begin with an empty one: npm start -- --fresh";
const turnCountSchema = v.object({ said: v.number(), onHub: v.number() });

let lockFile: LockFile | null = null;
let hub: RunningHub | null = null;
let center: Child | null = null;
let chaos: Chaos | null = null;
/** The child that is starting now. `stopAll` waits for it, because only a started child can be stopped. */
let starting: Promise<unknown> = Promise.resolve();
const giveUpStart = new AbortController();
let stoppingSince: number | null = null;
// A pipe whose reader has ended, or a file on a full disk, is no reason to stop.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);

try {
  await run(readStartOptions(process.argv.slice(2)));
} catch (error) {
  await giveUp(error);
}

async function run(options: StartOptions): Promise<void> {
  await checkPort(options.port);
  lockFile = await openLockFile(FOLDER);
  const devVars = readDevVars();
  for (const name of options.fresh ? [...LOGS, "state"] : LOGS) rmSync(join(FOLDER, name), { recursive: true, force: true });
  const building = buildDashboard(giveUpStart.signal);
  starting = building;
  await building;
  if (stoppingSince !== null) return;
  // The links of alert messages lead to this board.
  const actionsPort = await freePort();
  const demo = { BOARD_URL: `http://localhost:${options.port}/`, CENTER_NAME: "Contact Center Demo" };
  const vars = { ...demo, ...demoActions(devVars, actionsPort, options), ...devVars.all };
  const hubOptions = { port: options.port, folder: FOLDER, vars, giveUp: giveUpStart.signal };
  const hadState = existsSync(join(FOLDER, "state"));
  const { url } = await openHub(hubOptions, hadState);
  const refused = await refusedSettings(url);
  if (refused !== null) throw new UsageError(refused);
  if (hadState && (await isUnreachable(url)))
    throw new Error(`The hub cannot work. Look into ${join(FOLDER, "hub.log")} for the reason.\n${BEGIN_EMPTY}`);
  lockFile.writeUrl(url);
  const recordingsUrl = options.simulator && stoppingSince === null ? await openCenter(options, devVars, url, actionsPort) : null;
  if (stoppingSince !== null) return;
  if (options.chaosSeconds !== null) chaos = startChaos(options.chaosSeconds, hubOptions);
  process.stdout.write(announcement(options, url, recordingsUrl));
}

/** What supervisors may do in the demo, and where its function is. Without the simulator there is none. */
function demoActions({ actionsSecret }: DevVars, port: number, { simulator }: StartOptions): Record<string, string> {
  if (!simulator) return {};
  return {
    RECORDING_ROLE: "supervisor",
    ACTIONS: ACTIONS.join(" "),
    ACTIONS_SECRET: actionsSecret,
    ACTIONS_URL: `http://127.0.0.1:${port}/`,
  };
}

function startChaos(seconds: number, hubOptions: LocalHubOptions): Chaos {
  const killHub = async () => {
    const killed = hub;
    if (killed === null) return false;
    // From now on, its end is expected.
    hub = null;
    const opening = restartHub(killed, hubOptions);
    starting = opening;
    watchHub(await opening);
    return true;
  };
  const { ask } = center ?? {};
  const killTranscriber = async () => (await ask?.("killTranscriber")) === true;
  return new Chaos(seconds, ask === undefined ? [killHub] : [killTranscriber, killHub], (error) => {
    if (stoppingSince === null) void giveUp(error);
  });
}

/**
 * @param hadState whether an earlier start has left state, which may be damaged
 * @throws UsageError when another program has taken the port since the first check
 */
async function openHub(options: LocalHubOptions, hadState: boolean): Promise<RunningHub> {
  const opening = startHub(options);
  starting = opening;
  try {
    return watchHub(await opening);
  } catch (error) {
    await checkPort(options.port);
    if (!hadState) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}\n${BEGIN_EMPTY}`);
  }
}

function watchHub(opened: RunningHub): RunningHub {
  hub = opened;
  void opened.exited.then(() => {
    if (hub === opened) onChildGone("The hub", "hub.log");
  });
  return opened;
}

/** Returns the address of the page with the recordings. */
async function openCenter(options: StartOptions, devVars: DevVars, hubUrl: string, actionsPort: number): Promise<string> {
  const opening = startChild({
    name: CENTER,
    entry: fileURLToPath(new URL("center-process.ts", import.meta.url)),
    config: {
      hubUrl,
      instanceId: DEMO_INSTANCE,
      ingestSecret: devVars.ingestSecret,
      actionsSecret: devVars.actionsSecret,
      actionsPort,
      agents: options.agents,
      calls: options.calls,
      speed: options.speed,
      transcriberLog: join(FOLDER, "transcriber.log"),
      chaos: options.chaosSeconds !== null,
    },
    nodeOptions: CENTER_OPTIONS,
    giveUp: giveUpStart.signal,
    logFile: join(FOLDER, "center.log"),
  });
  starting = opening;
  center = await opening;
  void center.exited.then(() => onChildGone(CENTER, "center.log"));
  return v.parse(v.object({ recordingsUrl: v.string() }), center.ready).recordingsUrl;
}

function readDevVars(): DevVars {
  try {
    return loadDevVars(ROOT);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Stops everything in order at the first Ctrl-C, and by force at the second. */
function onSignal(): void {
  if (stoppingSince === null) {
    stoppingSince = performance.now();
    console.log(chaos === null ? "\nStopping…" : "\nStopping, and counting the turns…");
    void endChaos()
      .then(stopAll)
      .then(() => {
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

/** Prints what the kills cost. */
async function endChaos(): Promise<void> {
  if (chaos === null) return;
  await chaos.stop();
  try {
    const count = center === null ? { said: 0, onHub: 0 } : v.parse(turnCountSchema, await center.ask("countTurns"));
    console.log(chaosResult(chaos.kills, count.said, count.onHub));
  } catch (error) {
    console.error(`The turns were not counted. See center.log. ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Stops the contact center before the hub, because the center still posts that its agents log out. */
async function stopAll(): Promise<void> {
  const started = starting.catch(() => {});
  await Promise.race([started, sleep(STARTS_WITHIN_MS, undefined, { ref: false })]);
  giveUpStart.abort();
  await started;
  await center?.stop();
  await hub?.stop();
  lockFile?.deleteFile();
}

function onChildGone(who: string, log: string): void {
  if (stoppingSince !== null) return;
  stoppingSince = performance.now();
  console.error(`${who} has stopped unexpectedly. See the last lines of ${join(FOLDER, log)}, then start again.`);
  void stopAll().then(() => process.exit(1));
}

async function giveUp(error: unknown): Promise<void> {
  if (stoppingSince !== null) return;
  stoppingSince = performance.now();
  await stopAll();
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof UsageError ? 2 : 1);
}
