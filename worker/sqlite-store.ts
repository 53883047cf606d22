import * as v from "valibot";
import type { BoardRow } from "../core/board/collection.ts";
import { numberRecordSchema } from "../core/board/number-record.ts";
import type { RelayStore } from "../core/replication/relay-registry.ts";
import type { AgentRecord } from "../core/state/agent-record.ts";
import { AGENTS, type AgentRow } from "../core/state/agent-row.ts";
import type { ContactRecord } from "../core/state/contact-record.ts";
import { type Listing, listingToStored, NO_LISTING, parseListing } from "../core/state/listing.ts";
import type { StateStore, StoredState } from "../core/state/ports.ts";
import type { ListPart } from "../core/state/roster-lists.ts";
import { agentRecordToStored, parseAgentRecord } from "../core/state/stored-records.ts";
import type { ContactTurn } from "../protocol/updates.ts";
import { ActionTable } from "./actions/action-table.ts";
import { AlertTables } from "./alert-tables.ts";
import { OutboxTable } from "./alerts/outbox-table.ts";
import { AuditTable } from "./audit-table.ts";
import { ContactTable } from "./contact-table.ts";
import { DisplayTable } from "./displays/display-table.ts";
import { HistoryTables } from "./history-tables.ts";
import { log } from "./log.ts";
import { MetaTable } from "./meta-table.ts";
import type { CounterTotals } from "./metrics.ts";
import { MIGRATIONS } from "./migrations.ts";
import { QueueTables } from "./queue-tables.ts";
import { LogContent } from "./replay/log-content.ts";
import { ReplayTables } from "./replay/replay-tables.ts";
import { RowTable } from "./row-table.ts";
import type { CounterStore } from "./saved-counters.ts";
import { parseJson, Sql } from "./sql.ts";
import { readable, storageCause } from "./storage-cause.ts";
import { TurnTable } from "./turn-table.ts";
import { ViewTable } from "./views/view-table.ts";

const AGENTS_TABLE = { table: "agents", keyColumn: "agent_id", valueColumn: "agent", leftColumn: "gone" };

/**
 * Releases before the rows that contacts carry ({@link ContactTable}) know the epoch as `epoch`. They would take the board for an
 * older one than viewers have, so they must find none: then they begin a new one, and viewers get the whole list.
 */
export const EPOCH = "board_epoch";
export const OLD_EPOCH = "epoch";

/** The hub remembers a post's id this long: twice the signature's tolerance and a margin, so that it knows every repeated post. */
const REMEMBER_POSTS_MS = 15 * 60_000;

const idsSchema = v.fallback(v.array(v.string()), []);
const watchingSchema = v.fallback(v.array(v.string()), []);
const countersSchema = v.fallback(numberRecordSchema, {});

/** The hub's state in the SQLite of its Durable Object. Rows cost money, so every method writes what it must and no more. */
export class SqliteStore implements StateStore, RelayStore, CounterStore {
  readonly #sql: Sql;
  readonly #meta: MetaTable;
  readonly alerts: AlertTables;
  readonly queues: QueueTables;
  readonly audit: AuditTable;
  readonly actions: ActionTable;
  readonly displays: DisplayTable;
  readonly views: ViewTable;
  readonly history: HistoryTables;
  readonly replay: ReplayTables;
  readonly logContent: LogContent;
  readonly #agents: RowTable<AgentRow>;
  readonly #contacts: ContactTable;
  readonly #turns: TurnTable;
  /** Subject -> until when. A copy of a few rows, because every viewer that connects is looked up. */
  readonly #revocations: Map<string, number>;
  /** Tickets that were used while the storage was full -> when they expire. They are lost when the object restarts. */
  readonly #unsavedTickets = new Map<string, number>();
  /** What waits for the targets of alerts. */
  readonly outbox: OutboxTable;

  constructor(storage: SqlStorage) {
    this.#sql = new Sql(storage);
    this.#turns = new TurnTable(this.#sql);
    this.#meta = new MetaTable(this.#sql);
    storage.exec("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
    const version = Number(this.#meta.value("schema") ?? 0);
    for (const [index, migration] of MIGRATIONS.entries()) {
      if (index < version) continue;
      storage.exec(migration);
      this.#meta.setValue("schema", String(index + 1));
    }
    this.alerts = new AlertTables(this.#sql, this.#meta);
    this.audit = new AuditTable(this.#sql);
    this.actions = new ActionTable(this.#sql);
    this.displays = new DisplayTable(this.#sql);
    this.views = new ViewTable(this.#meta);
    this.history = new HistoryTables(this.#sql, this.#meta);
    this.replay = new ReplayTables(this.#sql);
    this.logContent = new LogContent(this.#meta, this.replay);
    this.outbox = new OutboxTable(this.#sql);
    this.queues = new QueueTables(this.#sql, (seq) => this.#meta.setValue("floor", String(seq)));
    this.#agents = new RowTable(this.#sql, AGENTS_TABLE, AGENTS);
    this.#contacts = new ContactTable(this.#sql, (row) => this.#agents.saveValue(row));
    const revoked = this.#sql.read<{ subject: string; until: number }>("SELECT subject, until FROM revocations");
    this.#revocations = new Map(revoked.map(({ subject, until }) => [subject, until]));
  }

  get rowsWritten(): number {
    return this.#sql.rowsWritten;
  }

  /** Returns all that is stored. `newEpoch` becomes the epoch when the storage has none yet. */
  load(newEpoch: string): StoredState {
    const epoch = this.#epoch(newEpoch);
    const listing = this.#meta.value("listing");
    return {
      epoch,
      oldestResumableSeq: Number(this.#meta.value("floor") ?? 0),
      listing: listing === null ? NO_LISTING : parseListing(parseJson(listing)),
      listParts: this.#listParts(),
      ...this.#contacts.load(
        this.#agents.load().flatMap(({ record, row }) => {
          const parsed = readable("agents", parseAgentRecord(record));
          return parsed === null ? [] : [{ record: parsed, row }];
        }),
      ),
    };
  }

  saveAgent(record: AgentRecord, row: BoardRow<AgentRow> | undefined): void {
    this.#agents.saveRow(record.agentId, agentRecordToStored(record), row);
    this.#contacts.agentSaved(record.agentId);
  }

  deleteAgent(agentId: string, oldestResumableSeq: number): void {
    this.#agents.deleteRow(agentId);
    this.#contacts.agentSaved(agentId);
    this.#meta.setValue("floor", String(oldestResumableSeq));
  }

  carryRow(contactId: string, row: BoardRow<AgentRow>): void {
    this.#contacts.carryRow(contactId, row);
  }

  landRows(): void {
    this.#contacts.landRows();
  }

  saveContact(record: ContactRecord): void {
    this.#contacts.saveContact(record);
  }

  deleteContact(contactId: string): void {
    this.#contacts.deleteContact(contactId);
    this.#sql.write("DELETE FROM turns WHERE contact_id = ?", contactId);
  }

  saveListing(listing: Listing): void {
    this.#meta.setValue("listing", JSON.stringify(listingToStored(listing)));
  }

  saveListPart({ takenAt, parts, part, agentIds }: ListPart): void {
    const ids = JSON.stringify(agentIds);
    this.#sql.write("INSERT OR REPLACE INTO list_parts VALUES (?, ?, ?, ?)", takenAt, parts, part, ids);
  }

  deleteListParts(before: number): void {
    this.#sql.write("DELETE FROM list_parts WHERE taken_at < ?", before);
  }

  /** Deletes an agent's id from the lists of signed-in agents. */
  deleteFromLists(agentId: string): void {
    const listing = this.#meta.value("listing");
    if (listing !== null) {
      const { takenAt, agentIds } = parseListing(parseJson(listing));
      this.saveListing({ takenAt, agentIds: new Set([...agentIds].filter((id) => id !== agentId)) });
    }
    for (const part of this.#listParts())
      if (part.agentIds.includes(agentId)) this.saveListPart({ ...part, agentIds: part.agentIds.filter((id) => id !== agentId) });
  }

  /** Lets the next {@link load} begin a new epoch: no viewer may resume from before. */
  deleteEpoch(): void {
    this.#sql.write("DELETE FROM meta WHERE key IN (?, ?)", EPOCH, OLD_EPOCH);
  }

  /** An older release has left its epoch if it was the last to run. Its changes count, and it gets no epoch of ours. */
  #epoch(newEpoch: string): string {
    const old = this.#meta.value(OLD_EPOCH);
    const epoch = old ?? this.#meta.value(EPOCH);
    if (old === null && epoch !== null) return epoch;
    this.#meta.setValue(EPOCH, epoch ?? newEpoch);
    if (old !== null) this.#sql.write("DELETE FROM meta WHERE key = ?", OLD_EPOCH);
    return epoch ?? newEpoch;
  }

  deleteList(takenAt: number, parts: number): void {
    this.#sql.write("DELETE FROM list_parts WHERE taken_at = ? AND parts = ?", takenAt, parts);
  }

  readonly turn = (contactId: string, turnId: string) => this.#turns.turn(contactId, turnId);
  readonly saveTurn = (turn: ContactTurn) => this.#turns.saveTurn(turn);
  readonly turns = (contactId: string) => this.#turns.turns(contactId);
  readonly turnsSize = (contactId: string) => this.#turns.turnsSize(contactId);
  readonly customerTurns = (contactId: string) => this.#turns.customerTurns(contactId);
  readonly deleteTurn = (contactId: string, turnId: string) => this.#turns.deleteTurn(contactId, turnId);

  /** Remembers a post. false = the hub has seen it before. */
  rememberPost(webhookId: string, now: number): boolean {
    return this.#sql.write("INSERT OR IGNORE INTO posts VALUES (?, ?)", webhookId, now) > 0;
  }

  /**
   * Uses a ticket up. false = it was used before. Full storage must not lock the viewers out, so then memory remembers the ticket
   * for its 60 s.
   */
  spendTicket(id: string, expiresAt: number): boolean {
    if (this.#unsavedTickets.has(id)) return false;
    try {
      return this.#sql.write("INSERT OR IGNORE INTO tickets VALUES (?, ?)", id, expiresAt) > 0;
    } catch (error) {
      const [used] = this.#sql.read("SELECT id FROM tickets WHERE id = ?", id);
      if (used !== undefined) return false;
      log("ticket_not_stored", { cause: storageCause(error) });
      this.#unsavedTickets.set(id, expiresAt);
      return true;
    }
  }

  /** @throws Error when the revocation cannot be stored. It holds until the object restarts, and the caller repeats it. */
  revoke(subject: string, until: number): void {
    this.#revocations.set(subject, until);
    this.#sql.write("INSERT OR REPLACE INTO revocations VALUES (?, ?)", subject, until);
  }

  isRevoked(subject: string, now: number): boolean {
    return (this.#revocations.get(subject) ?? 0) > now;
  }

  saveRelay(name: string, watching: readonly string[]): void {
    this.#sql.write("INSERT OR REPLACE INTO relays VALUES (?, ?)", name, JSON.stringify(watching));
  }

  deleteRelay(name: string): void {
    this.#sql.write("DELETE FROM relays WHERE name = ?", name);
  }

  relays(): { name: string; watching: string[] }[] {
    return this.#sql
      .read<{ name: string; watching: string }>("SELECT name, watching FROM relays")
      .map(({ name, watching }) => ({ name, watching: v.parse(watchingSchema, parseJson(watching)) }));
  }

  /** Deletes ids of posts, tickets and revocations that have expired. */
  cleanUp(now: number): void {
    this.alerts.keepLastPost();
    this.#sql.write("DELETE FROM posts WHERE at < ?", now - REMEMBER_POSTS_MS);
    this.#sql.write("DELETE FROM tickets WHERE expires_at < ?", now);
    this.#sql.write("DELETE FROM revocations WHERE until < ?", now);
    for (const [subject, until] of this.#revocations) if (until < now) this.#revocations.delete(subject);
    for (const [id, expiresAt] of this.#unsavedTickets) if (expiresAt < now) this.#unsavedTickets.delete(id);
  }

  /** Whether there is something that {@link cleanUp} will delete one day. */
  hasIds(): boolean {
    const tables = ["posts", "tickets", "revocations"].map((table) => `EXISTS (SELECT 1 FROM ${table})`);
    return this.#sql.read<{ any: number }>(`SELECT ${tables.join(" OR ")} AS any`)[0]?.any === 1;
  }

  /** Whether nothing is left but what `meta` says of the board as a whole. */
  isEmpty(): boolean {
    const tables = [
      "agents",
      "contacts",
      "turns",
      "list_parts",
      "relays",
      "queue_legs",
      "queue_buckets",
      "queues",
      "agent_hours",
    ].map((table) => `EXISTS (SELECT 1 FROM ${table})`);
    return !this.hasIds() && this.#sql.read<{ any: number }>(`SELECT ${tables.join(" OR ")} AS any`)[0]?.any === 0;
  }

  /** The totals of the metrics as they were saved last. */
  counters(): Partial<CounterTotals> {
    return v.parse(countersSchema, parseJson(this.#meta.value("counters") ?? "{}"));
  }

  saveCounters(totals: CounterTotals): void {
    this.#meta.setValue("counters", JSON.stringify(totals));
  }

  /** Writes a row to see whether the storage takes one. @throws Error when it does not. */
  probe(now: number): void {
    this.#meta.setValue("probe", String(now));
  }

  #listParts(): ListPart[] {
    const query = "SELECT taken_at AS takenAt, parts, part, agent_ids AS ids FROM list_parts";
    return this.#sql
      .read<{ takenAt: number; parts: number; part: number; ids: string }>(query)
      .map(({ ids, ...part }) => ({ ...part, agentIds: v.parse(idsSchema, parseJson(ids)) }));
  }
}
