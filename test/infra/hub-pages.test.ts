import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDomainHeaders } from "../../scripts/deploy/dashboard-headers.ts";
import { readWorkerConfig } from "../../scripts/deploy/worker-config.ts";

const DOMAIN = "board.contact-center.test";
const HSTS = "max-age=31536000";
const STAGE = { name: "production", workerName: "vigia", domain: DOMAIN, accountId: null, sendEmail: false, vars: {} };
const PAGE = "<!doctype html><title>Board</title>";
const folder = mkdtempSync(join(tmpdir(), "vigia-pages-"));
const dashboard = join(folder, "dashboard");
const servers: ChildProcess[] = [];
let printed = "";

/** Starts the real wrangler with the configuration of a stage. It plays a request to `host` over https. Returns its address. */
async function startWrangler(host: string): Promise<string> {
  const config = join(folder, "wrangler.json");
  const args = [
    "dev",
    "--config",
    config,
    "--ip",
    "127.0.0.1",
    "--port",
    "0",
    "--inspector-port",
    "0",
    "--show-interactive-dev-session=false",
  ];
  const child = spawn("node_modules/.bin/wrangler", [...args, "--local-upstream", host, "--upstream-protocol", "https"], {
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_SEND_METRICS: "false",
      NO_COLOR: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  servers.push(child);
  const begin = printed.length;
  return new Promise((resolve, reject) => {
    const read = (data: Buffer) => {
      printed += data;
      const address = /Ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(printed.slice(begin))?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("close", () => reject(new Error(`wrangler ended: ${printed}`)));
  });
}

let url = "";
let workersDev = "";
beforeAll(async () => {
  mkdirSync(join(dashboard, "assets"), { recursive: true });
  writeFileSync(join(dashboard, "index.html"), PAGE);
  writeFileSync(join(dashboard, "assets", "board-1.js"), "export {};");
  writeFileSync(join(dashboard, "_headers"), readFileSync("dashboard/public/_headers"));
  addDomainHeaders(dashboard, DOMAIN);
  const made = await readWorkerConfig(STAGE);
  if (!made.ok) throw new Error(made.message);
  const secrets = {
    INGEST_SECRETS: JSON.stringify({ center: `whsec_${Buffer.alloc(32, 7).toString("base64")}` }),
    TICKET_SECRET: Buffer.alloc(32).toString("base64"),
  };
  const vars = { ...made.config.vars, ...secrets, JURISDICTION: "eu" };
  const { routes: _, secrets: __, ...config } = made.config;
  writeFileSync(
    join(folder, "wrangler.json"),
    JSON.stringify({ ...config, vars, assets: { ...made.config.assets, directory: dashboard } }),
  );
  [url, workersDev] = [await startWrangler(DOMAIN), await startWrangler("vigia.example.workers.dev")];
}, 300_000);
afterAll(() => {
  for (const server of servers) server.kill();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (path: string, accept: string, method = "GET", base = url) =>
  fetch(`${base}${path}`, { method, headers: { accept } });
const BROWSER = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

describe("The dashboard in the real wrangler", () => {
  test("PAG-1 A missing script, style, font or source map is a 404 that no cache keeps.", async () => {
    for (const path of ["/assets/board-0.js", "/assets/gone.css", "/gone.js", "/favicon.ico", "/board-1.js.map"]) {
      const answer = await ask(path, "*/*");
      expect([path, answer.status, answer.headers.get("cache-control")]).toEqual([path, 404, "no-store"]);
      expect(await answer.text()).not.toContain("<!doctype");
    }
  });

  test("PAG-1 A missing asset is a 404 also when a person opens its address.", async () => {
    const answer = await ask("/assets/board-0.js", BROWSER);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([404, "no-store"]);
  });

  test("PAG-2 Any other address that a person opens shows the board, with the page's policy and without a year in caches.", async () => {
    for (const path of ["/", "/wall", "/board/x?instance=1"]) {
      const answer = await ask(path, BROWSER);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(answer.headers.get("cache-control")).not.toContain("immutable");
      expect(await answer.text()).toBe(PAGE);
    }
    expect((await ask("/board/x", BROWSER, "HEAD")).status).toBe(200);
    expect((await ask("/board/x", BROWSER, "POST")).status).toBe(404);
  });

  test("PAG-3 A file that exists is kept for a year.", async () => {
    const answer = await ask("/assets/board-1.js", "*/*");
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
  });

  test("PAG-4 On the domain of the stage every answer has HSTS, from files, pages, errors and the API.", async () => {
    for (const [path, accept] of [
      ["/assets/board-1.js", "*/*"],
      ["/", BROWSER],
      ["/board/x", BROWSER],
      ["/assets/gone.js", "*/*"],
      ["/healthz", "*/*"],
      ["/v1/nothing", "*/*"],
    ] as const) {
      const answer = await ask(path, accept);
      expect([path, answer.headers.get("strict-transport-security")]).toEqual([path, HSTS]);
    }
  });

  test("PAG-4 On workers.dev no answer has HSTS.", async () => {
    for (const path of ["/assets/board-1.js", "/", "/board/x", "/healthz", "/assets/gone.js"]) {
      const answer = await ask(path, BROWSER, "GET", workersDev);
      expect([path, answer.headers.get("strict-transport-security")]).toEqual([path, null]);
    }
  });

  test("PLA-3 A hub on a developer's machine ignores JURISDICTION, works, and says so in one line of its log.", async () => {
    for (let repeat = 0; repeat < 3; repeat += 1) expect((await ask("/readyz", "*/*")).status).toBe(200);
    expect(printed.match(/jurisdiction_ignored/g)).toHaveLength(1);
  });
});
