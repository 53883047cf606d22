// `npm run bench:soak -- [--minutes 60] [--posts 50] [--calls 20]`: lets `npm start` run under load, and prints the memory of each of its
// processes. Exit code 1: it ended itself, or a process still grew in the last half hour. docs/load.md has the curve.
import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { createAgentClient } from "../../dashboard/client/index.ts";
import { DEMO_INSTANCE, loadDevVars } from "../../local/start/dev-vars.ts";
import { livingWith } from "../support/processes.ts";
import { signedPost } from "../support/signed-post.ts";
import { memoryBytes, pause } from "./measure/processes.ts";
import { judgeGrowth } from "./soak/memory-curve.ts";
import { SoakCenter } from "./soak/updates.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SAMPLE_MS = 30_000;
/** Transcripts are kept for ten minutes, and memory needs a while to find its height. */
const WARM_UP_MINUTES = 12;
/** Senders wait too: a Lambda posts one batch at a time. On a machine that cannot keep up, the rest is skipped and counted. */
const MAX_OPEN_POSTS = 50;
const MEANING = { flat: "flat", fills: "filled up to its limit", grows: "grows", short: "too short to tell" } as const;
const ticketSchema = v.object({ ticket: v.string() });
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    posts: { type: "string", default: "50" },
    calls: { type: "string", default: "20" },
    csv: { type: "string" },
  },
});

const minutes = Number(values.minutes);
const folder = mkdtempSync(join(tmpdir(), "vigia-soak-"));
const MARK = `VIGIA_SOAK=${folder}`;

const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const output: string[] = [];
let ended: number | null | undefined;
const args = ["--port", String(port), "--agents", "200", "--calls", values.calls, "--fresh"];
const started = spawn(process.execPath, [join(ROOT, "local/start/main.ts"), ...args], {
  env: { ...process.env, VIGIA_FOLDER: folder, VIGIA_SOAK: folder },
  stdio: ["ignore", "pipe", "pipe"],
});
for (const stream of [started.stdout, started.stderr]) stream.on("data", (text) => output.push(String(text)));
const exit = new Promise<void>((resolve) =>
  started.once("exit", (code) => {
    ended = code;
    resolve();
  }),
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void finish());

while (ended === undefined && !output.join("").includes("Ctrl-C")) await pause(200);
console.log(
  `npm start runs at ${url}: ${values.posts} posts a second, ${values.calls} calls, three viewers, ${minutes} minutes.`,
);
const getTicket = async () => {
  const answer = await fetch(`${url}/v1/instances/${DEMO_INSTANCE}/tickets`, { method: "POST" });
  return v.parse(ticketSchema, await answer.json()).ticket;
};
const viewers = Array.from({ length: 3 }, () => createAgentClient({ url, instanceId: DEMO_INSTANCE, getTicket }));
for (const viewer of viewers) viewer.connect();

const startedAt = performance.now();
const posts = { sent: 0, open: 0, skipped: 0, refused: 0, slowestMs: 0 };
const curves = new Map<string, [number, number][]>();
const posting = setInterval(postNext, 1000 / Number(values.posts));
const center = new SoakCenter(200);
const secret = loadDevVars(ROOT).ingestSecret;

while (ended === undefined && performance.now() - startedAt < minutes * 60_000) {
  sample();
  await Promise.race([pause(SAMPLE_MS), exit]);
}
await finish();

function postNext(): void {
  if (posts.open >= MAX_OPEN_POSTS) {
    posts.skipped += 1;
    return;
  }
  posts.open += 1;
  const sentAt = performance.now();
  const updates = center.nextUpdates(Date.now());
  const done = (ok: boolean) => {
    posts.open -= 1;
    posts.sent += 1;
    if (!ok) posts.refused += 1;
    posts.slowestMs = Math.max(posts.slowestMs, performance.now() - sentAt);
  };
  signedPost(`${url}/v1/instances/${DEMO_INSTANCE}/updates`, updates, { secret }).then(
    async (answer) => {
      await answer.body?.cancel();
      done(answer.ok);
    },
    () => done(false),
  );
}

/** Prints the memory of every process, and what the posts and the disk do. */
function sample(): void {
  const minute = (performance.now() - startedAt) / 60_000;
  const sizes = livingWith(MARK).flatMap((found): [string, number][] => {
    const name = nameOf(found);
    return name === null ? [] : [[name, megabytesOf(Number.parseInt(found, 10))]];
  });
  for (const [name, megabytes] of sizes) curves.set(name, [...(curves.get(name) ?? []), [minute, megabytes]]);
  const live = viewers.filter((viewer) => viewer.connection().status === "live").length;
  const text = sizes.map(([name, megabytes]) => `${name} ${megabytes}`).join(", ");
  const disk = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0), 0);
  console.log(
    `${minute.toFixed(1)} min: MB ${text}; disk ${Math.round(disk / 1e6)} MB; posts ${posts.sent}, skipped ${posts.skipped}, not 200: ${posts.refused}, slowest ${Math.round(posts.slowestMs)} ms; ${live} of 3 viewers live`,
  );
  if (values.csv !== undefined)
    for (const [name, mb] of sizes) appendFileSync(values.csv, `${minute.toFixed(2)},${name},${mb}\n`);
  posts.slowestMs = 0;
}

/** The short name of one of the product's processes; null = another one, such as esbuild while it bundles. */
function nameOf(command: string): string | null {
  if (command.includes("workerd serve")) return "workerd";
  return /local\/start\/([\w-]+)\.ts/.exec(command)?.[1] ?? null;
}

function megabytesOf(pid: number): number {
  try {
    return Math.round(memoryBytes(pid) / 1e6);
  } catch {
    return 0;
  }
}

async function finish(): Promise<never> {
  clearInterval(posting);
  const endedItself = ended !== undefined;
  for (const viewer of viewers) viewer.close();
  started.kill("SIGINT");
  await Promise.race([exit, pause(30_000)]);
  let grows = false;
  for (const [name, points] of curves) {
    const { kind, perHour, latelyPerHour } = judgeGrowth({ name, points }, Math.min(WARM_UP_MINUTES, minutes / 2));
    grows ||= kind === "grows";
    const rates = `${Math.round(perHour)} MB an hour after the warm-up, ${Math.round(latelyPerHour)} MB an hour lately`;
    console.log(`${name}: ${MEANING[kind]}${kind === "short" ? "" : ` (${rates})`}`);
  }
  if (endedItself) console.error(`npm start ended itself with code ${ended}:\n${output.join("").slice(-2000)}`);
  else if (!grows) rmSync(folder, { recursive: true, force: true });
  process.exit(endedItself || grows ? 1 : 0);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}
