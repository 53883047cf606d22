import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { type WebSocket, WebSocketServer } from "ws";
import { fakeAgent } from "../../dashboard/client/testing.ts";
import type { Agent, AgentPatch } from "../../protocol/agent.ts";
import type { AgentDay } from "../../protocol/agent-day.ts";
import type { CenterAlert } from "../../protocol/alert.ts";
import type { CenterFacts } from "../../protocol/center.ts";
import { clientMessageSchema, PING, PONG, type ServerMessage, SUBPROTOCOL, type Turn } from "../../protocol/messages.ts";
import type { CenterQueue, QueueQuarter, WaitingContact } from "../../protocol/queue.ts";

const PAGE = fileURLToPath(new URL("../../dist/dashboard", import.meta.url));
const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** What a test answers to one request; null = the connection breaks. */
export type FakeAnswer = (body: unknown, query: URLSearchParams) => { status: number; body: unknown } | null;

/**
 * A stand-in for the hub with the same interface to a page. A test decides which frames it sends, and when. hub.test.ts tests
 * the decisions of the real hub.
 */
export class FakeHub {
  readonly #agents = new Map<string, Agent>();
  readonly #changedAt = new Map<string, number>();
  /** When each `duration` was set. A viewer that connects later gets a longer one. */
  readonly #countedAt = new Map<string, number>();
  readonly #alerts = new Map<string, CenterAlert>();
  readonly #queues = new Map<string, CenterQueue>();
  readonly #queueContacts = new Map<string, { contacts: WaitingContact[]; quarters: QueueQuarter[] }>();
  /** If set, the hub refuses with this word to tell who waits. */
  queueRefusal: string | null = null;
  readonly #transcripts = new Map<string, { turns: Turn[]; complete: boolean }>();
  readonly #watching = new Map<WebSocket, Set<string>>();
  readonly #greetings: string[] = [];
  /** If set, the hub gives tickets only with `Authorization: Bearer <this>`. */
  token: string | null = null;
  /** The answer of `GET …/rules`; null = 404, as an older hub answers. */
  rules: object | null = null;
  /** The days of agents by their ids; null = 404 for all, as an older hub answers. */
  days: Record<string, AgentDay> | null = null;
  /** How often each agent's day was asked for, with its date. */
  readonly askedDays: string[] = [];
  /** What the hub says of its center; null = nothing, as an older hub. */
  center: CenterFacts | null = null;
  /** The name of whoever acknowledges; null = nobody may. */
  acknowledgesAs: string | null = "Laura Ríos";
  /** The answers to `GET me`, `POST actions` and other requests below the instance. Without one: 404, as an older hub answers. */
  readonly answers = new Map<string, FakeAnswer>();
  #server: Server | null = null;
  #sockets: WebSocketServer | null = null;
  #port = 0;
  #seq = 1;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The type of the first frame of each viewer, the oldest viewer first. */
  get greetings(): readonly string[] {
    return this.#greetings;
  }

  /** Listens on a free port. After {@link stop} it listens on the same port again. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? "/", this.url).pathname;
      if (request.method === "POST" && path.endsWith("/tickets")) {
        const allowed = this.token === null || request.headers.authorization === `Bearer ${this.token}`;
        response.writeHead(allowed ? 200 : 401, { "content-type": "application/json" });
        response.end(JSON.stringify(allowed ? { ticket: "ticket", expiresAt: Date.now() + 60_000 } : { error: "unauthorized" }));
        return;
      }
      if (request.method === "GET" && path.endsWith("/rules") && this.rules !== null) {
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(this.rules));
        return;
      }
      const [, dayOf] = path.match(/\/agents\/([^/]+)\/day$/) ?? [];
      if (dayOf !== undefined) {
        this.askedDays.push(dayOf + new URL(request.url ?? "/", this.url).search);
        const day = this.days?.[dayOf];
        response.writeHead(day === undefined ? 404 : 200, { "content-type": "application/json" });
        response.end(JSON.stringify(day ?? { error: "not_found" }));
        return;
      }
      const own = this.answers.get(`${request.method} ${path.split("/").slice(4).join("/")}`);
      if (own !== undefined) {
        void answerRequest(request, response, own);
        return;
      }
      if (path === "/v1/config") {
        const config = { local: this.token === null, signIn: null, instanceKnown: true, serverTime: Date.now() };
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(config));
        return;
      }
      void this.#page(path).then(
        ([type, body]) => response.writeHead(200, { ...pageHeaders(), "content-type": type }).end(body),
        () => response.writeHead(404).end(),
      );
    });
    const sockets = new WebSocketServer({ server, handleProtocols: () => SUBPROTOCOL });
    sockets.on("connection", (socket, request) => this.#greet(socket, new URL(request.url ?? "/", this.url)));
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    const address = server.address();
    if (address !== null && typeof address !== "string") this.#port = address.port;
    this.#server = server;
    this.#sockets = sockets;
  }

  /** Ends every connection, as a crash would. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets?.clients ?? []) socket.terminate();
    const server = this.#server;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === null ? resolve() : server.close(() => resolve())));
    this.#server = null;
  }

  /** Closes the socket of every viewer with one of the hub's own codes. */
  closeViewers(code: number, reason: string): void {
    for (const socket of this.#sockets?.clients ?? []) socket.close(code, reason);
  }

  /** Adds agents, or changes fields of known agents, and sends one frame. */
  changeAgents(...patches: AgentPatch[]): void {
    const from = this.#seq;
    for (const patch of patches) {
      this.#seq += 1;
      const before = this.#agents.get(patch.agentId);
      this.#agents.set(patch.agentId, { ...(before ?? newAgent(patch.agentId)), ...patch });
      this.#changedAt.set(patch.agentId, this.#seq);
      if (patch.duration !== undefined) this.#countedAt.set(patch.agentId, Date.now());
    }
    const data = patches.map((patch) => (patch.name === undefined ? patch : (this.#agents.get(patch.agentId) ?? patch)));
    this.#broadcast({ type: "agentStatusBatch", epoch: "fake", from, to: this.#seq, serverTime: Date.now(), data, removed: [] });
  }

  /** Returns the id of the agent with a name. */
  agentNamed(name: string): string {
    for (const agent of this.#agents.values()) if (agent.name === name) return agent.agentId;
    throw new Error(`The hub has no agent with the name ${name}.`);
  }

  /** Adds or changes alerts, and sends one frame. */
  changeAlerts(...alerts: CenterAlert[]): void {
    const from = this.#seq++;
    for (const alert of alerts) this.#alerts.set(alert.alertId, alert);
    const batch = { type: "agentStatusBatch", epoch: "fake", from, to: this.#seq, serverTime: Date.now() } as const;
    this.#broadcast({ ...batch, data: [], removed: [], alerts: { data: alerts, removed: [] } });
  }

  removeAgent(agentId: string): void {
    const from = this.#seq++;
    this.#agents.delete(agentId);
    this.#broadcast({
      type: "agentStatusBatch",
      epoch: "fake",
      from,
      to: this.#seq,
      serverTime: Date.now(),
      data: [],
      removed: [agentId],
    });
  }

  /** Adds queues, or replaces known ones, and sends one frame. */
  changeQueues(...queues: CenterQueue[]): void {
    const from = this.#seq;
    this.#seq += queues.length;
    for (const queue of queues) this.#queues.set(queue.queueId, queue);
    const frame = { epoch: "fake", from, to: this.#seq, serverTime: Date.now(), data: [], removed: [] };
    this.#broadcast({ type: "agentStatusBatch", ...frame, queues: { data: queues, removed: [] } });
  }

  /** Sets who waits in a queue, and tells those who watch it. */
  sendQueueContacts(queueId: string, contacts: WaitingContact[], quarters: QueueQuarter[] = []): void {
    this.#queueContacts.set(queueId, { contacts, quarters });
    for (const [socket, watched] of this.#watching) {
      if (watched.has(queueId)) send(socket, { type: "queueContacts", queueId, contacts, quarters });
    }
  }

  sendTurns(contactId: string, turns: Turn[], complete = false): void {
    const before = this.#transcripts.get(contactId)?.turns ?? [];
    const kept = before.filter((turn) => !turns.some(({ turnId }) => turnId === turn.turnId));
    this.#transcripts.set(contactId, { turns: [...kept, ...turns], complete });
    for (const [socket, contacts] of this.#watching) {
      if (contacts.has(contactId)) send(socket, { type: "transcript", contactId, turns, complete });
    }
  }

  /** Sends the error for a refused watch to everybody who watches the contact (TRA-8). */
  refuseWatch(contactId: string, code: string): void {
    for (const [socket, contacts] of this.#watching) {
      if (contacts.delete(contactId)) send(socket, { type: "error", code, message: "Refused by the test.", contactId });
    }
  }

  #greet(socket: WebSocket, address: URL): void {
    const seq = Number(address.searchParams.get("seq"));
    const resumes = address.searchParams.get("epoch") === "fake";
    const all = [...this.#agents.values()].map((agent) => this.#counted(agent));
    const changed = all.filter((agent) => (this.#changedAt.get(agent.agentId) ?? 0) > seq);
    this.#greetings.push(resumes ? "resumed" : "initialAgentList");
    const serverTime = Date.now();
    const common = { epoch: "fake", serverTime, ...(this.center !== null && { center: this.center }) };
    const lists = { queues: [...this.#queues.values()], alerts: [...this.#alerts.values()] };
    if (resumes) {
      const queues = { data: lists.queues, removed: [] };
      const alerts = { data: lists.alerts, removed: [] };
      send(socket, { type: "resumed", ...common, from: seq, to: this.#seq, data: changed, removed: [], queues, alerts });
    } else send(socket, { type: "initialAgentList", ...common, seq: this.#seq, data: all, ...lists });
    this.#watching.set(socket, new Set());
    socket.on("message", (data) => this.#receive(socket, String(data)));
    socket.on("close", () => this.#watching.delete(socket));
  }

  #counted(agent: Agent): Agent {
    if (agent.duration === null) return agent;
    const elapsed = Date.now() - (this.#countedAt.get(agent.agentId) ?? Date.now());
    return { ...agent, duration: agent.duration + Math.floor(elapsed / 1000) };
  }

  #receive(socket: WebSocket, data: string): void {
    if (data === PING) {
      socket.send(PONG);
      return;
    }
    const message = v.parse(clientMessageSchema, JSON.parse(data));
    if (message.type === "watch") {
      this.#watching.get(socket)?.add(message.contactId);
      const { turns, complete } = this.#transcripts.get(message.contactId) ?? { turns: [], complete: false };
      send(socket, { type: "transcript", contactId: message.contactId, turns, complete });
    }
    if (message.type === "acknowledge") this.#acknowledge(socket, message.alertId);
    if (message.type === "watchQueue") this.#watchQueue(socket, message.queueId);
    if (message.type === "unwatchQueue") this.#watching.get(socket)?.delete(message.queueId);
    if (message.type === "unwatch") this.#watching.get(socket)?.delete(message.contactId);
  }

  #watchQueue(socket: WebSocket, queueId: string): void {
    if (this.queueRefusal !== null) {
      send(socket, { type: "error", code: this.queueRefusal, message: "Refused by the test.", queueId });
      return;
    }
    this.#watching.get(socket)?.add(queueId);
    const known = this.#queueContacts.get(queueId) ?? { contacts: [], quarters: [] };
    send(socket, { type: "queueContacts", queueId, ...known });
  }

  #acknowledge(socket: WebSocket, alertId: string): void {
    const alert = this.#alerts.get(alertId);
    if (alert === undefined || this.acknowledgesAs === null) {
      send(socket, { type: "error", code: "not_allowed", message: "Refused by the test.", alertId });
    } else this.changeAlerts({ ...alert, acknowledgedBy: this.acknowledgesAs, acknowledgedAt: Date.now() });
  }

  #broadcast(message: ServerMessage): void {
    for (const socket of this.#watching.keys()) send(socket, message);
  }

  async #page(path: string): Promise<[string, Buffer]> {
    const file = path === "/" ? "index.html" : normalize(path);
    return [TYPES[extname(file)] ?? "application/octet-stream", await readFile(join(PAGE, file))];
  }
}

/** Returns the headers of every file of the page: the first block of `_headers`. */
function pageHeaders(): Record<string, string> {
  const [everywhere = ""] = readFileSync(join(PAGE, "_headers"), "utf8").split("\n\n");
  return Object.fromEntries([...everywhere.matchAll(/^ {2}([\w-]+): (.*)$/gm)].map(([, name = "", value = ""]) => [name, value]));
}

async function answerRequest(request: IncomingMessage, response: ServerResponse, answer: FakeAnswer): Promise<void> {
  const body = await text(request);
  const said = answer(body === "" ? null : JSON.parse(body), new URL(request.url ?? "/", "http://localhost").searchParams);
  if (said === null) return void request.socket.destroy();
  response.writeHead(said.status, { "content-type": "application/json" }).end(JSON.stringify(said.body));
}

function send(socket: WebSocket, message: ServerMessage): void {
  socket.send(JSON.stringify(message));
}

function newAgent(agentId: string): Agent {
  return fakeAgent({ agentId, name: agentId, since: Date.now(), routingProfile: "Basic Routing Profile" });
}
