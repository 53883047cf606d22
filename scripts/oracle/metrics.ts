import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHub } from "../../local/start/hub.ts";
import { SKIPPED } from "../oracle-packages.ts";

/**
 * Judges the metrics of the real hub by `promtool`, Prometheus' own checker.
 * `node scripts/oracle/metrics.ts`. Exit code 0: all right. 1: a difference. 77: promtool is missing (apt-get install prometheus).
 */

/** Lint that the names of an earlier release keep, because a dashboard may use them. promtool ends with 3 for lint, 1 for faults. */
const KEPT = new Set(['vigia_flush_window_milliseconds use base unit "seconds" instead of "milliseconds"']);
const LINT = 3;
const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
if (spawnSync("promtool", ["--version"]).error) {
  console.log("Missing: promtool. Install with: apt-get install prometheus");
  process.exit(SKIPPED);
}
const folder = mkdtempSync(join(tmpdir(), "vigia-metrics-"));
const secret = Buffer.alloc(32, 7).toString("base64");
const hub = await startHub({
  port: 0,
  folder,
  vars: { INGEST_SECRETS: JSON.stringify({ [INSTANCE]: `whsec_${secret}` }), TICKET_SECRET: secret, METRICS_TOKEN: "token" },
});
try {
  const answer = await fetch(`${hub.url}/v1/instances/${INSTANCE}/metrics`, { headers: { authorization: "Bearer token" } });
  const text = await answer.text();
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  const lines = `${stdout}${stderr}`.split("\n").filter((line) => line.trim() !== "" && !KEPT.has(line.trim()));
  for (const line of lines) console.log(line);
  const count = text.match(/^# TYPE/gm)?.length ?? 0;
  console.log(`${count} metrics: promtool found ${lines.length} problems besides a kept name, and ended with ${status}`);
  process.exitCode = answer.status === 200 && (status === 0 || status === LINT) && lines.length === 0 && count > 10 ? 0 : 1;
} finally {
  await hub.stop();
  rmSync(folder, { recursive: true, force: true });
}
