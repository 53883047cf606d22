import * as v from "valibot";
import { type AlertNote, alertNoteSchema } from "../../core/alerts/alert-note.ts";
import type { Lane } from "../../core/alerts/outbox-lane.ts";
import { log } from "../log.ts";
import { parseJson, type Sql } from "../sql.ts";

/**
 * What waits for targets. A note has a row of its own, because a lane of thousands would not fit into one (2 MB), and because the
 * ids of people must be found when their data are erased. Positions grow in the order of the notes.
 */
export const ALERT_OUTBOX_TABLES = `CREATE TABLE alert_lanes (target TEXT PRIMARY KEY, lane TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE alert_notes (target TEXT, position INTEGER, agent_id TEXT, contact_id TEXT, note TEXT NOT NULL,
     PRIMARY KEY (target, position)) WITHOUT ROWID;
   CREATE TABLE alert_open (target TEXT, alert_id TEXT, severity TEXT NOT NULL, about TEXT NOT NULL, agent_id TEXT, contact_id TEXT,
     PRIMARY KEY (target, alert_id)) WITHOUT ROWID;`;

/** The part of a lane that its own row has. `message` ends at a position, because its notes are the first of the lane. */
const laneRowSchema = v.looseObject({ message: v.nullable(v.looseObject({})), upTo: v.fallback(v.number(), -1) });

/** The lanes of the outbox in the SQLite of the object. It writes only what differs from what it wrote last. */
export class OutboxTable {
  readonly #sql: Sql;
  /** Target -> lane as storage has it. */
  #saved = new Map<string, Lane>();
  /** Target -> note -> position. Notes are never changed, so each is known by its identity. */
  #positions = new Map<string, Map<AlertNote, number>>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Returns all lanes as JSON for the outbox. Call {@link noteLoaded} with what the outbox made of them. */
  load(): { lanes: unknown[] } {
    const lanes = this.#sql.read<{ target: string; lane: string }>("SELECT target, lane FROM alert_lanes ORDER BY target");
    return { lanes: lanes.map(({ target, lane }) => this.#laneOf(target, parseJson(lane))) };
  }

  /**
   * Notes which lanes the outbox has after {@link load}, and deletes the rows of others: their targets are gone from the settings.
   */
  noteLoaded(lanes: readonly Lane[]): void {
    this.#saved = new Map(lanes.map((lane) => [lane.target, lane]));
    this.#positions = new Map();
    for (const { target } of this.#sql.read<{ target: string }>("SELECT target FROM alert_lanes")) {
      const lane = this.#saved.get(target);
      if (lane === undefined) this.#deleteTarget(target);
      else this.#findPositions(lane);
    }
  }

  /** Writes what has changed since the last call. Run it in a transaction. */
  save(lanes: readonly Lane[]): void {
    const now = new Map(lanes.map((lane) => [lane.target, lane]));
    for (const target of this.#saved.keys()) if (!now.has(target)) this.#deleteTarget(target);
    for (const lane of lanes) {
      if (lane !== this.#saved.get(lane.target)) this.#saveLane(lane);
    }
    this.#saved = now;
  }

  #laneOf(target: string, row: unknown): unknown {
    const notes = this.#notesOf(target).flatMap(({ position, note }) => {
      const parsed = v.safeParse(alertNoteSchema, parseJson(note));
      if (parsed.success) return [{ position, note: parsed.output }];
      log("unreadable_row", { table: "alert_notes" });
      // It would be in the way of the others for ever.
      this.#sql.write("DELETE FROM alert_notes WHERE target = ? AND position = ?", target, position);
      return [];
    });
    const parsed = v.safeParse(laneRowSchema, row);
    const { message, upTo, ...rest } = parsed.success ? parsed.output : { message: null, upTo: -1 };
    const inMessage = notes.filter(({ position }) => position <= upTo).map(({ note }) => note);
    const waiting = notes.filter(({ position }) => message === null || position > upTo).map(({ note }) => note);
    const open = this.#sql.read<{ alertId: string; severity: string; about: string }>(
      "SELECT alert_id AS alertId, severity, about FROM alert_open WHERE target = ?",
      target,
    );
    // A message whose notes were erased is none.
    const isWhole = message !== null && inMessage.length > 0;
    return { ...rest, target, waiting, message: isWhole ? { ...message, notes: inMessage } : null, openAlerts: open };
  }

  #notesOf(target: string): { position: number; note: string }[] {
    return this.#sql.read<{ position: number; note: string }>(
      "SELECT position, note FROM alert_notes WHERE target = ? ORDER BY position",
      target,
    );
  }

  #findPositions(lane: Lane): void {
    const notes = notesIn(lane);
    const rows = this.#notesOf(lane.target);
    if (rows.length !== notes.length) {
      // The outbox could not read all of it. What it has is written anew.
      this.#deleteTarget(lane.target);
      this.#saved.delete(lane.target);
      this.#saveLane(lane);
      this.#saved.set(lane.target, lane);
      return;
    }
    this.#positions.set(lane.target, new Map(notes.map((note, index) => [note, rows[index]?.position ?? index])));
  }

  #saveLane(lane: Lane): void {
    const { target, message, waiting: _waiting, openAlerts: _open, ...rest } = lane;
    const positions = this.#saveNotes(lane);
    this.#saveOpenAlerts(lane);
    const last = message?.notes.at(-1);
    const upTo = last === undefined ? -1 : (positions.get(last) ?? -1);
    const row = JSON.stringify({ ...rest, message: message === null ? null : { ...message, notes: [] }, upTo });
    this.#sql.write("INSERT OR REPLACE INTO alert_lanes VALUES (?, ?)", target, row);
  }

  /** Returns the positions of the notes. */
  #saveNotes(lane: Lane): ReadonlyMap<AlertNote, number> {
    const { target } = lane;
    const before = this.#positions.get(target) ?? new Map<AlertNote, number>();
    const after = new Map<AlertNote, number>();
    let next = Math.max(-1, ...before.values()) + 1;
    for (const note of notesIn(lane)) {
      const known = before.get(note);
      after.set(note, known ?? next);
      if (known !== undefined) continue;
      const { agentId, contactId } = personsOf(note.alertId, note.about);
      this.#sql.write("INSERT INTO alert_notes VALUES (?, ?, ?, ?, ?)", target, next, agentId, contactId, JSON.stringify(note));
      next += 1;
    }
    for (const [note, position] of before) {
      if (!after.has(note)) this.#sql.write("DELETE FROM alert_notes WHERE target = ? AND position = ?", target, position);
    }
    this.#positions.set(target, after);
    return after;
  }

  #saveOpenAlerts({ target, openAlerts }: Lane): void {
    const before = new Map(this.#saved.get(target)?.openAlerts.map(({ alertId, severity }) => [alertId, severity]));
    for (const { alertId, severity, about } of openAlerts) {
      if (before.get(alertId) !== severity) {
        const { agentId, contactId } = personsOf(alertId, about);
        const query = "INSERT OR REPLACE INTO alert_open VALUES (?, ?, ?, ?, ?, ?)";
        this.#sql.write(query, target, alertId, severity, about, agentId, contactId);
      }
      before.delete(alertId);
    }
    for (const alertId of before.keys())
      this.#sql.write("DELETE FROM alert_open WHERE target = ? AND alert_id = ?", target, alertId);
  }

  #deleteTarget(target: string): void {
    this.#positions.delete(target);
    for (const table of ["alert_lanes", "alert_notes", "alert_open"])
      this.#sql.write(`DELETE FROM ${table} WHERE target = ?`, target);
  }
}

/** The notes of a lane in the order of their positions. */
function notesIn({ message, waiting }: Lane): readonly AlertNote[] {
  return [...(message?.notes ?? []), ...waiting];
}

/** Finds the id of a person's agent or contact in the id of an alert: `RULE:SUBJECT:SINCE`. An id may have colons too. */
function personsOf(alertId: string, about: AlertNote["about"]): { agentId: string | null; contactId: string | null } {
  const subject = alertId.slice(alertId.indexOf(":") + 1, alertId.lastIndexOf(":"));
  return { agentId: about === "agent" ? subject : null, contactId: about === "contact" ? subject : null };
}
