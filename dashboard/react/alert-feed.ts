import { type Acknowledged, findAlerts } from "../client/alerts.ts";
import type { AgentClient, Alert, Thresholds } from "../client/contract.ts";
import { Listeners } from "../client/listeners.ts";
import { secondTicker } from "./ticker.ts";

/** An alert that is a second late is not late, and frames come ten times a second. */
const RECOUNT_MS = 1_000;

/** What has been acknowledged, for all feeds of a client: the list and the row show the same. */
class Acknowledgements {
  readonly listeners = new Listeners();
  #levels: Acknowledged = new Map();

  get levels(): Acknowledged {
    return this.#levels;
  }

  add(alerts: readonly Alert[]): void {
    this.#levels = new Map([...this.#levels, ...alerts.map(({ id, level }): [string, Alert["level"]] => [id, level])]);
    this.listeners.notify();
  }
}

const byClient = new WeakMap<AgentClient, Acknowledgements>();

/** The alerts of one client for one set of thresholds. Counted anew once a second; held still while the client is paused. */
export class AlertFeed {
  readonly #client: AgentClient;
  readonly #thresholds: Thresholds;
  readonly #seen: Acknowledgements;
  #alerts: readonly Alert[] = [];
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(client: AgentClient, thresholds: Thresholds) {
    this.#client = client;
    this.#thresholds = thresholds;
    this.#seen = byClient.get(client) ?? new Acknowledgements();
    byClient.set(client, this.#seen);
  }

  readonly get = (): readonly Alert[] => this.#alerts;

  readonly subscribe = (listener: () => void): (() => void) => {
    const recount = () => this.#count() && listener();
    const onFrame = () => {
      if (Math.abs(this.#client.now() - this.#countedAt) >= RECOUNT_MS) recount();
    };
    this.#count();
    const stops = [this.#client.subscribe(onFrame), secondTicker.subscribe(recount), this.#seen.listeners.add(recount)];
    return () => {
      for (const stop of stops) stop();
    };
  };

  readonly acknowledge = (id: string): void => {
    this.#seen.add(this.#alerts.filter((alert) => alert.id === id));
  };

  readonly acknowledgeAll = (): void => {
    this.#seen.add(this.#alerts);
  };

  /** Whether the alerts are others than before. */
  #count(): boolean {
    const before = this.#alerts;
    const held = this.#client.paused && this.#countedAt > 0;
    const at = held ? this.#countedAt : this.#client.now();
    const agents = this.#client.agents();
    // A count of nobody is none: the first list must not wait a second for its alerts.
    if (agents.length > 0) this.#countedAt = at;
    const alerts = findAlerts(agents, this.#thresholds, at, this.#seen.levels);
    this.#alerts = JSON.stringify(alerts) === JSON.stringify(before) ? before : alerts;
    return this.#alerts !== before;
  }
}
