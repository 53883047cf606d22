import type { AgentClient } from "../../client/contract.ts";
import { Listeners } from "../../client/listeners.ts";
import { secondTicker } from "../../react/ticker.ts";
import { type Acknowledged, type Alert, findAlerts, type Thresholds } from "./threshold-alerts.ts";

/** The shortest time between two evaluations. Frames come ten times a second, and an alert may be a second late. */
const REEVALUATE_MS = 1_000;

/** The acknowledged alerts of one client. Its feeds share them, so the list and the row show the same. */
class Acknowledgements {
  readonly listeners = new Listeners();
  #levels: Acknowledged = new Map();

  get levels(): Acknowledged {
    return this.#levels;
  }

  acknowledge(alerts: readonly Alert[]): void {
    this.#levels = new Map([...this.#levels, ...alerts.map(({ id, level }): [string, Alert["level"]] => [id, level])]);
    this.listeners.notify();
  }
}

const byClient = new WeakMap<AgentClient, Acknowledgements>();

/** The alerts of one client for one set of thresholds. Evaluates them once a second. They stand still during a pause. */
export class AlertFeed {
  readonly #client: AgentClient;
  readonly #thresholds: Thresholds;
  readonly #acknowledgements: Acknowledgements;
  #alerts: readonly Alert[] = [];
  #evaluatedAt = Number.NEGATIVE_INFINITY;

  constructor(client: AgentClient, thresholds: Thresholds) {
    this.#client = client;
    this.#thresholds = thresholds;
    this.#acknowledgements = byClient.get(client) ?? new Acknowledgements();
    byClient.set(client, this.#acknowledgements);
  }

  readonly alerts = (): readonly Alert[] => this.#alerts;

  readonly subscribe = (listener: () => void): (() => void) => {
    const reevaluate = () => this.#evaluate() && listener();
    const onFrame = () => {
      if (Math.abs(this.#client.now() - this.#evaluatedAt) >= REEVALUATE_MS) reevaluate();
    };
    this.#evaluate();
    const stops = [
      this.#client.subscribe(onFrame),
      secondTicker.subscribe(reevaluate),
      this.#acknowledgements.listeners.add(reevaluate),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  };

  readonly acknowledge = (id: string): void => {
    this.#acknowledgements.acknowledge(this.#alerts.filter((alert) => alert.id === id));
  };

  readonly acknowledgeAll = (): void => {
    this.#acknowledgements.acknowledge(this.#alerts);
  };

  /** Evaluates the alerts. Returns whether they have changed. */
  #evaluate(): boolean {
    const before = this.#alerts;
    const frozen = this.#client.paused && this.#evaluatedAt > 0;
    const at = frozen ? this.#evaluatedAt : this.#client.now();
    const agents = this.#client.agents();
    // Without agents this is no evaluation: the first list must not wait a second for its alerts.
    if (agents.length > 0) this.#evaluatedAt = at;
    const alerts = findAlerts(agents, this.#thresholds, at, this.#acknowledgements.levels);
    this.#alerts = JSON.stringify(alerts) === JSON.stringify(before) ? before : alerts;
    return this.#alerts !== before;
  }
}
