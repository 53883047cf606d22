// Runs a TypeScript entry file with the project's own Node. Installs the dependencies first when they are missing or differ
// from the lockfile. This file is plain JavaScript, because in a fresh clone the machine's own Node runs it.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const bin = join(modules, ".bin");
/** npm writes this file in the last step of an install. */
const finished = join(modules, ".package-lock.json");
const windows = process.platform === "win32";
const projectNode = join(bin, windows ? "node.cmd" : "node");

const parent = process.ppid;
const PARENT_CHECK_MS = 1000;

const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) fail("Usage: node scripts/run.mjs <entry file> [arguments]");

if (!installed()) {
  console.error("Installing dependencies (once; about a minute)…");
  // An interrupted install leaves incomplete packages that look complete.
  if (!existsSync(finished)) rmSync(modules, { recursive: true, force: true });
  // `npm ci` fails when a registry lacks the optional packages of other systems. --no-save leaves the lockfile unchanged.
  const code = await run("npm", ["install", "--no-save", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: windows,
  });
  if (code !== 0) {
    console.error("npm could not install the dependencies. Correct the error above, then run the command again.");
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

/** Returns whether node_modules has the packages of the lockfile. */
function installed() {
  if (!existsSync(projectNode)) return false;
  const wanted = packagesOf(join(root, "package-lock.json"));
  const present = packagesOf(finished);
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    if (path === "") return true;
    const found = present[path];
    // Optional packages are for other processors and systems.
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

/** Runs a command to its end and forwards signals to it. Resolves to the exit code that a shell would report. */
function run(command, commandArgs, options) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArgs, options);
    // A terminal sends Ctrl-C to the child too. Every other signal must be forwarded. The child decides when it ends.
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

/** Returns whether npm was killed. Its caller then believes that the command has ended, so the command must end too. */
function orphaned() {
  return process.env.npm_lifecycle_event !== undefined && process.ppid !== parent;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
