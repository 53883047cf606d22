import { isDeepStrictEqual } from "node:util";
import { inflateRawSync } from "node:zlib";
import * as v from "valibot";

import type { Board } from "../../core/board/board.ts";
import { type GroupFilter, mayView } from "../../core/board/visibility.ts";
import type { ViewerPort } from "../../core/broadcast/viewer.ts";
import { AGENTS, type AgentRow } from "../../core/state/agent-row.ts";
import { wireAgent } from "../core/center.ts";
import { asLegacyShows, type Shown, type SimulatedClient, withoutDuration } from "./clients.ts";

/** Returns the agents that the board shows to a viewer with this group filter. */
export function shownBy(board: Board, groupFilter: GroupFilter, legacy: boolean): Shown {
  return shown(
    agentsOf(board).filter((agent) => mayView(groupFilter, agent.groups)),
    legacy,
  );
}

function agentsOf(board: Board): AgentRow[] {
  return (board.collections[0]?.visible(null) ?? []).flatMap((row) => AGENTS.parse(row) ?? []);
}

function shown(agents: readonly AgentRow[], legacy: boolean): Shown {
  const toShown = (row: AgentRow) => withoutDuration(wireAgent(row, 0));
  return new Map(agents.map((row) => [row.agentId, legacy ? asLegacyShows(toShown(row)) : toShown(row)]));
}

/** Board -> seq -> its agents then. The board may change while the frames of a flush still go out. */
const pasts = new WeakMap<Board, Map<number, readonly AgentRow[]>>();

/** Returns what the board showed at a frame's position. The board is there when the first frame of a flush goes out. */
function shownAt(board: Board, seq: number, groupFilter: GroupFilter, legacy: boolean): Shown {
  const past = pasts.get(board) ?? new Map<number, readonly AgentRow[]>();
  pasts.set(board, past.set(board.seq, agentsOf(board)));
  const agents = past.get(seq);
  if (agents === undefined) throw new Error(`A frame leads to seq ${seq}, but the board made no frame at that seq.`);
  return shown(
    agents.filter((agent) => mayView(groupFilter, agent.groups)),
    legacy,
  );
}

const leadsTo = v.pipe(v.string(), v.parseJson(), v.object({ to: v.optional(v.number()), seq: v.optional(v.number()) }));

/** One viewer, which uses one connection after the other. */
export interface SimulatedViewer {
  readonly id: string;
  /** The groups of its ticket. It may come back with other groups. */
  groupFilter: GroupFilter;
  readonly legacy: boolean;
  readonly compact: boolean;
  /** The pace that it has asked for on this connection, ms; 0 = none. */
  pace: number;
  readonly client: SimulatedClient;
  connection: SimulatedConnection | null;
}

/** Holds frames on their way, each with the agents that the viewer must show once the frame is applied. */
export class SimulatedConnection implements ViewerPort {
  readonly #viewer: SimulatedViewer;
  readonly #sent: { text: string; after: Shown }[] = [];
  /** The sender's board. It is replaced after the sender has hibernated. */
  board: Board;
  unsent = 0;
  open = true;

  constructor(viewer: SimulatedViewer, board: Board) {
    this.#viewer = viewer;
    this.board = board;
  }

  get waiting(): number {
    return this.#sent.length;
  }

  send(message: string | Uint8Array): void {
    if (!this.open) return;
    const text = typeof message === "string" ? message : inflateRawSync(message).toString();
    const { to, seq } = v.parse(leadsTo, text);
    const { legacy, groupFilter } = this.#viewer;
    // A legacy frame carries one agent, so its seq is no position of the whole board.
    const after = shownAt(this.board, legacy ? this.board.seq : (to ?? seq ?? this.board.seq), groupFilter, legacy);
    this.#sent.push({ text, after });
  }

  close(): void {
    this.open = false;
  }

  bufferedBytes(): number {
    return this.unsent;
  }

  /** Does nothing, because no simulated viewer watches a contact. */
  resendTranscript(): void {}

  /** Delivers the next frame. Throws if the viewer has a gap, or shows other agents than the board did at that position. */
  receiveNext(): void {
    const frame = this.#sent.shift();
    if (frame === undefined) return;
    const { client, id, legacy } = this.#viewer;
    const position = JSON.stringify(client.position);
    const taken = client.receive(frame.text);
    if (taken === "gap") throw new Error(`${id} at ${position} was sent a frame that leaves a gap: ${frame.text}`);
    if (taken === "ignored" || legacy) return;
    if (!isDeepStrictEqual(client.shown(), frame.after)) {
      throw new Error(
        `${id} at ${position} shows ${JSON.stringify([...client.shown()])} after ${frame.text}, not ${JSON.stringify([...frame.after])}`,
      );
    }
  }

  /** Breaks the connection. The frames on their way are lost. */
  breakOff(): void {
    this.open = false;
    this.#sent.length = 0;
    this.#viewer.connection = null;
  }
}
