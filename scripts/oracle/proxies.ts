import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { WebSocket } from "ws";
import { startHub } from "../../local/start/hub.ts";

/**
 * Runs the configurations of docs/proxies.md in nginx and HAProxy from Debian, in front of the real hub in local mode.
 * `node scripts/run.mjs scripts/oracle/proxies.ts`. Exit code 0: all right. 1: a difference. 77: a program is missing.
 */

const MISSING = 77;
const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const HUB_NAME = "vigia.example.workers.dev";
const PAGE = "https://board.example.com";
const TICKETS = `/v1/instances/${INSTANCE}/tickets`;
const { values } = parseArgs({ options: { idle: { type: "string", default: "3" } } });
/** The idle limit of the documents, shortened so that a check takes seconds. `--idle 60` is the default of nginx. */
const IDLE_SECONDS = Number(values.idle);

const missing = Object.entries({ nginx: ["-v"], haproxy: ["-v"] }).filter(([name, args]) => spawnSync(name, args).error);
if (missing.length > 0) {
  console.log(`Missing: ${missing.map(([name]) => name).join(", ")}. Install with: apt-get install nginx-light haproxy`);
  process.exit(MISSING);
}

const folder = mkdtempSync(join(tmpdir(), "vigia-proxies-"));
const proxies: ChildProcess[] = [];
process.on("exit", () => {
  for (const proxy of proxies) proxy.kill();
});
let failures = 0;

function check(what: string, actual: unknown, expected: unknown): void {
  const right = JSON.stringify(actual) === JSON.stringify(expected);
  if (!right) failures += 1;
  console.log(
    `${right ? "ok  " : "FAIL"} ${what}: ${JSON.stringify(actual)}${right ? "" : `, expected ${JSON.stringify(expected)}`}`,
  );
}

/** Returns a block of docs/proxies.md by its title. */
function configurationOf(title: string): string {
  const page = readFileSync(fileURLToPath(new URL("../../docs/proxies.md", import.meta.url)), "utf8");
  const block = new RegExp(`\`\`\`\\w+ title="${title}"\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  if (block === undefined) throw new Error(`docs/proxies.md has no block with the title ${title}.`);
  return block;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (open) return;
    await wait(50);
  }
  throw new Error(`Nothing listens on port ${port}.`);
}

async function startNginx(server: string, port: number): Promise<string> {
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`);
  const file = join(folder, `nginx-${port}.conf`);
  const main = `daemon off; pid ${folder}/nginx-${port}.pid; error_log ${folder}/nginx.log; events {}`;
  writeFileSync(file, `${main} http { access_log off; ${paths.join(" ")}\n${server}\n}`);
  proxies.push(spawn("nginx", ["-c", file, "-e", join(folder, "nginx.log")], { stdio: "inherit" }));
  await listening(port);
  return `http://127.0.0.1:${port}`;
}

/** The documented nginx, with the addresses of this run and without TLS. */
async function documentedNginx(hubPort: number, idle = "75s"): Promise<string> {
  const port = await freePort();
  const text = configurationOf("nginx.conf")
    .replace("listen 443 ssl;", `listen 127.0.0.1:${port};`)
    .replace(/ *ssl_certificate.*\n/g, "")
    .replace(`https://${HUB_NAME}`, `http://127.0.0.1:${hubPort}`)
    .replaceAll(HUB_NAME, `127.0.0.1:${hubPort}`)
    .replace("75s", idle);
  return startNginx(text, port);
}

/** nginx' own example of a WebSocket proxy (nginx.org, "WebSocket proxying"): it replaces `Host` and adds no header. */
async function plainNginx(hubPort: number, more = ""): Promise<string> {
  const port = await freePort();
  const location = `proxy_pass http://127.0.0.1:${hubPort}; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade"; ${more}`;
  return startNginx(`server { listen 127.0.0.1:${port}; location / { ${location} } }`, port);
}

async function documentedHaproxy(hubPort: number, idle = "75s"): Promise<string> {
  const port = await freePort();
  const text = configurationOf("haproxy.cfg")
    .replace(/bind :443 .*/, `bind 127.0.0.1:${port}`)
    .replace(/server hub .*/, `server hub 127.0.0.1:${hubPort}`)
    .replaceAll(HUB_NAME, `127.0.0.1:${hubPort}`)
    .replace("timeout tunnel 75s", `timeout tunnel ${idle}`);
  const file = join(folder, `haproxy-${port}.cfg`);
  writeFileSync(file, text);
  proxies.push(spawn("haproxy", ["-q", "-f", file], { stdio: "inherit" }));
  await listening(port);
  return `http://127.0.0.1:${port}`;
}

const { publicKey, privateKey } = await generateKeyPair("ES256");
const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "oracle", alg: "ES256" }] });
const issuer = createHttpServer((_, response) => response.setHeader("content-type", "application/json").end(jwks));
await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
const issuerAddress = issuer.address();
const issuerUrl = `http://127.0.0.1:${typeof issuerAddress === "object" ? issuerAddress?.port : 0}`;

function identity(groups: readonly string[]): Promise<string> {
  return new SignJWT({ instances: [INSTANCE], groups: [...groups] })
    .setProtectedHeader({ alg: "ES256", kid: "oracle" })
    .setSubject("ana")
    .setIssuer(issuerUrl)
    .setAudience("vigia")
    .setExpirationTime("1h")
    .sign(privateKey);
}

const hub = await startHub({
  port: 0,
  folder,
  vars: {
    AUTH_MODE: "local",
    AUTH_JWKS_URL: `${issuerUrl}/keys`,
    AUTH_ISSUER: issuerUrl,
    AUTH_AUDIENCE: "vigia",
    ALLOWED_ORIGINS: PAGE,
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: `whsec_${randomBytes(32).toString("base64")}` }),
    TICKET_SECRET: randomBytes(32).toString("base64"),
  },
});
const hubPort = Number(new URL(hub.url).port);

async function statusOf(base: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(base + TICKETS, { method: "POST", headers });
  await answer.body?.cancel();
  return answer.status;
}

async function ticketAt(base: string, groups: readonly string[] = ["*"]): Promise<string> {
  const answer = await fetch(base + TICKETS, { method: "POST", headers: { authorization: `Bearer ${await identity(groups)}` } });
  const body: unknown = await answer.json();
  return typeof body === "object" && body !== null && "ticket" in body ? String(body.ticket) : "";
}

/** Opens a socket and returns it with its first frame's type, or the status of a refused upgrade. */
function openSocket(base: string, ticket: string, origin: string): Promise<{ socket: WebSocket; got: string }> {
  const address = `${base.replace("http", "ws")}/v1/instances/${INSTANCE}/live`;
  const socket = new WebSocket(address, ["hub.v1", `ticket.${ticket}`], { origin, perMessageDeflate: false });
  return new Promise((resolve) => {
    socket.once("message", (data) => resolve({ socket, got: `${socket.protocol} ${JSON.parse(String(data)).type}` }));
    socket.on("unexpected-response", (_, response) => resolve({ socket, got: String(response.statusCode) }));
    socket.on("error", (error) => resolve({ socket, got: error.message }));
  });
}

/** Whether a socket lives through twice the idle limit, with or without pings. */
async function outlives(base: string, pings: boolean): Promise<boolean> {
  const { socket } = await openSocket(base, await ticketAt(base), PAGE);
  const timer = pings ? setInterval(() => socket.send("ping"), IDLE_SECONDS * 333) : undefined;
  await wait(IDLE_SECONDS * 2000);
  clearInterval(timer);
  const alive = socket.readyState === WebSocket.OPEN;
  socket.terminate();
  return alive;
}

async function checkProxy(name: string, start: (hubPort: number, idle?: string) => Promise<string>): Promise<void> {
  const base = await start(hubPort);
  check(`${name}: without an identity a stranger gets`, await statusOf(base), 401);
  check(`${name}: a page of ${PAGE} without an identity gets`, await statusOf(base, { origin: PAGE }), 401);
  const preflight = { method: "OPTIONS", headers: { origin: PAGE, "access-control-request-method": "POST" } };
  const allowed = (await fetch(base + TICKETS, preflight)).headers.get("access-control-allow-origin");
  check(`${name}: its preflight allows`, allowed, PAGE);
  const own = await openSocket(base, await ticketAt(base), PAGE);
  check(`${name}: a socket with an identity's ticket gets`, own.got, "hub.v1 initialAgentList");
  own.socket.terminate();
  const foreign = await openSocket(base, await ticketAt(base), "https://evil.example");
  check(`${name}: a socket of a foreign page gets`, foreign.got, "403");
  const wide = await ticketAt(
    base,
    Array.from({ length: 200 }, () => randomUUID()),
  );
  const big = await openSocket(base, wide, PAGE);
  check(`${name}: a socket with a ticket of ${wide.length} characters gets`, big.got, "hub.v1 initialAgentList");
  big.socket.terminate();
  const impatient = await start(hubPort, `${IDLE_SECONDS}s`);
  const [silent, pinging] = await Promise.all([outlives(impatient, false), outlives(impatient, true)]);
  check(`${name}: a silent viewer outlives the idle limit`, silent, false);
  check(`${name}: a viewer that pings outlives it`, pinging, true);
}

try {
  check("direct: a program of this machine gets", await statusOf(hub.url), 200);
  check("direct: a page of another port gets", await statusOf(hub.url, { origin: "http://localhost:5173" }), 200);
  await checkProxy("nginx", documentedNginx);
  await checkProxy("HAProxy", documentedHaproxy);
  const plain = await plainNginx(hubPort);
  check("nginx' example: a page gets no ticket", await statusOf(plain, { origin: PAGE }), 401);
  check("nginx' example: a program gets one, because nothing tells it apart", await statusOf(plain), 200);
  const wide = await ticketAt(
    await documentedNginx(hubPort),
    Array.from({ length: 200 }, () => randomUUID()),
  );
  check(
    `nginx' example: a socket with a ticket of ${wide.length} characters gets`,
    (await openSocket(plain, wide, PAGE)).got,
    "400",
  );
  const keepsHost = await plainNginx(hubPort, "proxy_set_header Host board.example.com;");
  check("nginx that keeps the public host: a program gets", await statusOf(keepsHost), 401);
} finally {
  await hub.stop();
  issuer.closeAllConnections();
  issuer.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(failures === 0 ? "All as docs/proxies.md says." : `${failures} differ from docs/proxies.md.`);
process.exit(failures === 0 ? 0 : 1);
