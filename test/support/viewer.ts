import * as v from "valibot";
import { WebSocket } from "ws";
import { type Agent, agentSchema } from "../../protocol/agent.ts";
import { type ClientMessage, SUBPROTOCOL, serverMessageSchema, TICKET_PREFIX } from "../../protocol/messages.ts";

export interface SocketViewerOptions {
  /** The hub's origin, `http://127.0.0.1:8787`. */
  hub: string;
  instance: string;
  /** The groups of the viewer's identity, for `AUTH_MODE=local`. */
  groups?: readonly string[];
  /** Resumes from this position. */
  resume?: { epoch: string; seq: number };
}

type Frame = v.InferOutput<typeof serverMessageSchema>;
type Patch = Extract<Frame, { type: "agentStatusBatch" }>["data"][number];

/** A test fails after this wait. It is long, because a loaded machine is slow. */
const PATIENCE_MS = 45_000;

/** A `hub.v1` viewer on a real socket. It applies every frame to its own board and records gaps between frames. */
export class SocketViewer {
  readonly agents = new Map<string, Agent>();
  readonly frames: Frame[] = [];
  epoch = "";
  seq = 0;
  /** The gaps in the frames so far. A correct hub causes none. */
  readonly gaps: string[] = [];
  /** The close code and reason. null while the socket is open. */
  closed: { code: number; reason: string } | null = null;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: WebSocket, resume: SocketViewerOptions["resume"]) {
    this.#socket = socket;
    if (resume !== undefined) [this.epoch, this.seq] = [resume.epoch, resume.seq];
    socket.on("message", (data) => this.#receive(String(data)));
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.#wake();
    });
    socket.on("error", () => this.#wake());
  }

  /** Buys a ticket (local mode) and opens the socket. */
  static async open(options: SocketViewerOptions): Promise<SocketViewer> {
    const base = `${options.hub}/v1/instances/${options.instance}`;
    const ticket = await buyTicket(base, options.groups);
    const position = options.resume === undefined ? "" : `?epoch=${options.resume.epoch}&seq=${options.resume.seq}`;
    const socket = new WebSocket(`${base.replace("http", "ws")}/live${position}`, [SUBPROTOCOL, TICKET_PREFIX + ticket]);
    const viewer = new SocketViewer(socket, options.resume);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return viewer;
  }

  /** Waits until `find` returns a value other than null and undefined. Calls it after every frame. */
  until<Found>(what: string, find: (viewer: SocketViewer) => Found | null | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = () => {
        const found = find(this);
        if (found !== null && found !== undefined) {
          stop();
          resolve(found);
        } else if (this.closed !== null) {
          stop();
          reject(new Error(`The socket closed with ${this.closed.code} before the viewer saw ${what}.`));
        }
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`The viewer did not see ${what} within ${PATIENCE_MS / 1000} s; ${this.frames.length} frames came.`));
      }, PATIENCE_MS);
      this.#waiting.add(look);
      look();
    });
  }

  send(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  close(): Promise<void> {
    if (this.closed !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#socket.once("close", () => resolve());
      this.#socket.close();
    });
  }

  #receive(text: string): void {
    if (text === "pong") return;
    const frame = v.parse(serverMessageSchema, JSON.parse(text));
    this.frames.push(frame);
    this.#apply(frame);
    this.#wake();
  }

  #apply(frame: Frame): void {
    switch (frame.type) {
      case "initialAgentList":
        this.agents.clear();
        for (const agent of frame.data) this.agents.set(agent.agentId, agent);
        [this.epoch, this.seq] = [frame.epoch, frame.seq];
        break;
      case "resumed":
        this.#check(frame);
        for (const agent of frame.data) this.agents.set(agent.agentId, agent);
        this.#finish(frame);
        break;
      case "agentStatusBatch":
        this.#check(frame);
        for (const patch of frame.data) this.#patch(patch);
        this.#finish(frame);
        break;
      default:
    }
  }

  /** Applies a patch. A new agent must come with all fields, so an incomplete one is a gap. */
  #patch(patch: Patch): void {
    const agent = v.safeParse(agentSchema, { ...this.agents.get(patch.agentId), ...patch });
    if (agent.success) this.agents.set(patch.agentId, agent.output);
    else this.gaps.push(`incomplete patch for ${patch.agentId}, which is not on the board`);
  }

  #check({ epoch, from }: { epoch: string; from: number }): void {
    if (epoch !== this.epoch) this.gaps.push(`epoch ${epoch} after ${this.epoch}`);
    else if (from > this.seq) this.gaps.push(`from ${from} after ${this.seq}`);
  }

  #finish({ to, removed }: { to: number; removed: readonly string[] }): void {
    for (const agentId of removed) this.agents.delete(agentId);
    this.seq = Math.max(this.seq, to);
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}

/** Returns a single-use ticket of a hub in `AUTH_MODE=local`. `base` is `…/v1/instances/{id}`. */
export async function buyTicket(base: string, groups?: readonly string[]): Promise<string> {
  const response = await fetch(`${base}/tickets`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ subject: "test", ...(groups === undefined ? {} : { groups }) }),
  });
  if (!response.ok) throw new Error(`The hub answered ${response.status} to POST ${base}/tickets.`);
  return v.parse(v.object({ ticket: v.string() }), await response.json()).ticket;
}
