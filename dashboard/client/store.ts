import type { CenterAlert } from "../../protocol/alert.ts";
import { type ApplyResult, type BoardFrame, ClientBoard } from "./client-board.ts";
import { type Listener, Listeners } from "./listeners.ts";
import { ShownRows } from "./shown-rows.ts";

/** Alerts that fire first, then the most severe, then the newest. The words of both fields are in alphabetical order. */
export function byUrgency(a: CenterAlert, b: CenterAlert): number {
  return compare(a.state, b.state) || compare(a.severity, b.severity) || b.since - a.since || compare(a.alertId, b.alertId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** What the page shows of agents, queues and alerts. A pause holds all of them. */
export class BoardStore {
  readonly board = new ClientBoard();
  readonly agents = new ShownRows(this.board.agents);
  readonly queues = new ShownRows(this.board.queues);
  readonly alerts = new ShownRows(this.board.alerts, byUrgency);
  readonly #collections = [this.agents, this.queues, this.alerts];
  readonly #listeners = new Listeners();
  #paused = false;

  get paused(): boolean {
    return this.#paused;
  }

  readonly subscribe = (listener: Listener): (() => void) => this.#listeners.add(listener);

  /** Applies a frame. Notifies the listeners once, when all of its changes are applied. */
  applyFrame(message: BoardFrame, now: number): ApplyResult {
    const first = this.board.position === null;
    const outcome = this.board.applyFrame(message, now);
    if (outcome.kind === "applied") {
      this.agents.record(outcome.changed.agents);
      this.queues.record(outcome.changed.queues);
      this.alerts.record(outcome.changed.alerts);
      if (!this.#paused) this.#publish(!first);
    }
    return outcome;
  }

  /** Forgets all rows, also those that a pause shows. */
  clear(): void {
    for (const rows of this.#collections) rows.recordEnd();
    this.board.clear();
    this.#publish(false);
  }

  readonly pause = (): void => {
    if (this.#paused) return;
    this.#paused = true;
    for (const rows of this.#collections) rows.hold();
    this.#listeners.notify();
  };

  readonly resume = (): void => {
    if (!this.#paused) return;
    this.#paused = false;
    for (const rows of this.#collections) rows.release();
    this.#publish(true);
  };

  /** @param news false for rows that were there before the client looked, which are no changes. */
  #publish(news: boolean): void {
    const published = this.#collections.map((rows) => rows.publish());
    for (const { notifyRows } of published) notifyRows();
    this.#listeners.notify();
    if (news) for (const { notifyChanges } of published) notifyChanges();
  }
}
