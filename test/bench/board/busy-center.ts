import type { AgentState, Update } from "../../../protocol/updates.ts";
import { signedPost } from "../../support/signed-post.ts";
import { aContact, anAgentState, aSentiment } from "../../support/updates.ts";
import { pause } from "../measure/processes.ts";

export const CHANGES_PER_SECOND = 50;
const POSTS_PER_SECOND = 10;
const AGENTS_PER_POST = 500;
/** Of eight changes, one begins a call, one ends a call, one ends after-call work, and five are scores. */
const ROUND = 8;
/** Agents in after-call work at the same time. */
const AFTER_CALL_WORK = 150;

/**
 * A busy contact center with half of its agents on a call. Calls begin, get scores and end all the time, so that the board also
 * forgets calls. With 1,000 calls at this rate, a call lasts about two and a half minutes.
 */
export class BusyCenter {
  readonly #url: string;
  readonly #secret: string;
  readonly #agents: number;
  #running: Promise<void> | null = null;
  #stopped = false;
  #change = 0;
  /** Calls so far. Call n belongs to agent n modulo the number of agents. */
  #begun = 0;
  #ended = 0;
  #done = 0;
  #scored = 0;

  constructor(url: string, secret: string, agents: number) {
    this.#url = url;
    this.#secret = secret;
    this.#agents = agents;
  }

  /** Signs all agents in. Half of them are on a call. */
  async signInAgents(): Promise<void> {
    const idle = Array.from({ length: this.#agents }, (_, agent) => this.#agent(agent, Date.now(), "available"));
    for (let from = 0; from < idle.length; from += AGENTS_PER_POST) await this.#post(idle.slice(from, from + AGENTS_PER_POST));
    const calls = Array.from({ length: this.#agents / 2 }, () => this.#beginCall());
    for (let from = 0; from < calls.length; from += AGENTS_PER_POST) await this.#post(calls.slice(from, from + AGENTS_PER_POST));
  }

  start(): void {
    this.#running ??= this.#run();
    // stop() throws the failure. Until then it must not end the process.
    this.#running.catch(() => {});
  }

  /** @throws Error when a post failed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const start = performance.now();
    for (let post = 0; !this.#stopped; post += 1) {
      const wait = start + (post * 1000) / POSTS_PER_SECOND - performance.now();
      if (wait > 0) await pause(wait);
      await this.#post(Array.from({ length: CHANGES_PER_SECOND / POSTS_PER_SECOND }, () => this.#next()));
    }
  }

  #next(): Update {
    this.#change += 1;
    switch (this.#change % ROUND) {
      case 0:
        return this.#beginCall();
      case 1:
        return this.#agent(this.#ended++, Date.now(), "after call work");
      case 2:
        if (this.#ended - this.#done > AFTER_CALL_WORK) return this.#agent(this.#done++, Date.now(), "available");
        return this.#score();
      default:
        return this.#score();
    }
  }

  #beginCall(): AgentState {
    return this.#agent(this.#begun++, Date.now(), "on a call");
  }

  /** Gives the next call another score than before. */
  #score(): Update {
    const going = this.#begun - this.#ended;
    const call = this.#ended + (this.#scored % going);
    this.#scored += 1;
    const score = (((this.#scored * 13) % 101) - 50) / 10;
    return aSentiment(score, { contactId: `call-${call}`, occurredAt: Date.now() });
  }

  #agent(call: number, at: number, doing: "available" | "on a call" | "after call work"): AgentState {
    const agent = call % this.#agents;
    const state = doing === "on a call" ? "connected" : "ended";
    const contact = aContact({ contactId: `call-${call}`, state, since: at, connectedAt: at, queue: "Ventas" });
    return anAgentState({
      agentId: `agent-${agent}`,
      name: `María Fernanda Agente ${agent}`,
      username: `agente.${agent}`,
      occurredAt: at,
      status: { name: "Available", kind: "routable", since: at },
      contacts: doing === "available" ? [] : [contact],
      groups: ["Ventas"],
    });
  }

  async #post(updates: readonly Update[]): Promise<void> {
    const answer = await signedPost(this.#url, [...updates], { secret: this.#secret });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`The hub answered ${answer.status}.`);
  }
}
