import type { AgentView } from "../../client/contract.ts";

/** What the sampler needs of the client. */
export interface AgentSource {
  agents(): readonly AgentView[];
  subscribe(listener: () => void): () => void;
}

/** Order and counts follow the news at most this often. Rows show theirs at once; a list that re-sorts ten times a second cannot be read. */
const SAMPLE_MS = 500;

/** The list of all agents, at once after quiet and then at a readable pace. */
export class AgentSampler {
  readonly #source: AgentSource;
  readonly #listeners = new Set<() => void>();
  #agents: readonly AgentView[];
  #stop: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(source: AgentSource) {
    this.#source = source;
    this.#agents = source.agents();
  }

  readonly agents = (): readonly AgentView[] => this.#agents;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#stop ??= this.#source.subscribe(() => {
      if (this.#timer === null) this.#sample();
    });
    this.#agents = this.#source.agents();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = null;
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
    };
  };

  #sample(): void {
    const agents = this.#source.agents();
    this.#timer = null;
    if (agents === this.#agents) return;
    this.#agents = agents;
    this.#timer = setTimeout(() => this.#sample(), SAMPLE_MS);
    for (const listener of [...this.#listeners]) listener();
  }
}
