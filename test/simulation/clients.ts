import * as v from "valibot";
import { parseFrame } from "../../dashboard/client/frames.ts";
import { AgentStore } from "../../dashboard/client/store.ts";
import { type Agent, agentSchema } from "../../protocol/agent.ts";
import { serverMessageSchema } from "../../protocol/messages.ts";

export interface Position {
  epoch: string;
  seq: number;
}

/** What a viewer holds, without what changes by itself. */
export type ShownAgent = Omit<Agent, "duration" | "callStartedAt">;
export type Shown = ReadonlyMap<string, ShownAgent>;

/** The far end of a socket. It says how a frame was taken; "gap" = something before it was missed. */
export interface Client {
  readonly position: Position | null;
  receive(text: string): "applied" | "ignored" | "gap";
  shown(): Shown;
}

/** What every kind of client shows of an agent: legacy clients know the start of a call only by its duration. */
export function withoutClock({ duration: _, callStartedAt: __, ...agent }: Agent): ShownAgent {
  return agent;
}

/** A `hub.v1` client written from docs/protocol.md alone. */
export class PaperClient implements Client {
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

  shown(): Shown {
    return new Map([...this.#agents].map(([agentId, agent]) => [agentId, withoutClock(agent)]));
  }
}

/** The store of the dashboard's own client. */
export class DashboardClient implements Client {
  readonly #store = new AgentStore();

  get position(): Position | null {
    return this.#store.roster.position;
  }

  receive(text: string): "applied" | "ignored" | "gap" {
    const frame = parseFrame(text);
    if (frame === null) throw new Error("The dashboard's client does not know a frame of the hub.");
    if (frame.type === "transcript" || frame.type === "refreshed" || frame.type === "error") return "ignored";
    const before = this.position;
    const { kind } = this.#store.applyFrame(frame, 0);
    // Its "ignored" also means: applied, and nothing looks different.
    return kind === "ignored" && this.position !== before ? "applied" : kind;
  }

  shown(): Shown {
    return new Map(this.#store.agents().map(({ trend: _, ...agent }) => [agent.agentId, withoutClock(agent)]));
  }
}

/** The oldest client: it knows no positions and believes what it is told. */
export class LegacyClient implements Client {
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
        throw new Error(`A legacy client was sent ${frame.type}.`);
    }
  }

  shown(): Shown {
    return new Map([...this.#agents].map(([agentId, agent]) => [agentId, withoutClock(agent)]));
  }
}
