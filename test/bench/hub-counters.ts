// `npm run bench:counters`: a real Prometheus (Debian package `prometheus`) scrapes a hub that sleeps between posts. docs/load.md
// has the figures. It takes three minutes, because an object sleeps after ten quiet seconds.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { scorePost, seedAgents, send } from "./hub/posts.ts";
import { startServer } from "./hub/servers.ts";
import { openViewer } from "./hub/weighed-viewer.ts";
import { INSTANCE } from "./hub/workerd-config.ts";
import { pause } from "./measure/processes.ts";

/** Longer than the ten seconds after which an object sleeps, and no multiple of the time between posts. */
const SCRAPE_SECONDS = 12;
const POST_EVERY_MS = 14_000;
const POSTS = 9;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("No port.")),
      );
    });
  });
}

const answerSchema = v.object({
  data: v.object({
    result: v.array(v.object({ metric: v.record(v.string(), v.string()), value: v.tuple([v.number(), v.string()]) })),
  }),
});

const folder = mkdtempSync(join(tmpdir(), "vigia-prometheus-"));
const server = await startServer("vigia", { agents: 10 });
const port = await freePort();
const config = join(folder, "prometheus.yml");
writeFileSync(
  config,
  `global: { scrape_interval: ${SCRAPE_SECONDS}s }
scrape_configs:
  - job_name: vigia
    metrics_path: /v1/instances/${INSTANCE}/metrics
    authorization: { credentials: bench }
    static_configs: [{ targets: ["127.0.0.1:${server.port}"] }]
`,
);
const options = [`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`];
const prometheus = spawn("prometheus", options, { stdio: "ignore" });

async function query(text: string): Promise<{ metric: Record<string, string>; value: number }[]> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(text)}`);
  const { data } = v.parse(answerSchema, await response.json());
  return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

try {
  await seedAgents(server);
  await openViewer(server, null, "watching");
  await pause(2 * SCRAPE_SECONDS * 1000);
  const before = await query('vigia_updates_total{outcome="accepted"}');
  for (let round = 1; round <= POSTS; round += 1) {
    await send(server, scorePost(server, round, [round]));
    await pause(POST_EVERY_MS);
  }
  await pause(SCRAPE_SECONDS * 1000);
  const after = await query('vigia_updates_total{outcome="accepted"}');
  const fallen: string[] = [];
  for (const name of new Set((await query('{__name__=~"vigia_.+_total"}')).map(({ metric }) => metric["__name__"] ?? ""))) {
    if ((await query(`resets(${name}[10m]) > 0`)).length > 0) fallen.push(name);
  }
  console.log(`${POSTS} updates: Prometheus counts ${(after[0]?.value ?? 0) - (before[0]?.value ?? 0)}.`);
  console.log(`Totals that fell: ${fallen.length === 0 ? "none" : fallen.join(", ")}.`);
  for (const name of ["vigia_frames_sent_total", "vigia_flushes_total"]) console.log(name, (await query(name))[0]?.value);
} finally {
  prometheus.kill();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
