import type { MetaTable } from "../meta-table.ts";
import type { ReplayTables } from "./replay-tables.ts";

/** The words of the storage for what the settings may keep out of the log. */
export type UnloggedContent = "agent-sentiment" | "listeners";

/** Which content the log behind replay is known to lack: a list of words. Nothing = it may have all. */
const KEY = "replay_without";

/** Sees that the log behind replay has nothing that the settings of now forbid. */
export class LogContent {
  readonly #meta: MetaTable;
  readonly #tables: ReplayTables;

  constructor(meta: MetaTable, tables: ReplayTables) {
    this.#meta = meta;
    this.#tables = tables;
  }

  /**
   * Call when the hub wakes up, before anything is logged. A log that an earlier deployment has written with forbidden content goes
   * as a whole, once: its rows are compressed, and every copy of the board in it has the content again.
   */
  forbid(content: readonly UnloggedContent[]): void {
    const stored = this.#meta.value(KEY);
    const lacking = stored?.split(" ") ?? [];
    if (content.some((each) => !lacking.includes(each))) this.#tables.deleteAll();
    const wanted = content.join(" ");
    if (wanted !== (stored ?? "")) this.#meta.setValue(KEY, wanted);
  }
}
