import type { Agent, AgentPatch, Sentiment } from "../../protocol/agent.ts";
import { type GroupFilter, mayView } from "./visibility.ts";

/** A public agent without the one field that changes by itself; `callStartedAt` is what `duration` is counted from. */
export interface BoardAgent extends Omit<Agent, "duration"> {
  callStartedAt: number | null;
}

/** One agent on the board, or the tombstone of one (`agent` null). */
export interface BoardRow {
  agentId: string;
  /** The change that made the row what it is. */
  seq: number;
  agent: BoardAgent | null;
  /** Group -> the seq at which the agent was last seen leaving it: who resumes from before must be told. */
  left: Readonly<Record<string, number>>;
}

export interface Since {
  changed: BoardAgent[];
  /** Agents the viewer may have and must drop. */
  removed: string[];
}

/**
 * The state every viewer holds a copy of: keyed rows, each with the seq of its last change. "What changed since n" is read
 * off the rows themselves, so it needs no log and works after any crash or absence.
 */
export class Board {
  readonly epoch: string;
  readonly #rows = new Map<string, BoardRow>();
  #seq: number;
  /** Tombstones at or below this seq are gone: nobody can resume from before it. */
  #floor: number;

  constructor(epoch: string, rows: Iterable<BoardRow> = [], seq = 0, floor = 0) {
    this.epoch = epoch;
    this.#seq = seq;
    this.#floor = floor;
    for (const row of rows) this.put(row);
  }

  get seq(): number {
    return this.#seq;
  }

  get floor(): number {
    return this.#floor;
  }

  row(agentId: string): BoardRow | undefined {
    return this.#rows.get(agentId);
  }

  rows(): Iterable<BoardRow> {
    return this.#rows.values();
  }

  /** Takes over a row as it is (from the store, or from the primary of a relay). */
  put(row: BoardRow): void {
    this.#rows.set(row.agentId, row);
    this.#seq = Math.max(this.#seq, row.seq);
  }

  /** Moves the position on without a row, as a relay does, and takes over what the primary can no longer prove. */
  advance(seq: number, floor: number): void {
    this.#seq = Math.max(this.#seq, seq);
    this.#floor = Math.max(this.#floor, floor);
  }

  /** Writes a change of one agent under the next seq; undefined when nothing public changed. */
  change(agentId: string, agent: BoardAgent | null): BoardRow | undefined {
    const before = this.#rows.get(agentId);
    if (agent === null && (before === undefined || before.agent === null)) return undefined;
    if (agent !== null && before?.agent != null && changedFields(before.agent, agent).length === 0) return undefined;
    const seq = this.#seq + 1;
    const gone = (before?.agent?.groups ?? []).filter((group) => !agent?.groups.includes(group));
    // Never `left[group] = seq`: that would lose a group called __proto__.
    const left = { ...before?.left, ...Object.fromEntries(gone.map((group) => [group, seq])) };
    const row = { agentId, seq, agent, left };
    this.put(row);
    return row;
  }

  /** Forgets a tombstone; resumes from at or before its seq are no longer possible. */
  forget(agentId: string): void {
    const row = this.#rows.get(agentId);
    if (row === undefined || row.agent !== null) return;
    this.#rows.delete(agentId);
    this.#floor = Math.max(this.#floor, row.seq);
  }

  /** All agents within the group filter. */
  visible(groupFilter: GroupFilter): BoardAgent[] {
    const agents: BoardAgent[] = [];
    for (const { agent } of this.#rows.values()) if (agent !== null && mayView(groupFilter, agent.groups)) agents.push(agent);
    return agents;
  }

  /**
   * What a viewer at (`epoch`, `seq`) has missed, or null when that cannot be proven: another epoch, a position we never
   * gave out, or one from before the oldest tombstone we still know.
   */
  since(epoch: string, seq: number, groupFilter: GroupFilter): Since | null {
    if (epoch !== this.epoch || seq > this.#seq || seq < this.#floor) return null;
    const changed: BoardAgent[] = [];
    const removed: string[] = [];
    for (const row of this.#rows.values()) {
      if (row.seq <= seq) continue;
      if (row.agent !== null && mayView(groupFilter, row.agent.groups)) changed.push(row.agent);
      else if (mayHaveSeen(row, seq, groupFilter)) removed.push(row.agentId);
    }
    return { changed, removed };
  }

  /**
   * The newest seq, `upTo` at the highest, at which something happened to an agent within the group filter: nobody with that group filter
   * who was told everything up to there has a position below. It may be below `upTo`: what a group filter hides, or who came and
   * went unseen by a relay, moves nobody on.
   */
  newestVisible(groupFilter: GroupFilter, upTo = this.#seq): number {
    let newest = 0;
    for (const { agent, seq } of this.#rows.values()) {
      if (agent !== null && seq <= upTo && mayView(groupFilter, agent.groups)) newest = Math.max(newest, seq);
    }
    return newest;
  }
}

/** Whether an agent that is out of sight now was in sight some time after `seq`. Names nobody the viewer was never shown. */
function mayHaveSeen(row: BoardRow, seq: number, groupFilter: GroupFilter): boolean {
  if (groupFilter === null) return row.agent === null;
  return groupFilter.some((group) => (row.left[group] ?? 0) > seq);
}

export type BoardField = keyof BoardAgent;

/** The names of the fields that differ. */
export function changedFields(before: BoardAgent, after: BoardAgent): BoardField[] {
  return BOARD_FIELDS.filter((field) => {
    switch (field) {
      case "groups":
      case "categories":
        return !sameList(before[field], after[field]);
      case "sentiment":
        return !sameSentiments(before.sentiment, after.sentiment);
      default: {
        // The type sees to it that a new field that is no plain value is compared above.
        const [a, b]: [PlainValue, PlainValue] = [before[field], after[field]];
        return a !== b;
      }
    }
  });
}

type PlainValue = string | number | boolean | null;

function sameList(a: readonly PlainValue[], b: readonly PlainValue[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}

function sameSentiments(a: BoardAgent["sentiment"], b: BoardAgent["sentiment"]): boolean {
  if (a === null || b === null) return a === b;
  return sameSentiment(a.customer, b.customer) && sameSentiment(a.agent, b.agent);
}

function sameSentiment(a: Sentiment, b: Sentiment): boolean {
  return a.score === b.score && a.recent === b.recent && sameList(a.quarters, b.quarters);
}

const BOARD_FIELDS: readonly BoardField[] = [
  "name",
  "status",
  "sentimentScore",
  "statusName",
  "since",
  "contactId",
  "channel",
  "queue",
  "routingProfile",
  "groups",
  "sentiment",
  "categories",
  "stale",
  "callStartedAt",
];

/** The agent as it goes on the wire at `now`. */
export function toAgent(agent: BoardAgent, now: number): Agent {
  const { callStartedAt, agentId, name, status, ...rest } = agent;
  return { agentId, name, status, duration: durationAt(callStartedAt, now), ...rest };
}

/** Only the named fields of the agent; `callStartedAt` travels as `duration`. */
export function toPatch(agent: BoardAgent, fields: Iterable<BoardField>, now: number): AgentPatch {
  const patch: Record<string, unknown> = { agentId: agent.agentId };
  for (const field of fields) {
    if (field === "callStartedAt") patch["duration"] = durationAt(agent.callStartedAt, now);
    else patch[field] = agent[field];
  }
  return { agentId: agent.agentId, ...patch };
}

function durationAt(callStartedAt: number | null, now: number): number | null {
  return callStartedAt === null ? null : Math.max(0, Math.floor((now - callStartedAt) / 1000));
}
