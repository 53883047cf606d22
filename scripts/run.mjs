// Runs a TypeScript entry file under the project's own Node, installing the dependencies first when they are missing or
// older than the lockfile. Plain JavaScript on purpose: a fresh clone starts here with whatever Node the machine has.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const bin = join(modules, ".bin");
/** npm writes this file as the very last step of an install. */
const finished = join(modules, ".package-lock.json");
const windows = process.platform === "win32";
const projectNode = join(bin, windows ? "node.cmd" : "node");

const parent = process.ppid;
const PARENT_CHECK_MS = 1000;

const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) fail("Usage: node scripts/run.mjs <entry file> [arguments]");

if (!installed()) {
  console.error("Installing dependencies (once; about a minute)…");
  // An install that was interrupted leaves packages that look whole and are not.
  if (!existsSync(finished)) rmSync(modules, { recursive: true, force: true });
  // `npm ci` would refuse where a registry lacks the optional packages of other systems; --no-save keeps the lockfile as it is.
  const code = await run("npm", ["install", "--no-save", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: windows,
  });
  if (code !== 0) {
    console.error("The dependencies could not be installed; npm's message is above.");
    process.exit(code);
  }
}

process.exit(
  await run(projectNode, [join(root, entry), ...args], {
    stdio: "inherit",
    shell: windows,
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_SEND_METRICS: "false",
    },
  }),
);

/** Whether node_modules holds what the lockfile asks for. */
function installed() {
  if (!existsSync(projectNode)) return false;
  const wanted = packagesOf(join(root, "package-lock.json"));
  const present = packagesOf(finished);
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    if (path === "") return true;
    const found = present[path];
    // Optional packages are for other machines' processors and systems.
    return found === undefined ? optional === true || devOptional === true : found.version === version;
  });
}

function packagesOf(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, "utf8")).packages ?? {};
  } catch {
    return {};
  }
}

/** Runs a command to its end, passing signals on; resolves to the exit code a shell would report. */
function run(command, commandArgs, options) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArgs, options);
    // A terminal's Ctrl-C reaches the child by itself; every other signal is passed on. Either way the child decides when it is done.
    const handlers = ["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => {
      const handler = () => {
        if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
      };
      process.on(signal, handler);
      return () => process.off(signal, handler);
    });
    const watch = setInterval(() => orphaned() && child.kill("SIGTERM"), PARENT_CHECK_MS);
    const done = (code) => {
      clearInterval(watch);
      for (const off of handlers) off();
      resolve(code);
    };
    child.on("error", (error) => {
      console.error(`Cannot run ${command}: ${error.message}`);
      done(127);
    });
    child.on("exit", (code, signal) => done(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

/** npm was killed outright: whoever waits for it believes that what it ran is over. */
function orphaned() {
  return process.env.npm_lifecycle_event !== undefined && process.ppid !== parent;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
