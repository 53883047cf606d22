import * as v from "valibot";
import { ALERTS } from "../core/alerts/alert-row.ts";
import type { RuleState } from "../core/alerts/rule-state.ts";
import type { BoardRow } from "../core/board/collection.ts";
import { numberRecordSchema } from "../core/board/number-record.ts";
import type { AlertClock, AlertStore, SavedAlerts } from "../core/center/ports.ts";
import type { AlertSubject, CenterAlert } from "../protocol/alert.ts";
import { log } from "./log.ts";
import type { MetaTable } from "./meta-table.ts";
import { parseJson, type Sql } from "./sql.ts";

/** The ids of people and contacts have columns of their own, so that an erasure finds them. */
export const ALERT_TABLES = `
  CREATE TABLE alerts (alert_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, alert TEXT NOT NULL, gone TEXT NOT NULL,
    agent_id TEXT, contact_id TEXT) WITHOUT ROWID;
  CREATE TABLE rule_states (subject TEXT PRIMARY KEY, states TEXT NOT NULL, agent_id TEXT, contact_id TEXT) WITHOUT ROWID;`;

const CLOCK = "alert_clock";
const RULES = "alert_rules";
/** When the newest post arrived, of those whose ids are deleted. */
const LAST_POST = "last_post";

/** The ids of requests about stored data begin with this. They say nothing about the feed. */
export const DATA_REQUEST = "data:";

const leftSchema = v.fallback(numberRecordSchema, {});
const statesSchema = v.fallback(v.array(v.unknown()), []);

/** The alerts in the SQLite of their Durable Object. */
export class AlertTables implements AlertStore {
  readonly #sql: Sql;
  readonly #meta: MetaTable;

  constructor(sql: Sql, meta: MetaTable) {
    this.#sql = sql;
    this.#meta = meta;
  }

  load(): SavedAlerts {
    return {
      rows: this.#rows(),
      states: this.#sql
        .read<{ states: string }>("SELECT states FROM rule_states")
        .flatMap(({ states }) => v.parse(statesSchema, parseJson(states))),
      clock: parseJson(this.#meta.value(CLOCK) ?? "null"),
      rules: parseJson(this.#meta.value(RULES) ?? "null"),
      lastPostAt: this.#lastPostAt(),
    };
  }

  saveAlert({ key, seq, value, left }: BoardRow<CenterAlert>): void {
    if (value === null) return;
    const { agentId, contactId } = idsOf(value.subject);
    const bindings = [key, seq, JSON.stringify(value), JSON.stringify(left), agentId, contactId];
    this.#sql.write("INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, ?, ?, ?)", ...bindings);
  }

  deleteAlerts(alertIds: readonly string[], oldestResumableSeq: number): void {
    for (const alertId of alertIds) this.#sql.write("DELETE FROM alerts WHERE alert_id = ?", alertId);
    this.#meta.setValue("floor", String(oldestResumableSeq));
  }

  saveRuleStates(subjectKey: string, states: readonly RuleState[]): void {
    const [first] = states;
    if (first === undefined) {
      this.#sql.write("DELETE FROM rule_states WHERE subject = ?", subjectKey);
      return;
    }
    const { agentId, contactId } = idsOf(first.subject);
    const query = "INSERT OR REPLACE INTO rule_states VALUES (?, ?, ?, ?)";
    this.#sql.write(query, subjectKey, JSON.stringify(states), agentId, contactId);
  }

  saveAlertClock(clock: AlertClock): void {
    this.#meta.setValue(CLOCK, JSON.stringify(clock));
  }

  saveRules(rules: object): void {
    this.#meta.setValue(RULES, JSON.stringify(rules));
  }

  /** Keeps the time of the newest post before the ids of posts are deleted. */
  keepLastPost(): void {
    const known = this.#lastPostAt();
    if (known !== null && String(known) !== this.#meta.value(LAST_POST)) this.#meta.setValue(LAST_POST, String(known));
  }

  #rows(): BoardRow<CenterAlert>[] {
    const query = "SELECT alert_id AS key, seq, alert, gone FROM alerts";
    return this.#sql
      .read<{ key: string; seq: number; alert: string; gone: string }>(query)
      .flatMap(({ key, seq, alert, gone }) => {
        const value = ALERTS.parse(parseJson(alert));
        if (value === null) log("unreadable_row", { table: "alerts" });
        return value === null ? [] : [{ key, seq, value, left: v.parse(leftSchema, parseJson(gone)) }];
      });
  }

  #lastPostAt(): number | null {
    const query = "SELECT max(at) AS at FROM posts WHERE webhook_id NOT LIKE ?";
    const newest = this.#sql.read<{ at: number | null }>(query, `${DATA_REQUEST}%`)[0]?.at ?? 0;
    const last = Math.max(newest, Number(this.#meta.value(LAST_POST) ?? 0));
    return last === 0 ? null : last;
  }
}

/** The agent or the contact that an alert is about; null = it is about none. */
export function idsOf(subject: AlertSubject): { agentId: string | null; contactId: string | null } {
  if (subject === "hub") return { agentId: null, contactId: null };
  return {
    agentId: "agentId" in subject ? subject.agentId : null,
    contactId: "contactId" in subject ? subject.contactId : null,
  };
}
