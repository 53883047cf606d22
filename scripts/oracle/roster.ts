import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { handler as reconcile } from "../../aws-ingest/handlers/reconcile.ts";
import { startConnect } from "../../local/aws/connect.ts";
import type { ConnectRoster, ConnectUser } from "../../local/aws/connect-roster.ts";
import { startSecrets } from "../../local/aws/secrets.ts";
import { startHub } from "../../local/start/hub.ts";

/**
 * Judges rosters of 20,000 agents by the real Worker: the real `reconcile` handler reads them from a stand-in of Amazon Connect
 * and posts them, and the board is read back over HTTP. It checks the first fill, the healing of lost events, the sign-out of
 * agents who are in no list any more, and the removal of deleted users.
 * `node scripts/oracle/roster.ts [agents]`. Exit code 0: all right. 1: a difference.
 */

const AGENTS = Number(process.argv[2] ?? 20_000);
const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const DAY_MS = 24 * 60 * 60_000;
const SHIFT_BEGAN = Date.now() - DAY_MS / 4;

const idOf = (index: number) =>
  createHash("sha256")
    .update(`agent ${index}`)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

function userOf(index: number): ConnectUser {
  const talking = index % 4 === 0;
  const contact = {
    contactId: `${idOf(index)}-call`,
    channel: "VOICE" as const,
    initiationMethod: "INBOUND",
    state: "CONNECTED" as const,
    since: SHIFT_BEGAN + index,
    connectedAt: SHIFT_BEGAN + index,
    queueId: "queue",
  };
  return {
    id: idOf(index),
    username: `user.${index}`,
    firstName: "María de los Ángeles",
    lastName: `Hernández-Gutiérrez ${index}`,
    routingProfileId: `profile-${index % 300}`,
    hierarchyGroupId: `team-${index % 40}`,
    presence: { statusId: "available", since: SHIFT_BEGAN, contacts: talking ? [contact] : [] },
  };
}

const agentSchema = v.object({
  agentId: v.string(),
  status: v.string(),
  statusName: v.nullable(v.string()),
  groups: v.array(v.string()),
});
const boardSchema = v.object({ data: v.array(agentSchema) });
type Seen = v.InferOutput<typeof agentSchema>;

const folder = mkdtempSync(join(tmpdir(), "vigia-roster-"));
const vars = {
  AUTH_MODE: "local",
  INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
  TICKET_SECRET: Buffer.alloc(32, 3).toString("base64"),
};
const hub = await startHub({ port: 0, folder, vars });
const users = Array.from({ length: AGENTS }, (_, index) => userOf(index));
const roster: ConnectRoster = {
  instanceId: INSTANCE,
  statuses: [
    { id: "available", name: "Available", type: "ROUTABLE" },
    { id: "lunch", name: "Almuerzo", type: "CUSTOM" },
  ],
  routingProfiles: Array.from({ length: 300 }, (_, index) => ({ id: `profile-${index}`, name: `Perfil ${index}` })),
  queues: [{ id: "queue", name: "Atención a clientes" }],
  hierarchyGroups: Array.from({ length: 40 }, (_, index) => ({ id: `team-${index}`, name: `Equipo ${index}`, parentId: null })),
  users,
};
// The quota of Amazon Connect would make each run take minutes. The handler pauses for it in its own tests.
const connect = await startConnect({ roster, requestsPerSecond: 100_000, burst: 100_000 });
const secrets = await startSecrets({ "vigia/hub": SECRET });
Object.assign(process.env, {
  INSTANCE_ID: INSTANCE,
  HUB_URL: hub.url,
  HUB_SECRET_ID: "vigia/hub",
  LOG_LEVEL: "ERROR",
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "stand-in",
  AWS_SECRET_ACCESS_KEY: "stand-in",
  AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
  AWS_ENDPOINT_URL_CONNECT: connect.url,
});

/** @param reader who reads it. The hub limits how often one person may read a board of this size */
async function board(reader: string): Promise<Map<string, Seen>> {
  const base = `${hub.url}/v1/instances/${INSTANCE}`;
  const asked = await fetch(`${base}/tickets`, { method: "POST", body: JSON.stringify({ subject: reader }) });
  const { ticket } = v.parse(v.object({ ticket: v.string() }), await asked.json());
  const answer = await fetch(`${base}/agents`, { headers: { authorization: `Bearer ${ticket}` } });
  if (!answer.ok) throw new Error(`The hub refused to show the board (${answer.status}). Look at the limits of polling.`);
  return new Map(v.parse(boardSchema, await answer.json()).data.map((agent) => [agent.agentId, agent]));
}

/** Runs `reconcile` and compares the board with what it should be. @throws Error with the first difference */
async function step(name: string, expected: (index: number) => string | null): Promise<void> {
  const begunAt = performance.now();
  await reconcile();
  const tookMs = Math.round(performance.now() - begunAt);
  const agents = await board(name);
  for (let index = 0; index < AGENTS; index += 1) {
    const status = agents.get(idOf(index))?.status ?? null;
    if (status !== expected(index)) throw new Error(`${name}: agent ${index} is ${status}, expected ${expected(index)}.`);
  }
  console.log(`${name}: ${agents.size} agents on the board are right, reconcile took ${tookMs} ms.`);
}

try {
  const working = (index: number) => (index % 4 === 0 ? "on a call" : "available");
  await step("first fill", working);
  // No event says that every tenth agent went to lunch, and that every tenth signed out.
  roster.users = users.map((user, index) => {
    if (index % 10 === 1) return { ...user, presence: { statusId: "lunch", since: Date.now(), contacts: [] } };
    return index % 10 === 2 ? { ...user, presence: null } : user;
  });
  const changed = (index: number) => (index % 10 === 1 ? "away" : index % 10 === 2 ? "offline" : working(index));
  await step("heal", changed);
  roster.users = roster.users.filter((_, index) => index % 20 !== 2);
  await step("removal", (index) => (index % 20 === 2 ? null : changed(index)));
  await step("unchanged", (index) => (index % 20 === 2 ? null : changed(index)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await Promise.all([hub.stop(), connect.close(), secrets.close()]);
  rmSync(folder, { recursive: true, force: true });
}
