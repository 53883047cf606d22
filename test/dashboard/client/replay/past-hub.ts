import { GroupView } from "../../../../core/board/group-view.ts";
import { COLLECTIONS } from "../../../../core/center/collections.ts";
import type { LogLine } from "../../../../core/history/replay/log-line.ts";
import { ReplayReader } from "../../../../core/history/replay/replay-reader.ts";
import type { HubQuestion, HubReply } from "../../../../dashboard/client/contract.ts";
import type { LiveHub } from "../../../../dashboard/client/replay/replay-session.ts";
import type { ReplayedCenter } from "../../../core/history/replay/replayed-center.ts";

const NOT_KEPT: HubReply = { status: 404, body: { error: "not_kept" } };

/** Answers questions about the history from a log in memory, without a Worker. */
export class PastHub implements LiveHub {
  readonly #center: Pick<ReplayedCenter, "log">;
  /** What it was asked for. */
  readonly asked: string[] = [];
  /** Answers the next questions instead, in order. */
  readonly refusals: HubReply[] = [];
  /** A span ends after so many changes. */
  changesPerSpan = Number.POSITIVE_INFINITY;
  readonly now: () => number;

  constructor(center: Pick<ReplayedCenter, "log">, now: () => number) {
    this.#center = center;
    this.now = now;
  }

  readonly ask = async ({ resource }: HubQuestion): Promise<HubReply> => {
    this.asked.push(resource);
    await Promise.resolve();
    const refusal = this.refusals.shift();
    if (refusal !== undefined) return refusal;
    const query = new URLSearchParams(resource.slice("history?".length));
    const [at, from, to] = ["at", "from", "to"].map((name) => query.get(name));
    if (at != null) return this.#moment(Number(at));
    return this.#span(Number(from), Number(to));
  };

  #moment(at: number): HubReply {
    const lists = this.listsAt(at);
    return lists === null ? NOT_KEPT : { status: 200, body: lists };
  }

  /** Returns the answer for one moment; null = the log does not know it. */
  listsAt(at: number): object | null {
    const reader = this.#reader(at);
    const keptSince = Math.min(...this.#center.log.keyframes.map(({ place }) => place.at));
    return (
      reader &&
      jsonOf({
        historic: true,
        at,
        serverTime: this.now(),
        keptSince,
        ...JSON.parse(`{${[...reader.board.listPieces(new GroupView(null), at)].join("")}}`),
      })
    );
  }

  #span(from: number, to: number): HubReply {
    const lists = this.listsAt(from);
    const reader = this.#reader(from);
    if (lists === null || reader === null) return NOT_KEPT;
    const changes: object[] = [];
    let end = to;
    const applyLine = (line: LogLine) => {
      if (changes.length >= this.changesPerSpan) return;
      const change = reader.board.applyLine(line, new GroupView(null));
      if (change !== null) changes.push(change);
      if (changes.length >= this.changesPerSpan) end = line.at;
    };
    for (const row of this.#center.log.rows) {
      if (row.id < reader.nextLogRow) continue;
      if (reader.applyLogRow(row, to, applyLine) !== "applied") break;
    }
    return { status: 200, body: jsonOf([lists, ...changes, { at: end, data: [], removed: [], complete: end === to }]) };
  }

  #reader(at: number): ReplayReader | null {
    const newest = this.#center.log.keyframes.findLast(({ place }) => place.at <= at);
    if (newest === undefined) return null;
    const reader = new ReplayReader(COLLECTIONS, newest.place);
    reader.applyKeyframe(newest.text);
    for (const row of this.#center.log.rows) {
      if (row.id < reader.nextLogRow) continue;
      const progress = reader.applyLogRow(row, at);
      if (progress === "gap") return null;
      if (progress === "reached") break;
    }
    return reader;
  }
}

/** As it comes over the wire: nothing is shared, and fields without a value are absent. */
function jsonOf(value: object): object {
  return JSON.parse(JSON.stringify(value));
}
