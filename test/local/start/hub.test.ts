import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unstable_startWorker as startWithWrangler } from "wrangler";
import { WebSocket } from "ws";
import { type RunningHub, startHub } from "../../../local/start/hub.ts";
import { isUnreachable, refusedSettings } from "../../../local/start/hub-readiness.ts";
import { openLockFile } from "../../../local/start/lock-file.ts";
import { importSecrets, sign } from "../../../protocol/signature.ts";
import { signedPost } from "../../support/signed-post.ts";

const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const SECRET = "whsec_c3RhcnQtc2VjcmV0LXN0YXJ0LXNlY3JldC1zdGFydC0wMQ==";
const VARS = {
  AUTH_MODE: "local",
  INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
  TICKET_SECRET: "c3RhcnQtdGlja2V0LXN0YXJ0LXRpY2tldC1zdGFydC0wMQ==",
};

let folder: string;
let hub: RunningHub | null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vigia-hub-"));
  hub = null;
});
afterEach(async () => {
  await hub?.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function postAgent(url: string): Promise<string> {
  const agentId = randomUUID();
  const now = Date.now();
  const status = { name: "Available", kind: "routable", since: now } as const;
  const agent = { agentId, occurredAt: now, name: "Ana", username: "ana", signedIn: true, status, contacts: [] };
  const updates = [{ type: "agent.state" as const, ...agent, routingProfile: null, groups: [] }];
  const answer = await signedPost(`${url}/v1/instances/${INSTANCE}/updates`, updates, { secret: SECRET });
  expect(answer.status).toBe(200);
  await answer.body?.cancel();
  return agentId;
}

async function agentsOf(url: string): Promise<string[]> {
  const ticketAnswer = await fetch(`${url}/v1/instances/${INSTANCE}/tickets`, { method: "POST" });
  const { ticket } = v.parse(v.object({ ticket: v.string() }), await ticketAnswer.json());
  const answer = await fetch(`${url}/v1/instances/${INSTANCE}/agents`, { headers: { authorization: `Bearer ${ticket}` } });
  const { data } = v.parse(v.object({ data: v.array(v.object({ agentId: v.string() })) }), await answer.json());
  return data.map(({ agentId }) => agentId);
}

/** The Workers runtimes among the children of a process. */
function runtimesOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [name = "", parentId] = (readFileSync(`/proc/${pid}/stat`, "utf8").match(/\((.*)\) \S+ (\d+)/) ?? []).slice(1);
        return name === "workerd" && Number(parentId) === parent;
      } catch {
        return false;
      }
    });
}

describe("The local hub", () => {
  test("finds the state that wrangler's development server kept in the same folder, as the first release did.", async () => {
    const server = await startWithWrangler({
      config: fileURLToPath(new URL("../../../wrangler.toml", import.meta.url)),
      envFiles: [],
      bindings: Object.fromEntries(Object.entries(VARS).map(([name, value]) => [name, { type: "plain_text", value }])),
      dev: {
        server: { hostname: "127.0.0.1", port: 0 },
        inspector: false,
        watch: false,
        liveReload: false,
        persist: join(folder, "state"),
        logLevel: "none",
      },
    });
    const agentId = await postAgent((await server.url).origin);
    await server.dispose();
    hub = await startHub({ port: 0, folder, vars: VARS });
    expect(await agentsOf(hub.url)).toEqual([agentId]);
  });

  test("runs in one Workers runtime, and gets another one on the same port and state when that dies.", async () => {
    hub = await startHub({ port: 0, folder, vars: VARS });
    const agentId = await postAgent(hub.url);
    const [runtime, ...others] = runtimesOf(hub.pid);
    expect(others).toEqual([]);
    process.kill(runtime ?? 0, "SIGKILL");
    const { url, pid } = hub;
    await expect.poll(() => agentsOf(url).catch(() => null)).toEqual([agentId]);
    expect(runtimesOf(pid)).not.toEqual([runtime]);
    expect(readFileSync(hub.logFile, "utf8")).toContain("crashed unexpectedly and is being restarted");
  });

  test("ends the connection of a revoked viewer that has never sent anything.", async () => {
    hub = await startHub({ port: 0, folder, vars: VARS });
    const center = `${hub.url}/v1/instances/${INSTANCE}`;
    const answer = await fetch(`${center}/tickets`, { method: "POST", body: JSON.stringify({ subject: "ana" }) });
    const { ticket } = v.parse(v.object({ ticket: v.string() }), await answer.json());
    const socket = new WebSocket(`${center.replace("http", "ws")}/live?ticket=${ticket}`);
    await once(socket, "message");
    const body = JSON.stringify({ subject: "ana" });
    const signature = await sign(await importSecrets(SECRET), randomUUID(), Math.floor(Date.now() / 1000), body);
    const headers = { ...signature, "content-type": "application/json" };
    // Without help the runtime ends it ten seconds later.
    const closed = once(socket, "close", { signal: AbortSignal.timeout(8000) });
    expect(await (await fetch(`${center}/revocations`, { method: "POST", headers, body })).json()).toEqual({ closed: 1 });
    expect((await closed)[0]).toBe(4503);
  });

  test("tells which of its settings it refuses, and how to correct them here.", async () => {
    hub = await startHub({ port: 0, folder, vars: { ...VARS, ACTIONS: "fly" } });
    const refused = await refusedSettings(hub.url);
    expect(refused).toMatch(/^\.dev\.vars or wrangler\.toml: ACTIONS names .* The actions are .*barge.* Correct it/);
    expect(refused).not.toMatch(/npm run|\n/);
    await hub.kill();
    hub = await startHub({ port: 0, folder, vars: { ...VARS, HISTORY_DAYS: "-4" } });
    expect((await refusedSettings(hub.url))?.match(/Correct it/g)).toHaveLength(1);
    await hub.kill();
    hub = await startHub({ port: 0, folder, vars: VARS });
    expect(await refusedSettings(hub.url)).toBeNull();
  });

  test("is known to be unreachable when the database of its contact center is damaged.", async () => {
    hub = await startHub({ port: 0, folder, vars: VARS });
    await postAgent(hub.url);
    expect(await isUnreachable(hub.url)).toBe(false);
    await hub.stop();
    const objects = join(folder, "state/v3/do/vigia-ContactCenter");
    for (const name of readdirSync(objects)) {
      if (/-(?:wal|shm)$/.test(name)) rmSync(join(objects, name));
      else if (name !== "metadata.sqlite") writeFileSync(join(objects, name), Buffer.alloc(8192, "damaged"));
    }
    hub = await startHub({ port: 0, folder, vars: VARS });
    expect(await isUnreachable(hub.url)).toBe(true);
  });

  test("writes what the Worker logs to hub.log.", async () => {
    hub = await startHub({ port: 0, folder, vars: VARS });
    const headers = { "X-Forwarded-For": "203.0.113.7" };
    expect((await fetch(`${hub.url}/v1/instances/${INSTANCE}/tickets`, { method: "POST", headers })).status).toBe(401);
    const { logFile } = hub;
    await expect.poll(() => readFileSync(logFile, "utf8")).toContain('"event":"identity_refused"');
  });

  test("goes on when the machine keeps it from answering for longer than three health checks, and its folder stays taken.", async () => {
    hub = await startHub({ port: 0, folder, vars: VARS });
    const { url, pid } = hub;
    let ended = false;
    void hub.exited.then(() => {
      ended = true;
    });
    (await openLockFile(folder)).writeUrl(url);
    const runtimes = runtimesOf(pid);
    for (const runtime of runtimes) process.kill(runtime, "SIGSTOP");
    await expect(openLockFile(folder)).rejects.toThrow(/already running/);
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    expect(ended).toBe(false);
    for (const runtime of runtimes) process.kill(runtime, "SIGCONT");
    await postAgent(url);
  });
});
