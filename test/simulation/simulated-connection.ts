import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";

import type { Board } from "../../core/board/board.ts";
import { type GroupFilter, mayView } from "../../core/board/visibility.ts";
import type { ViewerPort } from "../../core/broadcast/viewer.ts";
import { AGENTS, type AgentRow } from "../../core/state/agent-row.ts";
import { wireAgent } from "../core/center.ts";
import { type Client, type Shown, withoutClock } from "./clients.ts";

/** What a board shows within a group filter. */
export function shownBy(board: Board, groupFilter: GroupFilter): Shown {
  return shown(agentsOf(board).filter((agent) => mayView(groupFilter, agent.groups)));
}

function agentsOf(board: Board): AgentRow[] {
  return (board.collections[0]?.visible(null) ?? []).flatMap((row) => AGENTS.parse(row) ?? []);
}

function shown(agents: readonly AgentRow[]): Shown {
  return new Map(agents.map((agent) => [agent.agentId, withoutClock(wireAgent(agent, 0))]));
}

/** Board -> seq -> who was on it: the frames of a flush go out while the board changes already. */
const pasts = new WeakMap<Board, Map<number, readonly AgentRow[]>>();

/** What the board showed at the position a frame leads to. The first frame of a flush leaves while the board stands there. */
function shownAt(board: Board, seq: number, groupFilter: GroupFilter): Shown {
  const past = pasts.get(board) ?? new Map<number, readonly AgentRow[]>();
  pasts.set(board, past.set(board.seq, agentsOf(board)));
  const agents = past.get(seq);
  if (agents === undefined) throw new Error(`A frame leads to ${seq}, where the board never stood while frames were made.`);
  return shown(agents.filter((agent) => mayView(groupFilter, agent.groups)));
}

const leadsTo = v.pipe(v.string(), v.parseJson(), v.object({ to: v.optional(v.number()), seq: v.optional(v.number()) }));

/** One person who watches, through one connection after the other. */
export interface Watcher {
  readonly id: string;
  /** What its tickets allow; it may come back with another. */
  groupFilter: GroupFilter;
  readonly legacy: boolean;
  readonly client: Client;
  line: Line | null;
}

/** One connection: frames on their way, each with what its receiver should show once it is applied. */
export class Line implements ViewerPort {
  readonly #watcher: Watcher;
  readonly #sent: { text: string; after: Shown }[] = [];
  /** Where the frames come from now: it is replaced when the sender has slept. */
  board: Board;
  unsent = 0;
  open = true;

  constructor(watcher: Watcher, board: Board) {
    this.#watcher = watcher;
    this.board = board;
  }

  get waiting(): number {
    return this.#sent.length;
  }

  send(text: string): void {
    if (!this.open) return;
    const { to, seq } = v.parse(leadsTo, text);
    const { legacy, groupFilter } = this.#watcher;
    // A legacy client's frames lead from agent to agent.
    const after = shownAt(this.board, legacy ? this.board.seq : (to ?? seq ?? this.board.seq), groupFilter);
    this.#sent.push({ text, after });
  }

  close(): void {
    this.open = false;
  }

  bufferedBytes(): number {
    return this.unsent;
  }

  /** Nobody watches a contact in the simulation. */
  resendTranscript(): void {}

  /** Lets the next frame arrive. Whoever is told something must be right from then on; nobody is ever told too little. */
  arrive(): void {
    const frame = this.#sent.shift();
    if (frame === undefined) return;
    const { client, id, legacy } = this.#watcher;
    const position = JSON.stringify(client.position);
    const taken = client.receive(frame.text);
    if (taken === "gap") throw new Error(`${id} at ${position} was sent a frame it cannot follow: ${frame.text}`);
    if (taken === "ignored" || legacy) return;
    if (!isDeepStrictEqual(client.shown(), frame.after)) {
      throw new Error(
        `${id} at ${position} shows ${JSON.stringify([...client.shown()])} after ${frame.text}, not ${JSON.stringify([...frame.after])}`,
      );
    }
  }

  /** The connection breaks: what has not arrived never will. */
  cut(): void {
    this.open = false;
    this.#sent.length = 0;
    this.#watcher.line = null;
  }
}
