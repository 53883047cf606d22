import type { AgentPatch } from "../../protocol/agent.ts";
import { nextView } from "./agent-view.ts";
import type { AgentView } from "./contract.ts";
import { type HubFrame, isAgent } from "./frames.ts";

export type RosterMessage = Extract<HubFrame, { type: "initialAgentList" | "resumed" | "agentStatusBatch" }>;

/** The last change that this client has applied. A new connection resumes from here. */
export interface ResumePosition {
  epoch: string;
  seq: number;
}

export type ApplyResult =
  /** `changed` has each changed agent as it was before, undefined for a new one. */
  | { kind: "applied"; changed: ReadonlyMap<string, AgentView | undefined> }
  /** The frame is older than the position, or it changed no view. */
  | { kind: "ignored" }
  /** The client missed an earlier change, so it did not apply the frame. Only a whole list helps. */
  | { kind: "gap" };

const IGNORED: ApplyResult = { kind: "ignored" };
const GAP: ApplyResult = { kind: "gap" };

/** The agents as the hub last sent them. It has no clock and no socket, so the same frames give the same agents. */
export class Roster {
  #agents = new Map<string, AgentView>();
  #position: ResumePosition | null = null;

  get agents(): ReadonlyMap<string, AgentView> {
    return this.#agents;
  }

  get position(): ResumePosition | null {
    return this.#position;
  }

  /** Makes every frame except a whole list a gap. The agents stay. Used when another person may sign in. */
  forgetPosition(): void {
    this.#position = null;
  }

  /** Forgets the agents too. Used when this person may see them no more. */
  clear(): void {
    this.#agents = new Map();
    this.#position = null;
  }

  /** Applies a frame whole or not at all. `now` (the hub's clock) is the time of frames without `serverTime`. */
  applyFrame(message: RosterMessage, now: number): ApplyResult {
    switch (message.type) {
      case "initialAgentList":
        this.#position = { epoch: message.epoch, seq: message.seq };
        return this.#replaceAll(message, message.serverTime ?? now);
      case "resumed":
      case "agentStatusBatch":
        return this.#advance(message);
    }
  }

  #advance(message: Extract<RosterMessage, { from: number }>): ApplyResult {
    const position = this.#position;
    if (position?.epoch !== message.epoch || message.from > position.seq) return GAP;
    if (message.to <= position.seq) return IGNORED;
    // A part of an unknown agent means that the client missed the rest.
    if (!message.data.every((patch) => this.#agents.has(patch.agentId) || isAgent(patch))) return GAP;
    this.#position = { epoch: message.epoch, seq: message.to };
    return this.#change(message.data, message.removed, message.serverTime);
  }

  #replaceAll(message: Extract<RosterMessage, { type: "initialAgentList" }>, at: number): ApplyResult {
    const present = new Set(message.data.map(({ agentId }) => agentId));
    const gone = [...this.#agents.keys()].filter((agentId) => !present.has(agentId));
    return this.#change(message.data, gone, at);
  }

  #change(patches: readonly AgentPatch[], removed: readonly string[], at: number): ApplyResult {
    const changed = new Map<string, AgentView | undefined>();
    for (const patch of patches) {
      const before = this.#agents.get(patch.agentId);
      const agent = { ...before, ...patch };
      if (!isAgent(agent)) continue;
      const view = nextView(before, agent, patch, at);
      if (view === before) continue;
      this.#agents.set(patch.agentId, view);
      changed.set(patch.agentId, before);
    }
    for (const agentId of removed) {
      const before = this.#agents.get(agentId);
      // A frame may change an agent and remove it: then the change has the agent as it was before both.
      if (this.#agents.delete(agentId) && !changed.has(agentId)) changed.set(agentId, before);
    }
    return changed.size === 0 ? IGNORED : { kind: "applied", changed };
  }
}
