// `npm run bench:hardship -- [--seconds 60] [--clients 200] [--kills 6]`: posts while the hub is killed and its secret rotated, and lets
// shipped clients lose their sockets over relays. Exit code 1: an acknowledged post is lost, or a board is wrong. docs/load.md has the figures.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { createAgentClient } from "../../dashboard/client/index.ts";
import { type LocalHubOptions, type RunningHub, restartHub, startHub } from "../../local/start/hub.ts";
import { signedPost } from "../support/signed-post.ts";
import { pause } from "./measure/processes.ts";
import { SoakCenter } from "./soak/updates.ts";

const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const OLD = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const NEW = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;
const AGENTS = 100;
const boardSchema = v.object({ data: v.array(v.looseObject({ agentId: v.string(), since: v.number() })) });
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    clients: { type: "string", default: "200" },
    kills: { type: "string", default: "6" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "vigia-hardship-"));
let options: LocalHubOptions = { port: 0, folder, vars: varsWith(OLD) };
let hub: RunningHub = await startHub(options);
// A restart takes the same port.
options = { ...options, port: Number(new URL(hub.url).port) };
const base = `${hub.url}/v1/instances/${INSTANCE}`;
const center = new SoakCenter(AGENTS);
const posts = { acknowledged: 0, refused: 0, unanswered: 0 };
/** Agent -> `since` of the newest state that the hub has acknowledged. */
const acknowledged = new Map<string, number>();
let secret = OLD;
let wrong = 0;

try {
  const kills = Number(values.kills);
  let posting = true;
  const posted = (async () => {
    while (posting) await postNext();
  })();
  for (let kill = 0; kill < kills; kill += 1) {
    await pause(1_000 + Math.random() * 2_000);
    // The two steps of docs/maintain.md: first both secrets, then senders have the new one, then the old one goes.
    if (kill === 1) options = { ...options, vars: varsWith(`${NEW} ${OLD}`) };
    if (kill === 2) secret = NEW;
    if (kill === 3) options = { ...options, vars: varsWith(NEW) };
    hub = await restartHub(hub, options);
  }
  await pause(2_000);
  posting = false;
  await posted;
  const board = new Map((await readBoard()).map((agent) => [agent.agentId, agent]));
  const lost = [...acknowledged].filter(([agentId, since]) => (board.get(agentId)?.since ?? 0) < since).length;
  wrong += lost + posts.refused;
  console.log(
    `${kills} kills (SIGKILL) and a rotated secret while posting: ${posts.acknowledged} acknowledged, ${lost} agents with a lost one, ${posts.refused} refused, ${posts.unanswered} without an answer.`,
  );
  await flap();
} finally {
  await hub.kill();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(wrong === 0 ? 0 : 1);

function varsWith(secrets: string): Record<string, string> {
  return {
    AUTH_MODE: "local",
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: secrets }),
    TICKET_SECRET: Buffer.alloc(32, 3).toString("base64"),
    // 200 clients then sit at the hub and at ten relays.
    VIEWERS_PER_OBJECT: "20",
  };
}

async function postNext(): Promise<void> {
  const updates = center.nextUpdates(Date.now());
  try {
    const answer = await signedPost(`${base}/updates`, updates, { secret });
    await answer.body?.cancel();
    if (answer.status === 401) posts.refused += 1;
    if (!answer.ok) return;
    posts.acknowledged += 1;
    for (const update of updates) if (update.type === "agent.state") acknowledged.set(update.agentId, update.status.since);
  } catch {
    // The hub is down.
    posts.unanswered += 1;
    await pause(100);
  }
}

async function buyTicket(): Promise<string> {
  const answer = await fetch(`${base}/tickets`, { method: "POST", body: JSON.stringify({ subject: crypto.randomUUID() }) });
  if (!answer.ok) throw Object.assign(new Error(`The hub gave no ticket: ${answer.status}`), { status: answer.status });
  return v.parse(v.object({ ticket: v.string() }), await answer.json()).ticket;
}

async function readBoard(): Promise<v.InferOutput<typeof boardSchema>["data"]> {
  const answer = await fetch(`${base}/agents`, { headers: { Authorization: `Bearer ${await buyTicket()}` } });
  return v.parse(boardSchema, await answer.json()).data;
}

/** Shipped clients whose connections break all the time, while posts go on. In the end each must have the hub's board. */
async function flap(): Promise<void> {
  const sockets = new Set<WebSocket>();
  class BreakableSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      sockets.add(this);
      this.addEventListener("close", () => sockets.delete(this));
    }
  }
  const clients = Array.from({ length: Number(values.clients) }, () =>
    createAgentClient({ url: hub.url, instanceId: INSTANCE, getTicket: buyTicket, WebSocket: BreakableSocket }),
  );
  for (const client of clients) client.connect();
  const end = performance.now() + Number(values.seconds) * 1000;
  let broken = 0;
  while (performance.now() < end) {
    for (let count = 0; count < 5; count += 1) await postNext();
    for (const socket of [...sockets].filter(() => Math.random() < 0.02)) {
      socket.close();
      broken += 1;
    }
    await pause(50);
  }
  const settled = performance.now() + 60_000;
  while (performance.now() < settled && !clients.every((client) => client.connection().status === "live")) await pause(100);
  await pause(2_000);
  const board = textOf(await readBoard());
  const right = clients.filter((client) => textOf([...client.agents().values()]) === board).length;
  wrong += clients.length - right;
  console.log(
    `${clients.length} shipped clients over relays, ${broken} broken sockets in ${values.seconds} s: ${right} of ${clients.length} end with the hub's board.`,
  );
  for (const client of clients) client.close();
}

/** What must be equal: who is there and since when. */
function textOf(agents: readonly { agentId: string; since: number }[]): string {
  return JSON.stringify(agents.map(({ agentId, since }) => `${agentId} ${since}`).sort());
}
