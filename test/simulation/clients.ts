import * as v from "valibot";
import type { Position } from "../../core/board/board.ts";
import { parseFrame } from "../../dashboard/client/frames.ts";
import { BoardStore } from "../../dashboard/client/store.ts";
import { type Agent, agentSchema } from "../../protocol/agent.ts";
import { serverMessageSchema } from "../../protocol/messages.ts";

/** An agent as a viewer holds it, without the fields that time alone changes. */
/** An agent without its running duration. Legacy clients do not know either when its call started. */
export type ShownAgent = Omit<Agent, "duration">;
export type Shown = ReadonlyMap<string, ShownAgent>;

/** A client at its end of a socket. `receive` returns "gap" if the client has missed an earlier frame. */
export interface SimulatedClient {
  readonly position: Position | null;
  receive(text: string): "applied" | "ignored" | "gap";
  shown(): Shown;
}

/** Removes the field that changes by itself. */
export function withoutDuration({ duration: _, ...agent }: Agent): ShownAgent {
  return agent;
}

/** Removes the fields that legacy frames do not have, too, and says the status in their words. */
export function asLegacyShows(agent: ShownAgent): ShownAgent {
  const { callStartedAt: _, transcription: __, nextStatus: ___, capacity: ____, ...rest } = agent;
  const { contacts: _contacts, contactCount: _count, listening: _listening, today: _today, ...legacy } = rest;
  return { ...legacy, status: legacy.status === "on a contact" ? "on a call" : legacy.status };
}

/** A `hub.v1` client written from docs/protocol.md alone. */
export class ProtocolClient implements SimulatedClient {
  readonly #agents = new Map<string, Agent>();
  position: Position | null = null;

  receive(text: string): "applied" | "ignored" | "gap" {
    const frame = v.parse(serverMessageSchema, JSON.parse(text));
    if (frame.type === "initialAgentList") {
      this.#agents.clear();
      for (const agent of frame.data) this.#agents.set(agent.agentId, agent);
      this.position = { epoch: frame.epoch, seq: frame.seq };
      return "applied";
    }
    if (frame.type !== "agentStatusBatch" && frame.type !== "resumed") return "ignored";
    if (frame.epoch !== this.position?.epoch || frame.from > this.position.seq) return "gap";
    if (frame.to <= this.position.seq) return "ignored";
    for (const patch of frame.data) {
      const agent = v.safeParse(agentSchema, { ...this.#agents.get(patch.agentId), ...patch });
      if (!agent.success) return "gap";
      this.#agents.set(patch.agentId, agent.output);
    }
    for (const agentId of frame.removed) this.#agents.delete(agentId);
    this.position = { epoch: frame.epoch, seq: frame.to };
    return "applied";
  }

  agents(): Agent[] {
    return [...this.#agents.values()];
  }

  shown(): Shown {
    return new Map([...this.#agents].map(([agentId, agent]) => [agentId, withoutDuration(agent)]));
  }
}

const compactSchema = v.looseObject({
  type: v.string(),
  shapes: v.optional(v.record(v.string(), v.array(v.string())), {}),
  data: v.optional(v.array(v.unknown()), []),
});
const compactRowSchema = v.tupleWithRest([v.number(), v.number()], v.unknown());

/** A `hub.v1.z` client written from docs/protocol.md alone: it makes of each frame what a `hub.v1` viewer gets. */
export class CompactProtocolClient implements SimulatedClient {
  readonly #client = new ProtocolClient();

  get position(): Position | null {
    return this.#client.position;
  }

  receive(text: string): "applied" | "ignored" | "gap" {
    // This client shows agents alone.
    const { shapes, data, queues: _, alerts: __, ...frame } = v.parse(compactSchema, JSON.parse(text));
    const rows = data.map((row) => (Array.isArray(row) ? this.#patchOf(v.parse(compactRowSchema, row), shapes) : row));
    if (rows.includes(undefined)) return "gap";
    return this.#client.receive(JSON.stringify({ ...frame, data: rows }));
  }

  shown(): Shown {
    return this.#client.shown();
  }

  #patchOf([number, shape, ...values]: [number, number, ...unknown[]], shapes: Record<string, string[]>): object | undefined {
    const agents = this.#client.agents().filter(({ agentId }) => numberOf(agentId) === number);
    const [agent] = agents;
    if (agent === undefined || agents.length > 1) return undefined;
    const patch = { agentId: agent.agentId };
    for (const [index, path] of (shapes[shape] ?? []).entries()) {
      const names = path.split(".");
      const [field = ""] = names;
      const whole: Record<string, unknown> = { ...structuredClone(agent), ...patch };
      let inner: unknown = whole;
      for (const name of names.slice(0, -1)) inner = Reflect.get(Object(inner), name);
      Reflect.set(Object(inner), names.at(-1) ?? "", values[index]);
      Reflect.set(patch, field, whole[field]);
    }
    return patch;
  }
}

/** As docs/protocol.md defines it, in other words than the code: the FNV-1a hash modulo 2^32, folded to 24 bits. */
function numberOf(key: string): number {
  let hash = 2_166_136_261n;
  for (const unit of key.split("").map((character) => BigInt(character.charCodeAt(0))))
    hash = ((hash ^ unit) * 16_777_619n) % 2n ** 32n;
  return Number((hash >> 24n) ^ (hash % 2n ** 24n));
}

/** Wraps the store of the dashboard's own client. */
export class DashboardClient implements SimulatedClient {
  readonly #store = new BoardStore();

  get position(): Position | null {
    return this.#store.board.position;
  }

  receive(text: string): "applied" | "ignored" | "gap" {
    const frame = parseFrame(text);
    if (frame === null) throw new Error(`The dashboard's client did not recognize this frame of the hub: ${text}`);
    if (frame.type === "queueContacts" || frame.type === "transcript" || frame.type === "refreshed" || frame.type === "error")
      return "ignored";
    const before = this.position;
    const { kind } = this.#store.applyFrame(frame, 0);
    // The store returns "ignored" also for an applied frame that changes nothing visible.
    return kind === "ignored" && this.position !== before ? "applied" : kind;
  }

  shown(): Shown {
    return new Map(this.#store.agents.list().map(({ trend: _, ...agent }) => [agent.agentId, withoutDuration(agent)]));
  }
}

/** A client of the first release. It knows no positions and applies every frame. */
export class LegacyClient implements SimulatedClient {
  readonly #agents = new Map<string, Agent>();
  readonly position = null;

  receive(text: string): "applied" {
    const frame = v.parse(serverMessageSchema, JSON.parse(text));
    switch (frame.type) {
      case "initialAgentList":
        this.#agents.clear();
        for (const agent of frame.data) this.#agents.set(agent.agentId, agent);
        return "applied";
      case "agentStatusUpdate":
        this.#agents.set(frame.data.agentId, frame.data);
        return "applied";
      case "agentRemoved":
        this.#agents.delete(frame.data.agentId);
        return "applied";
      default:
        throw new Error(`The hub sent a legacy client the frame ${frame.type}, which the first release does not know.`);
    }
  }

  shown(): Shown {
    return new Map([...this.#agents].map(([agentId, agent]) => [agentId, withoutDuration(agent)]));
  }
}
