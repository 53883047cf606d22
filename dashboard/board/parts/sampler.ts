import type { AgentView } from "../../client/contract.ts";
import { Listeners } from "../../client/listeners.ts";
import { Ticker } from "../../react/ticker.ts";

/** The part of the client that the sampler reads. */
export interface AgentSource {
  agents(): readonly AgentView[];
  subscribe(listener: () => void): () => void;
}

/** Minimum time between two changes of order and counts. A list that re-sorts ten times a second cannot be read. */
const SAMPLE_MS = 500;

/** The list of all agents: the first change after a quiet period at once, then at most one change per sample time. */
export class AgentSampler {
  readonly #source: AgentSource;
  readonly #listeners = new Listeners();
  // Goes on while the page is hidden, so that the board is current when the reader comes back.
  readonly #ticker = new Ticker(SAMPLE_MS, "goes on");
  #agents: readonly AgentView[];
  #stopSource: (() => void) | null = null;
  #stopTicks: (() => void) | null = null;

  constructor(source: AgentSource) {
    this.#source = source;
    this.#agents = source.agents();
  }

  readonly agents = (): readonly AgentView[] => this.#agents;

  readonly subscribe = (listener: () => void): (() => void) => {
    const remove = this.#listeners.add(listener);
    this.#stopSource ??= this.#source.subscribe(() => {
      if (this.#stopTicks === null) this.#sample();
    });
    this.#agents = this.#source.agents();
    return () => {
      remove();
      if (this.#listeners.size > 0) return;
      this.#stopSource?.();
      this.#stopSource = null;
      this.#endSampling();
    };
  };

  #sample(): void {
    const agents = this.#source.agents();
    if (agents === this.#agents) {
      this.#endSampling();
      return;
    }
    this.#agents = agents;
    this.#stopTicks ??= this.#ticker.subscribe(() => this.#sample());
    this.#listeners.notify();
  }

  #endSampling(): void {
    this.#stopTicks?.();
    this.#stopTicks = null;
  }
}
