import * as v from "valibot";
import type { ActionResult } from "../../core/actions/action-result.ts";
import { parseJson, type Sql } from "../sql.ts";

/** The ids of people and contacts have columns of their own, so that an erasure finds them. */
export const ACTION_TABLE = `
  CREATE TABLE actions (subject TEXT, id TEXT, at INTEGER NOT NULL, name TEXT NOT NULL, request TEXT NOT NULL, result TEXT,
    agent_id TEXT, contact_id TEXT, PRIMARY KEY (subject, id)) WITHOUT ROWID;`;

/** A page that slept may repeat an action when it wakes. A day later nobody waits for the answer. */
const REMEMBER_ACTIONS_MS = 24 * 60 * 60_000;

const resultSchema = v.object({
  status: v.picklist([200, 403, 404, 409, 503, 504]),
  ok: v.boolean(),
  code: v.string(),
  message: v.string(),
});

/** An action that somebody asked for. */
export interface AskedAction {
  /** Who asked, and the id that it gave. Ids of different people do not meet. */
  readonly subject: string;
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  /** What people read for who asked. */
  readonly name: string;
  /** What was asked, as JSON with fixed order, to see whether an id comes again for something else. */
  readonly request: string;
  readonly agentId: string;
  readonly contactId: string | null;
}

/** An action as it is kept. `result` null = it was sent and nobody has written the answer. */
export interface KeptAction extends AskedAction {
  readonly result: ActionResult | null;
}

type Row = Omit<KeptAction, "result"> & { result: string | null };

const COLUMNS = "subject, id, at, name, request, result, agent_id AS agentId, contact_id AS contactId";

/** What supervisors asked for in the last day, in the SQLite of the center's object. */
export class ActionTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  action(subject: string, id: string): KeptAction | null {
    const query = `SELECT ${COLUMNS} FROM actions WHERE subject = ? AND id = ?`;
    return this.#sql.read<Row>(query, subject, id).map(kept)[0] ?? null;
  }

  /** The actions without an answer, the oldest first. */
  unanswered(): KeptAction[] {
    return this.#sql.read<Row>(`SELECT ${COLUMNS} FROM actions WHERE result IS NULL ORDER BY at`).map(kept);
  }

  saveAction({ subject, id, at, name, request, agentId, contactId }: AskedAction, result: ActionResult | null): void {
    const query = "INSERT OR REPLACE INTO actions VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    const stored = result === null ? null : JSON.stringify(result);
    this.#sql.write(query, subject, id, at, name, request, stored, agentId, contactId);
  }

  /** Deletes what nobody will repeat. */
  cleanUp(now: number): void {
    if ((this.#oldestAt() ?? now) < now - REMEMBER_ACTIONS_MS)
      this.#sql.write("DELETE FROM actions WHERE at < ?", now - REMEMBER_ACTIONS_MS);
  }

  /** When the oldest action may be deleted, epoch ms; null = there is none. */
  nextCleanUp(): number | null {
    const oldest = this.#oldestAt();
    return oldest === null ? null : oldest + REMEMBER_ACTIONS_MS;
  }

  #oldestAt(): number | null {
    return this.#sql.read<{ at: number | null }>("SELECT min(at) AS at FROM actions")[0]?.at ?? null;
  }
}

/** A result that cannot be read counts as none: then nobody knows. */
function kept({ result, ...row }: Row): KeptAction {
  const parsed = v.safeParse(resultSchema, result === null ? null : parseJson(result));
  return { ...row, result: parsed.success ? parsed.output : null };
}
