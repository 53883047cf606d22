/**
 * The work of the peers that conflate as Vigía does: they take the same posts, keep the same agents and send the changed fields of a
 * window in one frame.
 */
import { changedByScore, contactId, firstAgents, type PeerAgent, type PeerScore, withScores } from "./board.ts";

/** Vigía's default window (`FLUSH_INTERVAL_MS`). */
const WINDOW_MS = 100;

/** The fields of `contact.sentiment` that a peer reads. */
interface ScoreUpdate {
  contactId: string;
  customer: PeerScore;
  agent: PeerScore;
}

export class ConflatingBoard {
  readonly #agents: Map<string, PeerAgent>;
  /** The contact's id -> its agent's id. */
  readonly #agentOf: Map<string, string>;
  readonly #changed = new Set<string>();
  readonly #send: (frame: string) => void;
  #seq = 0;
  #sentSeq = 0;
  #sentAt = 0;
  #timer: unknown = null;

  /** `send` sends a frame to every viewer. */
  constructor(agents: number, send: (frame: string) => void) {
    const first = firstAgents(agents);
    this.#agents = new Map(first.map((agent) => [agent.agentId, agent]));
    this.#agentOf = new Map(first.map((agent, index) => [contactId(index), agent.agentId]));
    this.#send = send;
  }

  /** Applies the body of a post. `save` stores the changed agents before anybody sees them. Returns the text of the answer. */
  applyPost(body: string, save: (agents: readonly PeerAgent[]) => void = () => {}): string {
    const { updates }: { updates: ScoreUpdate[] } = JSON.parse(body);
    const changed = updates.flatMap(({ contactId: id, customer, agent }): PeerAgent[] => {
      const before = this.#agents.get(this.#agentOf.get(id) ?? "");
      return before === undefined ? [] : [withScores(before, customer, agent)];
    });
    save(changed);
    for (const agent of changed) {
      this.#agents.set(agent.agentId, agent);
      this.#changed.add(agent.agentId);
      this.#seq += 1;
    }
    this.#sendSoon();
    return JSON.stringify({ accepted: changed.length, seq: this.#seq });
  }

  listFrame(): string {
    return JSON.stringify({ type: "initialAgentList", seq: this.#seq, data: [...this.#agents.values()] });
  }

  /** Sends the first change after a pause at once, and later ones at the end of their window. */
  #sendSoon(): void {
    if (this.#timer !== null || this.#changed.size === 0) return;
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, this.#sentAt + WINDOW_MS - Date.now()));
  }

  #flush(): void {
    this.#timer = null;
    this.#sentAt = Date.now();
    const data = [...this.#changed].flatMap((agentId) => {
      const agent = this.#agents.get(agentId);
      return agent === undefined ? [] : [changedByScore(agent)];
    });
    const frame = { type: "agentStatusBatch", from: this.#sentSeq, to: this.#seq, serverTime: this.#sentAt, data, removed: [] };
    this.#changed.clear();
    this.#sentSeq = this.#seq;
    this.#send(JSON.stringify(frame));
  }
}
