import { type BoardChanges, ClientBoard } from "../client-board.ts";
import type { ChangedRows } from "../kept-rows.ts";
import { type Listener, Listeners } from "../listeners.ts";
import { ShownRows } from "../shown-rows.ts";
import { byUrgency } from "../store.ts";
import type { PastChange, PastLists } from "./piece.ts";

const EPOCH = "replay";

/** What the page shows of a board of the past. It shares nothing with the live board. */
export class PastStore {
  #board = new ClientBoard();
  #seq = 0;
  readonly agents = new ShownRows(rowsOf(() => this.#board.agents.rows));
  readonly queues = new ShownRows(rowsOf(() => this.#board.queues.rows));
  readonly alerts = new ShownRows(
    rowsOf(() => this.#board.alerts.rows),
    byUrgency,
  );
  readonly #listeners = new Listeners();

  readonly subscribe = (listener: Listener): (() => void) => this.#listeners.add(listener);

  /**
   * Shows whole lists, and the changes after them.
   * @param goesOn the lists follow what is shown, so that the trend of a score goes on
   */
  showLists({ at, data, queues = [], alerts = [] }: PastLists, changes: readonly PastChange[], goesOn: boolean): void {
    const before = this.#board;
    if (!goesOn) this.#board = new ClientBoard();
    const list = { type: "initialAgentList", epoch: EPOCH, seq: this.#seq, data, queues, alerts } as const;
    const outcome = this.#board.applyFrame(list, at);
    if (!goesOn) {
      this.#record({
        agents: difference(before.agents.rows, this.#board.agents.rows),
        queues: difference(before.queues.rows, this.#board.queues.rows),
        alerts: difference(before.alerts.rows, this.#board.alerts.rows),
      });
    } else if (outcome.kind === "applied") this.#record(outcome.changed);
    this.showChanges(changes);
  }

  /** Shows changes that follow what is shown. Their listeners hear of all of them at once. */
  showChanges(changes: readonly PastChange[]): void {
    for (const { at, queues, alerts, ...agents } of changes) {
      const board = this.#board;
      const frame = {
        type: "agentStatusBatch",
        epoch: EPOCH,
        from: this.#seq,
        to: this.#seq + 1,
        serverTime: at,
        ...known(board.agents, agents),
        queues: queues && known(board.queues, queues),
        alerts: alerts && known(board.alerts, alerts),
      } as const;
      this.#seq += 1;
      const outcome = board.applyFrame(frame, at);
      if (outcome.kind === "applied") this.#record(outcome.changed);
    }
    const published = [this.agents, this.queues, this.alerts].map((rows) => rows.publish());
    for (const { notifyRows } of published) notifyRows();
    this.#listeners.notify();
  }

  #record(changed: BoardChanges): void {
    this.agents.record(changed.agents);
    this.queues.record(changed.queues);
    this.alerts.record(changed.alerts);
  }
}

function rowsOf<View>(rows: () => ReadonlyMap<string, View>) {
  return {
    get rows() {
      return rows();
    },
  };
}

/** Leaves out parts of rows that no list has, such as an alert that was over for long: there is nothing to show of them. */
function known<News extends { data: readonly unknown[]; removed: readonly string[] }>(
  kept: { misses(news: { data: readonly unknown[]; removed: readonly string[] }): boolean },
  news: News,
): News {
  return { ...news, data: news.data.filter((row) => !kept.misses({ data: [row], removed: [] })) };
}

function difference<View>(before: ReadonlyMap<string, View>, after: ReadonlyMap<string, View>): ChangedRows<View> {
  const changed = new Map<string, View | undefined>();
  for (const key of after.keys()) changed.set(key, before.get(key));
  for (const [key, row] of before) changed.set(key, row);
  return changed;
}
