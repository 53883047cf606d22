import { env } from "cloudflare:workers";
import { inflateRawSync } from "node:zlib";
import type { Agent } from "../../protocol/agent.ts";
import type { CenterAlert } from "../../protocol/alert.ts";
import { rowNumber } from "../../protocol/row-number.ts";
import { call, ticket } from "./support.ts";

type ReceivedFrame = { type: string } & Record<string, unknown>;

export interface TestViewerOptions {
  groups?: string[];
  subject?: string;
  roles?: string[];
  legacy?: boolean;
  /** Offers `hub.v1.z` beside `hub.v1`. */
  compact?: boolean;
  position?: { epoch: string; seq: number };
  token?: string;
  origin?: string;
}

interface BoardChanges {
  epoch: string;
  from: number;
  to: number;
  data: (Agent | unknown[])[];
  removed: string[];
  alerts?: { data: CenterAlert[] };
  shapes?: Record<string, string[]>;
}

/** A client that follows docs/protocol.md: it applies every frame and records every gap. */
export class TestViewer {
  readonly frames: ReceivedFrame[] = [];
  readonly agents = new Map<string, Partial<Agent>>();
  readonly alerts = new Map<string, Partial<CenterAlert>>();
  readonly gaps: string[] = [];
  readonly transcripts: ReceivedFrame[] = [];
  /** How many frames came as binary messages. */
  packed = 0;
  epoch = "";
  seq = 0;
  closed: { code: number; reason: string } | null = null;
  readonly #socket: WebSocket;
  readonly #legacy: boolean;

  constructor(socket: WebSocket, legacy = false, seq = 0) {
    this.#socket = socket;
    this.#legacy = legacy;
    this.seq = seq;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", (event) => this.#receive(this.#textOf(event.data)));
    socket.addEventListener("close", (event) => {
      this.closed = { code: event.code, reason: event.reason };
      // The runtime keeps the socket open until this side answers the close.
      if (![1005, 1006].includes(event.code)) socket.close(event.code);
    });
    socket.accept();
  }

  static async open(instance: string, options: TestViewerOptions = {}): Promise<TestViewer> {
    const response = await openSocket(instance, options);
    const socket = response.webSocket;
    if (socket === null) throw new Error(`The hub opened no WebSocket: ${response.status} ${await response.text()}`);
    return new TestViewer(socket, options.legacy, options.position?.seq);
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  close(code = 1000): void {
    this.#socket.close(code);
  }

  /** Closes as a page does that calls `close()` without arguments. */
  closeWithoutCode(): void {
    this.#socket.close();
  }

  last(type: string): ReceivedFrame {
    const found = this.frames.filter((frame) => frame.type === type).at(-1);
    if (found === undefined)
      throw new Error(`The viewer got no ${type} frame, only: ${this.frames.map((frame) => frame.type).join(", ")}`);
    return found;
  }

  /** Waits until the condition holds. After some seconds it throws and quotes the newest frames. */
  async until(condition: (viewer: TestViewer) => boolean, what = "the condition"): Promise<void> {
    for (let tries = 0; tries < 500; tries += 1) {
      if (condition(this)) return;
      // Works with fake timers too.
      await scheduler.wait(10);
    }
    throw new Error(`The viewer never saw ${what}. Its frames: ${JSON.stringify(this.frames).slice(-1500)}`);
  }

  #textOf(data: unknown): string {
    if (!(data instanceof ArrayBuffer)) return String(data);
    this.packed += 1;
    return new TextDecoder().decode(inflateRawSync(data));
  }

  #receive(text: string): void {
    if (text === "pong") {
      this.frames.push({ type: "pong" });
      return;
    }
    const frame = JSON.parse(text);
    this.frames.push(frame);
    switch (frame.type) {
      case "initialAgentList":
        this.agents.clear();
        for (const agent of frame.data) this.agents.set(agent.agentId, agent);
        this.alerts.clear();
        for (const alert of frame.alerts ?? []) this.alerts.set(alert.alertId, alert);
        this.epoch = frame.epoch;
        this.seq = frame.seq;
        return;
      case "agentStatusUpdate":
        this.agents.set(frame.data.agentId, frame.data);
        this.seq = frame.seq;
        return;
      case "agentRemoved":
        this.agents.delete(frame.data.agentId);
        return;
      case "transcript":
        this.transcripts.push(frame);
        return;
      case "agentStatusBatch":
      case "resumed":
        this.#advance(frame);
        return;
      default:
        return;
    }
  }

  #patchOf([number, shape, ...values]: unknown[], shapes: Record<string, string[]>): Partial<Agent> & { agentId: string } {
    const agentId = [...this.agents.keys()].find((key) => rowNumber(key) === number);
    if (agentId === undefined) throw new Error(`The hub named an agent ${number} that the viewer does not have.`);
    const agent = structuredClone(this.agents.get(agentId));
    for (const [index, path] of (shapes[String(shape)] ?? []).entries()) {
      const names = path.split(".");
      const around = names.slice(0, -1).reduce<unknown>((value, name) => Reflect.get(Object(value), name), agent);
      Reflect.set(Object(around), names.at(-1) ?? "", values[index]);
    }
    return { ...agent, agentId };
  }

  #advance(frame: BoardChanges): void {
    if (this.#legacy) throw new Error("The hub sent a legacy viewer a frame that only hub.v1 has.");
    if (frame.from > this.seq) {
      this.gaps.push(`${frame.from} > ${this.seq}`);
      this.send({ type: "resync" });
      return;
    }
    if (frame.to <= this.seq) return;
    for (const row of frame.data) {
      const patch = Array.isArray(row) ? this.#patchOf(row, frame.shapes ?? {}) : row;
      this.agents.set(patch.agentId, { ...this.agents.get(patch.agentId), ...patch });
    }
    for (const agentId of frame.removed) this.agents.delete(agentId);
    for (const patch of frame.alerts?.data ?? []) {
      this.alerts.set(patch.alertId, { ...this.alerts.get(patch.alertId), ...patch });
    }
    this.epoch = frame.epoch;
    this.seq = frame.to;
  }
}

const fullPrimaries = new Set<string>();

/** Fills a primary that has room for one viewer, so that the viewers of the test go to a relay. */
async function fillPrimary(instance: string): Promise<void> {
  if (env.VIEWERS_PER_OBJECT !== "1" || fullPrimaries.has(instance)) return;
  fullPrimaries.add(instance);
  await TestViewer.open(instance, { subject: "fills-the-primary" });
}

/** Sends the upgrade request and returns its answer. */
export async function openSocket(instance: string, options: TestViewerOptions = {}): Promise<Response> {
  await fillPrimary(instance);
  const { groups, subject, roles, legacy = false, compact = false, position, origin } = options;
  const token =
    options.token ??
    (await ticket(instance, { ...(groups && { groups }), ...(subject && { subject }), ...(roles && { roles }) }));
  const query = new URLSearchParams();
  if (legacy) query.set("ticket", token);
  if (position !== undefined) {
    query.set("epoch", position.epoch);
    query.set("seq", String(position.seq));
  }
  return call(`/v1/instances/${instance}/live?${query}`, {
    headers: {
      Upgrade: "websocket",
      ...(legacy ? {} : { "Sec-WebSocket-Protocol": `${compact ? "hub.v1.z, " : ""}hub.v1, ticket.${token}` }),
      ...(origin === undefined ? {} : { Origin: origin }),
    },
  });
}
