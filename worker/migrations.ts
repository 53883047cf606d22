import { ACTION_TABLE } from "./actions/action-table.ts";
import { ALERT_TABLES } from "./alert-tables.ts";
import { ALERT_OUTBOX_TABLES } from "./alerts/outbox-table.ts";
import { AUDIT_TABLE } from "./audit-table.ts";
import { DISPLAY_TABLE } from "./displays/display-table.ts";
import { HISTORY_TABLES } from "./history-tables.ts";
import { QUEUE_TABLES } from "./queue-tables.ts";

/** Append only: a migration that has run on somebody's storage never changes. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE agents (agent_id TEXT PRIMARY KEY, seq INTEGER, record TEXT NOT NULL, agent TEXT, gone TEXT) WITHOUT ROWID;
   CREATE TABLE contacts (contact_id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE turns (contact_id TEXT, turn_id TEXT, turn TEXT NOT NULL, PRIMARY KEY (contact_id, turn_id)) WITHOUT ROWID;
   CREATE TABLE posts (webhook_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE tickets (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE revocations (subject TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE relays (name TEXT PRIMARY KEY, watching TEXT NOT NULL) WITHOUT ROWID;`,
  `CREATE TABLE list_parts (taken_at INTEGER, parts INTEGER, part INTEGER, agent_ids TEXT NOT NULL,
     PRIMARY KEY (taken_at, parts, part)) WITHOUT ROWID;`,
  ALERT_TABLES,
  ALERT_OUTBOX_TABLES,
  QUEUE_TABLES,
  AUDIT_TABLE,
  DISPLAY_TABLE,
  ACTION_TABLE,
  HISTORY_TABLES,
];
