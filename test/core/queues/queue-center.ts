import { Board } from "../../../core/board/board.ts";
import {
  type AppliedQueueUpdates,
  CenterQueues,
  type QueueAgent,
  type QueueSettings,
} from "../../../core/queues/center-queues.ts";
import type { QueueRow } from "../../../core/queues/queue-row.ts";
import { AGENTS, type AgentRow } from "../../../core/state/agent-row.ts";
import type { ContactQueue, QueueFigures, QueueSnapshot } from "../../../protocol/queue-updates.ts";
import type { AgentContact, Update } from "../../../protocol/updates.ts";
import { NOON } from "../../support/updates.ts";
import { MemoryQueueStore } from "../memory-queue-store.ts";

const UTC: QueueSettings = { timeZone: "UTC", formula: "removed" };

/** The queues of a contact center on a store in memory and a clock that the test sets. */
export class QueueCenter {
  readonly store = new MemoryQueueStore(() => {
    this.rowsWritten += 1;
  });
  rowsWritten = 0;
  readonly settings: QueueSettings;
  readonly agents = new Map<string, QueueAgent>();
  now = NOON;
  changes = 0;
  board = new Board("epoch-1");
  queues: CenterQueues;

  constructor(settings: Partial<QueueSettings> = {}, now = NOON) {
    this.settings = { ...UTC, ...settings };
    this.now = now;
    this.queues = this.#open();
  }

  post(...updates: Update[]): AppliedQueueUpdates {
    const applied = this.queues.applyUpdates(updates, this.now);
    this.queues.settle(this.now);
    return applied;
  }

  noteAgent(agentId: string, fields: Partial<AgentRow> | null, contacts: AgentContact[] = [], isInCustomStatus = false): void {
    const row = fields === null ? null : AGENTS.parse({ agentId, name: agentId, status: "available", ...fields });
    this.agents.set(agentId, { agentId, row, contacts, isInCustomStatus });
    this.queues.noteAgent({ agentId, row, contacts, isInCustomStatus }, this.now);
    this.queues.settle(this.now);
  }

  expireAt(now: number): void {
    this.now = now;
    this.queues.expire(now);
  }

  /** Forgets what is only in memory, as a restarted process does. */
  restart(): void {
    this.board = new Board("epoch-1", 0, this.store.oldestResumableSeq);
    this.queues = this.#open();
    for (const agent of this.agents.values()) this.queues.noteAgent(agent, this.now);
  }

  rows(): QueueRow[] {
    const rows = this.board.collections.flatMap((collection) => [...collection.visible(null)]);
    return rows
      .map((row) => JSON.parse(JSON.stringify(row)))
      .sort((a: QueueRow, b: QueueRow) => (a.queueId < b.queueId ? -1 : 1));
  }

  row(queueId = "q1"): QueueRow {
    const found = this.rows().find((row) => row.queueId === queueId);
    if (found === undefined) throw new Error(`${queueId} is not on the board.`);
    return found;
  }

  #open(): CenterQueues {
    const events = {
      rowChanged: () => {
        this.changes += 1;
      },
    };
    return new CenterQueues(this.store.load(), this.board, this.store, events, this.settings);
  }
}

/** Returns the news that a call was put into queue q1 at NOON. `fields` override the defaults. */
export function aQueueContact(fields: Partial<ContactQueue> = {}): ContactQueue {
  return {
    type: "contact.queue",
    contactId: "contact-1",
    initialContactId: null,
    previousContactId: null,
    channel: "voice",
    method: "inbound",
    queueId: "q1",
    queueKind: "standard",
    enqueuedAt: NOON,
    acceptedAt: null,
    connectedAt: null,
    endedAt: null,
    scheduledAt: null,
    paused: null,
    agentId: null,
    occurredAt: NOON,
    ...fields,
  };
}

/** Returns the figures of queue q1 with one voice channel. `channel` overrides the channel's figures. */
export function queueFigures(
  channel: Partial<QueueFigures["channels"][number]> = {},
  fields: Partial<QueueFigures> = {},
): QueueFigures {
  return {
    queueId: "q1",
    name: "Ventas",
    serviceLevelSeconds: null,
    channels: [{ channel: "voice", waiting: null, oldestSeconds: null, scheduled: null, estimatedWaitSeconds: null, ...channel }],
    staffed: null,
    available: null,
    ...fields,
  };
}

/** Returns a complete snapshot of the given queues, taken at NOON. `fields` override the defaults. */
export function aQueueSnapshot(queues: QueueFigures[], fields: Partial<QueueSnapshot> = {}): QueueSnapshot {
  return { type: "queue.snapshot", takenAt: NOON, complete: true, queues, ...fields };
}
