// `BENCH_STORAGE=/mnt/small npm run bench:disk-full`: fills a small file system under the real workerd while posts and viewers go on.
// Make one with `mount -t tmpfs -o size=12m tmpfs /mnt/small`. docs/load.md has the figures.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exchange, type PreparedPost, scorePost, seedAgents } from "./hub/posts.ts";
import { startServer } from "./hub/servers.ts";
import { openViewer } from "./hub/weighed-viewer.ts";
import { pause } from "./measure/processes.ts";

const folder = process.env["BENCH_STORAGE"];
if (folder === undefined) {
  console.error("BENCH_STORAGE is not set. Mount a small file system, and set BENCH_STORAGE to its folder.");
  process.exit(2);
}
const BALLAST = join(folder, "ballast");
const AGENTS = 100;

const server = await startServer("vigia", { agents: AGENTS });
await seedAgents(server);
const viewers = await Promise.all(Array.from({ length: 5 }, (_, index) => openViewer(server, null, `viewer-${index}`)));
const answers = new Map<number, number>();
let round = 0;

async function post(times: number): Promise<void> {
  answers.clear();
  for (let time = 0; time < times; time += 1) {
    round += 1;
    const prepared: PreparedPost = scorePost(
      server,
      round,
      Array.from({ length: AGENTS }, (_, index) => index),
    );
    const { status } = await exchange(server, "POST", prepared.path, prepared.headers, prepared.body);
    answers.set(status, (answers.get(status) ?? 0) + 1);
    await pause(20);
  }
}

async function report(when: string): Promise<void> {
  const ready = await exchange(server, "GET", "/readyz", {});
  const open = viewers.filter((viewer) => viewer.closed === null).length;
  const counts = [...answers].map(([status, count]) => `${count} x ${status}`).join(", ");
  console.log(
    `${when}: posts ${counts}; ${open} of ${viewers.length} viewers open; readyz ${ready.status} ${ready.text.slice(0, 90)}`,
  );
}

await post(20);
await report("before");
try {
  // Fills what is left, to the last block.
  for (const size of [1024 * 1024, 4096]) for (;;) writeFileSync(BALLAST, Buffer.alloc(size), { flag: "a" });
} catch {
  // The file system is full.
}
try {
  for (;;) writeFileSync(BALLAST, Buffer.alloc(4096), { flag: "a" });
} catch {
  // Now to the last block.
}
await post(200);
await report("full");
rmSync(BALLAST);
// The Worker waits so long before it tries the object again.
await pause(12_000);
await post(20);
await report("after");
await server.stop();
process.exit(0);
