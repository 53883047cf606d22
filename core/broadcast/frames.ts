import type { Turn } from "../../protocol/messages.ts";
import type { Board, Position } from "../board/board.ts";
import type { Collection, RowFields } from "../board/collection.ts";
import { filterKey, type GroupFilter, viewEpoch } from "../board/visibility.ts";
import type { PendingChange } from "./conflation-buffer.ts";
import { FlushFrames } from "./flush-frames.ts";
import { type Frame, frameOf } from "./frame.ts";
import { SharedTexts } from "./shared-texts.ts";

/** What a whole list or a resume tells its viewer beside the board. */
export interface SessionFields {
  /** When the session ends, epoch ms. */
  sessionExpiresAt: number;
  /** Within which time to come back after an end that hits everybody, ms. */
  comeBackWithinMs: number;
}

/**
 * Writes the text of every frame. The first collection stands at the top level (`data`, `removed`), each other one under its
 * name. Texts that depend on the board and the filter alone are made once for all viewers.
 */
export class FrameWriter {
  readonly #board: Board;
  readonly #snapshots: SharedTexts;
  readonly #resumes: SharedTexts;

  constructor(board: Board) {
    this.#board = board;
    this.#snapshots = new SharedTexts(board);
    this.#resumes = new SharedTexts(board);
  }

  /** The whole list for a `hub.v1` viewer. */
  initial(filter: GroupFilter, now: number, session: SessionFields): Frame {
    const epoch = JSON.stringify(viewEpoch(this.#board.epoch, filter));
    const head = `{"type":"initialAgentList","epoch":${epoch},"seq":${this.#board.seq},"serverTime":${now}`;
    return joined(`${head},${sessionText(session)},`, this.#snapshot(filter, now));
  }

  /** The whole list for a legacy viewer. It cannot resume, so it gets the epoch of the state. */
  legacyInitial(filter: GroupFilter, now: number): Frame {
    const list = this.#snapshots.textFor(`legacy ${filterKey(filter)}`, now, () => {
      const [first] = this.#board.collections;
      const values = first?.visible(filter).map((value) => first.definition.firstRelease?.toLegacyWire(value, now)) ?? [];
      return `"data":${JSON.stringify(values)}`;
    });
    return joined(`{"type":"initialAgentList","epoch":${JSON.stringify(this.#board.epoch)},"seq":${this.#board.seq},`, list);
  }

  /** The body of the polling endpoint. */
  poll(filter: GroupFilter, now: number): string {
    const epoch = JSON.stringify(viewEpoch(this.#board.epoch, filter));
    const head = `{"epoch":${epoch},"seq":${this.#board.seq},"serverTime":${now},`;
    return joined(head, this.#snapshot(filter, now)).text;
  }

  /** Everything that a viewer at the position missed. null = the hub cannot prove that it knows everything since. */
  resumed(at: Position, filter: GroupFilter, now: number, session: SessionFields): Frame | null {
    if (at.epoch !== viewEpoch(this.#board.epoch, filter)) return null;
    const missed = this.#resumes.textFor(`${at.seq} ${filterKey(filter)}`, now, () => {
      if (!this.#board.canResume({ epoch: this.#board.epoch, seq: at.seq })) return null;
      return this.#board.collections.flatMap((collection, index) => missedText(collection, index, at.seq, filter, now)).join(",");
    });
    if (missed === null) return null;
    const head = `{"type":"resumed","epoch":${JSON.stringify(at.epoch)},"from":${at.seq},"to":${this.#board.seq}`;
    return joined(`${head},"serverTime":${now},${sessionText(session)},`, missed);
  }

  /** Prepares the frames of one flush. */
  flush(changes: readonly PendingChange[], now: number): FlushFrames {
    return new FlushFrames(this.#board, changes, now);
  }

  #snapshot(filter: GroupFilter, now: number): Frame | null {
    return this.#snapshots.textFor(filterKey(filter), now, () =>
      this.#board.collections
        .map((collection, index) => {
          const values = collection.visible(filter).map((value) => collection.definition.toWire(value, now));
          return `${JSON.stringify(index === 0 ? "data" : collection.definition.name)}:${JSON.stringify(values)}`;
        })
        .join(","),
    );
  }
}

export function transcriptFrame(contactId: string, turns: readonly Turn[], complete: boolean): Frame {
  return frameOf(JSON.stringify({ type: "transcript", contactId, turns, complete }));
}

/** `contactId` is the contact of a refused watch; JSON leaves it out where the error is about none. */
export function errorFrame(code: string, message: string, contactId?: string): Frame {
  return frameOf(JSON.stringify({ type: "error", code, message, contactId }));
}

function missedText(collection: Collection<RowFields>, index: number, seq: number, filter: GroupFilter, now: number): string[] {
  const { definition } = collection;
  const { changed, removed } = collection.missedSince(seq, filter);
  const rows = changed.map((value) => definition.toWire(value, now));
  const text = `"data":${JSON.stringify(rows)},"removed":${JSON.stringify(removed)}`;
  if (index === 0) return [text];
  return changed.length === 0 && removed.length === 0 ? [] : [`${JSON.stringify(definition.name)}:{${text}}`];
}

function sessionText({ sessionExpiresAt, comeBackWithinMs }: SessionFields): string {
  return `"sessionExpiresAt":${sessionExpiresAt},"comeBackWithinMs":${comeBackWithinMs}`;
}

/** A frame of a head, which is ASCII, and a shared rest. */
function joined(head: string, rest: Frame | null): Frame {
  const { text, bytes } = rest ?? { text: "", bytes: 0 };
  return { text: `${head}${text}}`, bytes: head.length + bytes + 1 };
}
