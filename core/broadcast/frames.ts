import type { Turn } from "../../protocol/messages.ts";
import { type Board, type BoardAgent, toAgent, toPatch } from "../board/board.ts";
import { filterKey, type GroupFilter, viewEpoch } from "../board/visibility.ts";
import { type Dirty, tell } from "./conflation-buffer.ts";
import { SharedTexts } from "./shared-texts.ts";

/** The text of every frame. One agent's JSON is made once per flush, one frame's text once per distinct group filter. */

export interface FlushFrames {
  /** One batch, or null when the flush holds nothing for this group filter. */
  batch: string | null;
  /** One frame per agent, for plain viewers; made when the first of them is served, for most hubs have none. */
  plain(): readonly PlainFrame[];
}

interface PlainFrame {
  seq: number;
  text: string;
}

export class FrameWriter {
  readonly #board: Board;
  readonly #snapshots: SharedTexts<string>;
  readonly #resumes: SharedTexts<string | null>;

  constructor(board: Board) {
    this.#board = board;
    this.#snapshots = new SharedTexts(board);
    this.#resumes = new SharedTexts(board);
  }

  initial(groupFilter: GroupFilter, now: number, session: number | null): string {
    const data = this.#snapshot(groupFilter, now);
    const { seq } = this.#board;
    const epoch = viewEpoch(this.#board.epoch, session === null ? null : groupFilter);
    const head = `{"type":"initialAgentList","epoch":${JSON.stringify(epoch)},"seq":${seq}`;
    return `${head}${session === null ? "" : `,"serverTime":${now},"sessionExpiresAt":${session}`},"data":${data}}`;
  }

  /** The body of the polling endpoint. */
  poll(groupFilter: GroupFilter, now: number): string {
    const { seq } = this.#board;
    const epoch = viewEpoch(this.#board.epoch, groupFilter);
    return `{"epoch":${JSON.stringify(epoch)},"seq":${seq},"serverTime":${now},"data":${this.#snapshot(groupFilter, now)}}`;
  }

  /** null when the hub cannot prove that it knows everything since: the viewer gets the whole list instead. */
  resumed(epoch: string, from: number, groupFilter: GroupFilter, now: number, session: number): string | null {
    if (epoch !== viewEpoch(this.#board.epoch, groupFilter)) return null;
    const missed = this.#resumes.take(`${from} ${filterKey(groupFilter)}`, now, () => {
      const since = this.#board.since(this.#board.epoch, from, groupFilter);
      if (since === null) return null;
      const { changed, removed } = since;
      return `"data":${JSON.stringify(changed.map((agent) => toAgent(agent, now)))},"removed":${JSON.stringify(removed)}`;
    });
    if (missed === null) return null;
    const head = `{"type":"resumed","epoch":${JSON.stringify(epoch)},"from":${from},"to":${this.#board.seq}`;
    return `${head},"serverTime":${now},"sessionExpiresAt":${session},${missed}}`;
  }

  /** Makes the frames of one flush; the returned function gives those of one group filter, whose viewers all stand at `from`. */
  flush(window: readonly Dirty[], now: number): (groupFilter: GroupFilter, from: number) => FlushFrames {
    const { epoch, seq: to } = this.#board;
    const wholes = new Map<Dirty, string>();
    const patches = new Map<Dirty, string>();
    const plains = new Map<Dirty, string>();
    const whole = (dirty: Dirty, agent: BoardAgent) => once(wholes, dirty, () => JSON.stringify(toAgent(agent, now)));
    const patch = (dirty: Dirty, agent: BoardAgent) =>
      once(patches, dirty, () => JSON.stringify(toPatch(agent, dirty.fields, now)));

    const plainOf = (dirty: Dirty, agent: BoardAgent) =>
      once(plains, dirty, () => {
        const position = `"epoch":${JSON.stringify(epoch)},"seq":${dirty.row.seq}`;
        return `{"type":"agentStatusUpdate","data":${whole(dirty, agent)},${position}}`;
      });

    return (groupFilter, from) => {
      const data: string[] = [];
      const removed: string[] = [];
      for (const dirty of window) {
        const { agent, agentId } = dirty.row;
        const told = tell(dirty, groupFilter);
        if (told === null) continue;
        if (told === "removed" || agent === null) removed.push(agentId);
        else data.push(told === "whole" ? whole(dirty, agent) : patch(dirty, agent));
      }
      let frames: PlainFrame[] | null = null;
      const plain = () => {
        frames ??= plainFrames(window, groupFilter, plainOf);
        return frames;
      };
      if (data.length === 0 && removed.length === 0) return { batch: null, plain };
      const own = JSON.stringify(viewEpoch(epoch, groupFilter));
      const head = `{"type":"agentStatusBatch","epoch":${own},"from":${from},"to":${to},"serverTime":${now}`;
      return { batch: `${head},"data":[${data.join(",")}],"removed":${JSON.stringify(removed)}}`, plain };
    };
  }

  #snapshot(groupFilter: GroupFilter, now: number): string {
    const list = () => JSON.stringify(this.#board.visible(groupFilter).map((agent) => toAgent(agent, now)));
    return this.#snapshots.take(filterKey(groupFilter), now, list);
  }
}

export function transcriptFrame(contactId: string, turns: readonly Turn[], complete: boolean): string {
  return JSON.stringify({ type: "transcript", contactId, turns, complete });
}

export function errorFrame(code: string, message: string): string {
  return JSON.stringify({ type: "error", code, message });
}

function plainFrames(
  window: readonly Dirty[],
  groupFilter: GroupFilter,
  textOf: (dirty: Dirty, agent: BoardAgent) => string,
): PlainFrame[] {
  const frames: PlainFrame[] = [];
  for (const dirty of window) {
    const { agent, agentId, seq } = dirty.row;
    const told = tell(dirty, groupFilter);
    if (told === null) continue;
    const gone = told === "removed" || agent === null;
    const text = gone ? `{"type":"agentRemoved","data":{"agentId":${JSON.stringify(agentId)}}}` : textOf(dirty, agent);
    frames.push({ seq, text });
  }
  return frames;
}

function once(cache: Map<Dirty, string>, dirty: Dirty, make: () => string): string {
  const known = cache.get(dirty);
  if (known !== undefined) return known;
  const made = make();
  cache.set(dirty, made);
  return made;
}
