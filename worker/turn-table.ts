import { parseTurn } from "../core/state/stored-records.ts";
import type { TurnStore } from "../core/state/transcripts.ts";
import type { ContactTurn } from "../protocol/updates.ts";
import { parseJson, type Sql } from "./sql.ts";
import { readable } from "./storage-cause.ts";

/** The table of the turns. A turn of which the code can read nothing stays where it is. */
export class TurnTable implements TurnStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  turn(contactId: string, turnId: string): ContactTurn | null {
    const query = "SELECT turn FROM turns WHERE contact_id = ? AND turn_id = ?";
    const [row] = this.#sql.read<{ turn: string }>(query, contactId, turnId);
    return row === undefined ? null : parseTurn(parseJson(row.turn));
  }

  saveTurn(turn: ContactTurn): void {
    this.#sql.write("INSERT OR REPLACE INTO turns VALUES (?, ?, ?)", turn.contactId, turn.turnId, JSON.stringify(turn));
  }

  turns(contactId: string): ContactTurn[] {
    return this.#sql
      .read<{ turn: string }>("SELECT turn FROM turns WHERE contact_id = ?", contactId)
      .flatMap(({ turn }) => readable("turns", parseTurn(parseJson(turn))) ?? []);
  }

  turnsSize(contactId: string): { turns: number; length: number } {
    const query = "SELECT COUNT(*) AS turns, COALESCE(SUM(LENGTH(turn)), 0) AS length FROM turns WHERE contact_id = ?";
    return this.#sql.read<{ turns: number; length: number }>(query, contactId)[0] ?? { turns: 0, length: 0 };
  }

  customerTurns(contactId: string): number {
    const isCounted = "turn ->> '$.role' = 'customer' AND turn ->> '$.final' = 1 AND turn ->> '$.text' <> ''";
    // CASE, because an unreadable turn must not fail the query.
    const query = `SELECT count(CASE WHEN json_valid(turn) THEN nullif(${isCounted}, 0) END) AS count FROM turns WHERE contact_id = ?`;
    return this.#sql.read<{ count: number }>(query, contactId)[0]?.count ?? 0;
  }

  deleteTurn(contactId: string, turnId: string): void {
    this.#sql.write("DELETE FROM turns WHERE contact_id = ? AND turn_id = ?", contactId, turnId);
  }
}
