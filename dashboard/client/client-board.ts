import type { Agent } from "../../protocol/agent.ts";
import type { CenterAlert } from "../../protocol/alert.ts";
import type { CenterQueue } from "../../protocol/queue.ts";
import { nextView } from "./agent-view.ts";
import type { AgentView } from "./contract.ts";
import type { ChangeFrame, ListFrame } from "./frames.ts";
import { type ChangedRows, KeptRows, type RowNews } from "./kept-rows.ts";
import { type AlertRow, readAgent, readAlert, readQueue } from "./rows.ts";

export type BoardFrame = ListFrame | ChangeFrame;

/** The last change that this client has applied. A new connection resumes from here. */
export interface ResumePosition {
  epoch: string;
  seq: number;
}

export interface BoardChanges {
  agents: ChangedRows<AgentView>;
  queues: ChangedRows<CenterQueue>;
  alerts: ChangedRows<CenterAlert>;
}

export type ApplyResult =
  | { kind: "applied"; changed: BoardChanges }
  /** The frame is older than the position, or it changed nothing that a page shows. */
  | { kind: "ignored" }
  /** The client missed an earlier change, so it did not apply the frame. Only a whole list helps. */
  | { kind: "gap" };

const IGNORED: ApplyResult = { kind: "ignored" };
const GAP: ApplyResult = { kind: "gap" };
const NO_NEWS: RowNews = { data: [], removed: [] };
/** Whole lists have an alert for so long after its end (docs/protocol.md, ALR-15). The hub never says that it is over for longer. */
const LISTED_AFTER_END_MS = 600_000;

/** Returns `before` itself when the frame has changed nothing. Both have the order of their fields from `before`. */
function sameOrNext<Row>(before: Row | undefined, row: Row): Row {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(row) ? before : row;
}

/** The collections as the hub last sent them. It has no clock and no socket, so the same frames give the same rows. */
export class ClientBoard {
  readonly agents = new KeptRows<Agent, AgentView>({ keyField: "agentId", read: readAgent, view: nextView });
  readonly queues = new KeptRows<CenterQueue, CenterQueue>({ keyField: "queueId", read: readQueue, view: sameOrNext });
  readonly alerts = new KeptRows<AlertRow, CenterAlert>({
    keyField: "alertId",
    read: readAlert,
    view: (before, row) => sameOrNext(before, { ...row, resolvedAt: row.resolvedAt ?? null }),
  });
  #position: ResumePosition | null = null;
  #knowsQueues = false;

  get position(): ResumePosition | null {
    return this.#position;
  }

  /** Whether the hub has ever sent queues. */
  get knowsQueues(): boolean {
    return this.#knowsQueues;
  }

  /** Makes every frame except a whole list a gap. The rows stay. Used when another person may sign in. */
  forgetPosition(): void {
    this.#position = null;
  }

  /** Forgets the rows too. Used when this person may see them no more. */
  clear(): void {
    for (const rows of [this.agents, this.queues, this.alerts]) rows.clear();
    this.#position = null;
  }

  /** Applies a frame whole or not at all. `now` (the hub's clock) is the time of frames without `serverTime`. */
  applyFrame(message: BoardFrame, now: number): ApplyResult {
    const position = this.#position;
    const whole = message.type === "initialAgentList";
    if (!whole) {
      if (position?.epoch !== message.epoch || message.from > position.seq) return GAP;
      if (message.to <= position.seq) return IGNORED;
    }
    const shapes = whole ? null : message.shapes;
    const agents = whole ? wholeList(message.data) : this.agents.expand(message, shapes);
    const queues = whole ? wholeList(message.queues) : this.queues.expand(message.queues ?? NO_NEWS, shapes);
    const alerts = whole ? wholeList(message.alerts) : this.alerts.expand(message.alerts ?? NO_NEWS, shapes);
    if (this.agents.misses(agents) || this.queues.misses(queues) || this.alerts.misses(alerts)) return GAP;
    this.#position = { epoch: message.epoch, seq: whole ? message.seq : message.to };
    this.#knowsQueues = message.queues !== undefined || (this.#knowsQueues && !whole);
    const at = message.serverTime ?? now;
    // With each news of alerts, so that a page that is open for weeks does not collect them.
    if (!whole && message.alerts) alerts.removed = [...(alerts.removed ?? []), ...this.#overFor(at - LISTED_AFTER_END_MS)];
    const changed = {
      agents: this.agents.apply(agents, at),
      queues: this.queues.apply(queues, at),
      alerts: this.alerts.apply(alerts, at),
    };
    return Object.values(changed).some(({ size }) => size > 0) ? { kind: "applied", changed } : IGNORED;
  }

  /** The alerts that resolved at `end` or before. */
  #overFor(end: number): string[] {
    return [...this.alerts.rows.values()].flatMap(({ alertId, resolvedAt }) =>
      resolvedAt !== null && resolvedAt <= end ? alertId : [],
    );
  }
}

/** An older hub sends agents only. */
function wholeList(data: readonly unknown[] = []): RowNews {
  return { data, removed: null };
}
