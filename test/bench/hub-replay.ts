// `npm run bench:replay` (`-- 2000` for one number of agents): what the log behind replay costs against the real workerd. It prints the rows and characters of a change, how
// long posts wait while a keyframe is written, and how long a past board takes. docs/load.md has the figures.
import { gzipSync } from "node:zlib";
import { exchange, scorePost, seedAgents, send } from "./hub/posts.ts";
import { type RunningServer, startServer } from "./hub/servers.ts";
import { INSTANCE } from "./hub/workerd-config.ts";

/** Posts of one change each, one after the other. */
const POSTS = 300;
/** Posts of 500 changes each: more than the log may grow between two keyframes. */
const BULK_POSTS = 24;
const ROW_CHARACTERS = 16 * 1024;
/** A step of a keyframe has so much text (`CHARACTERS_PER_STEP` in core/history/replay/keyframe.ts). */
const STEP_CHARACTERS = 12 * 1024;
/** Two keyframes are so far apart at least. */
const KEYFRAMES_APART_MS = 60_000;
const PATH = `/v1/instances/${INSTANCE}`;

async function rowsWritten(server: RunningServer): Promise<number> {
  const { text } = await exchange(server, "GET", `${PATH}/metrics`, { authorization: "Bearer bench" });
  return Number(/^vigia_rows_written_total (\d+)/m.exec(text)?.[1]);
}

async function history(server: RunningServer, query: string): Promise<{ status: number; text: string; ms: number }> {
  const { text } = await exchange(server, "POST", `${PATH}/tickets`, {});
  const ticket = /"ticket":"([^"]+)"/.exec(text)?.[1] ?? "";
  const startedAt = performance.now();
  const answer = await exchange(server, "GET", `${PATH}/history?${query}`, { authorization: `Bearer ${ticket}` });
  return { ...answer, ms: performance.now() - startedAt };
}

/** Sends posts one after the other. Returns the milliseconds of each. */
async function latencies(server: RunningServer, count: number, round: number): Promise<number[]> {
  const all: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const { startedAt, answeredAt } = await send(server, scorePost(server, round + index, [(round + index) % server.agents]));
    all.push(answeredAt - startedAt);
  }
  return all.sort((a, b) => a - b);
}

/** The size of the lines as the hub keeps them: compressed by rows of 16 KiB. */
function packedBytes(text: string): number {
  const rows = Array.from({ length: Math.ceil(text.length / ROW_CHARACTERS) }, (_, row) =>
    text.slice(row * ROW_CHARACTERS, (row + 1) * ROW_CHARACTERS),
  );
  return rows.reduce((bytes, row) => bytes + gzipSync(row).length, 0);
}

const median = (all: readonly number[]) => (all[Math.floor(all.length / 2)] ?? 0).toFixed(1);
const longest = (all: readonly number[]) => (all.at(-1) ?? 0).toFixed(1);

async function printChange(server: RunningServer, from: number, to: number): Promise<void> {
  const span = await history(server, `from=${from}&to=${to}`);
  const lines = span.text.split("\n").slice(1);
  const text = lines.join("\n");
  console.log(
    `  a change has ${Math.round(text.length / POSTS)} characters, ${Math.round(packedBytes(text) / POSTS)} bytes compressed.`,
  );
}

/**
 * Prints what the longest step of a keyframe costs: it is what a post has to wait for. It counts the time of the processor, so that
 * a busy machine does not change it.
 */
function printStep(board: string): void {
  const { data }: { data: object[] } = JSON.parse(board);
  let longestMs = 0;
  let steps = 0;
  let rows: object[] = [];
  for (const row of data) {
    rows.push(row);
    if (JSON.stringify(rows).length < STEP_CHARACTERS) continue;
    const before = process.cpuUsage();
    gzipSync(rows.map((each) => JSON.stringify(each)).join("\n"));
    const { user, system } = process.cpuUsage(before);
    longestMs = Math.max(longestMs, (user + system) / 1000);
    steps += 1;
    rows = [];
  }
  console.log(`  the keyframe has ${steps} steps, and the longest one takes ${longestMs.toFixed(1)} ms of the processor.`);
}

async function run(agents: number, historyDays: number): Promise<void> {
  const server = await startServer("vigia", { agents, vars: { HISTORY_DAYS: String(historyDays) } });
  try {
    const seededAt = Date.now();
    await seedAgents(server);
    await latencies(server, 50, 0);
    const before = await rowsWritten(server);
    const from = Date.now();
    const quiet = await latencies(server, POSTS, 50);
    const to = Date.now();
    const rows = ((await rowsWritten(server)) - before) / POSTS;
    console.log(`${agents} agents, HISTORY_DAYS=${historyDays}: ${rows.toFixed(2)} rows a post of one change;`);
    console.log(`  a post takes ${median(quiet)} ms (median), ${longest(quiet)} ms at most.`);
    if (historyDays > 0) await printChange(server, from, to);
    for (let round = 0; round < BULK_POSTS; round += 1) {
      const indexes = Array.from({ length: 500 }, (_, index) => (round * 500 + index) % agents);
      await send(server, scorePost(server, 1000 + round, indexes));
    }
    const calm = await latencies(server, POSTS, 2000);
    // The log has grown so much that a keyframe is due a minute after the one before. The hub must not fall asleep until then.
    for (let round = 3000; Date.now() < seededAt + KEYFRAMES_APART_MS - 1000; round += 1) {
      await latencies(server, 1, round);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const during = await latencies(server, POSTS, 4000);
    while (Date.now() < seededAt + KEYFRAMES_APART_MS + 2000) during.push(...(await latencies(server, 20, 4000 + during.length)));
    during.sort((a, b) => a - b);
    console.log(`  before a keyframe is due: ${median(calm)} ms (median), ${longest(calm)} ms at most.`);
    console.log(`  while it is written (with 0 days: none is): ${median(during)} ms (median), ${longest(during)} ms at most.`);
    if (historyDays === 0) return;
    const past = await history(server, `at=${Date.now() - 1}`);
    console.log(`  a past board: status ${past.status}, ${past.text.length} characters, ${past.ms.toFixed(0)} ms.`);
    printStep(past.text);
  } finally {
    await server.stop();
  }
}

const asked = process.argv.slice(2).map(Number);
for (const agents of asked.length > 0 ? asked : [200, 2000]) for (const days of [0, 7]) await run(agents, days);
process.exit(0);
