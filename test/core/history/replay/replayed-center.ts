import type { RowFields } from "../../../../core/board/collection.ts";
import { GroupView } from "../../../../core/board/group-view.ts";
import { type GroupFilter, mayView } from "../../../../core/board/visibility.ts";
import { CenterCore } from "../../../../core/center/center-core.ts";
import { COLLECTIONS } from "../../../../core/center/collections.ts";
import { ReplayLog } from "../../../../core/history/replay/replay-log.ts";
import { ReplayReader } from "../../../../core/history/replay/replay-reader.ts";
import { DEFAULT_EXPIRY } from "../../../../core/state/expiry.ts";
import type { AlertRules } from "../../../../protocol/alert-rules.ts";
import type { Update } from "../../../../protocol/updates.ts";
import { NOON } from "../../../support/updates.ts";
import { MemoryStore } from "../../memory-store.ts";
import { MemoryReplayStore } from "./memory-replay-store.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Days of UTC. */
const DAYS = { dayOf: (at: number) => ({ from: Math.floor(at / DAY_MS) * DAY_MS }) };

/** A contact center that writes the log behind replay, and remembers each board for comparison. */
export class ReplayedCenter {
  readonly store = new MemoryStore();
  readonly log = new MemoryReplayStore();
  readonly #recorded: { at: number; rows: Map<string, readonly RowFields[]> }[] = [];
  now = NOON;
  epoch = "epoch-1";
  #replay = this.#makeLog();
  #core: CenterCore;

  /** @param rules of the alerts */
  constructor(rules: AlertRules) {
    this.store.saveRules(rules);
    this.#core = this.#makeCore();
  }

  /** When the board was remembered, epoch ms. */
  recordedTimes(): number[] {
    return this.#recorded.map(({ at }) => at);
  }

  post(...updates: Update[]): void {
    this.#change(() => this.#core.applyBatch(updates, new Set(), this.now));
  }

  expire(): void {
    this.#change(() => this.#core.expire(this.now));
  }

  /** Begins the log, as the hub does when its storage was replaced. */
  beginLog(): void {
    this.#replay.beginChain(this.#core.board, this.now);
    this.#remember();
    this.storeKeyframe();
  }

  /** Stores the keyframe that is due. It may come any time after it was begun, or never. */
  storeKeyframe(): void {
    const keyframe = this.#replay.drainKeyframe();
    if (keyframe !== null) this.log.saveKeyframe(keyframe);
  }

  /** Starts a new process on what is stored. What was only in memory is lost. */
  restart(): void {
    this.#replay = this.#makeLog();
    this.#core = this.#makeCore();
  }

  /** Starts a new process under a new epoch, as after a restore. */
  changeEpoch(epoch: string): void {
    this.epoch = epoch;
    this.restart();
  }

  /** Returns the board at a moment as the filter shows it; null = the log does not know it. */
  boardAt(at: number, filter: GroupFilter = null): string | null {
    const found = this.log.keyframes.filter(({ place }) => place.at <= at);
    const newest = found.sort((a, b) => a.place.at - b.place.at || a.place.chain - b.place.chain).at(-1);
    if (newest === undefined) return null;
    const reader = new ReplayReader(COLLECTIONS, newest.place);
    reader.applyKeyframe(newest.text);
    for (const row of this.log.rows) {
      if (row.id < newest.place.firstLogRow) continue;
      const progress = reader.applyLogRow(row, at);
      if (progress === "gap") return null;
      if (progress === "reached") break;
    }
    return canonicalLists(JSON.parse(`{${[...reader.board.listPieces(new GroupView(filter), at)].join("")}}`));
  }

  /** Returns the board as it was at a moment, by what was remembered of it; null = nothing was. */
  recordedAt(at: number, filter: GroupFilter = null): string | null {
    const known = this.#recorded.findLast((each) => each.at <= at);
    if (known === undefined) return null;
    const lists = COLLECTIONS.map((definition, index) => {
      const rows = known.rows.get(definition.name) ?? [];
      const shown = rows.filter((row) => mayView(filter, definition.groupsOf(row)) && definition.isListed?.(row, at) !== false);
      return [index === 0 ? "data" : definition.name, shown.map((row) => definition.toWire(row, at))] as const;
    });
    return canonicalLists(Object.fromEntries(lists));
  }

  #change(change: () => void): void {
    this.#replay.beginChanges(this.#core.board, this.now);
    change();
    this.#replay.saveChanges(this.#core.board, this.now);
    this.#remember();
  }

  #remember(): void {
    const rows = this.#core.board.collections.map((each) => [each.definition.name, each.visible(null)] as const);
    this.#recorded.push({ at: this.now, rows: new Map(rows) });
  }

  #makeLog(): ReplayLog {
    return new ReplayLog(this.log, DAYS, { keyframeDue: () => {} });
  }

  #makeCore(): CenterCore {
    const events = { rowChanged: this.#noteChange, turnsAdded: () => {}, alertsChanged: () => {} };
    const saved = this.store.loadCenter(this.epoch);
    const settings = { times: DEFAULT_EXPIRY, timeZone: "UTC", formula: "removed", historyDays: 0 } as const;
    return new CenterCore({ ...saved, state: { ...saved.state, epoch: this.epoch } }, this.store.stores, events, settings);
  }

  readonly #noteChange = (change: Parameters<ReplayLog["noteChange"]>[0]) => this.#replay.noteChange(change);
}

/** The lists as one text. The order of rows says nothing. */
function canonicalLists(lists: Readonly<Record<string, object[]>>): string {
  return JSON.stringify(["data", "queues", "alerts"].map((name) => (lists[name] ?? []).map(canonical).sort()));
}

/** JSON with the fields in one order. A field without a value is null. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(",")}}`;
}
