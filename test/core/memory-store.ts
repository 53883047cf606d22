import { ALERTS } from "../../core/alerts/alert-row.ts";
import type { RuleState } from "../../core/alerts/rule-state.ts";
import type { BoardRow } from "../../core/board/collection.ts";
import type { AlertClock, AlertStore, CenterStores, SavedAlerts, SavedCenter } from "../../core/center/ports.ts";
import type { RelayStore } from "../../core/replication/relay-registry.ts";
import type { AgentRecord } from "../../core/state/agent-record.ts";
import { AGENTS, type AgentRow } from "../../core/state/agent-row.ts";
import { CarriedRows, withoutCarried } from "../../core/state/carried-rows.ts";
import type { ContactRecord } from "../../core/state/contact-record.ts";
import { type Listing, listingToStored, NO_LISTING, parseListing } from "../../core/state/listing.ts";
import type { StateStore, StoredState } from "../../core/state/ports.ts";
import type { ListPart } from "../../core/state/roster-lists.ts";
import {
  agentRecordToStored,
  contactRecordToStored,
  parseAgentRecord,
  parseContactRecord,
  parseTurn,
} from "../../core/state/stored-records.ts";
import type { CenterAlert } from "../../protocol/alert.ts";
import type { ContactTurn } from "../../protocol/updates.ts";
import { MemoryHistoryStore } from "./memory-history-store.ts";
import { MemoryQueueStore } from "./memory-queue-store.ts";

interface StoredTexts {
  epoch: string | null;
  oldestResumableSeq: number;
  listing: string | null;
  listParts: Map<string, string>;
  agents: Map<string, string>;
  contacts: Map<string, string>;
  turns: Map<string, Map<string, string>>;
  posts: Set<string>;
  relays: Map<string, string[]>;
  alerts: Map<string, string>;
  ruleStates: Map<string, string>;
  alertClock: string | null;
  rules: string | null;
  lastPostAt: number | null;
}

/** Outlives the hub's memory, as a database does. Keeps JSON texts, so the hub shares no object with it. */
export class MemoryStore implements StateStore, AlertStore, RelayStore {
  #stored: StoredTexts = {
    epoch: null,
    oldestResumableSeq: 0,
    listing: null,
    listParts: new Map(),
    agents: new Map(),
    contacts: new Map(),
    turns: new Map(),
    posts: new Set(),
    relays: new Map(),
    alerts: new Map(),
    ruleStates: new Map(),
    alertClock: null,
    rules: null,
    lastPostAt: null,
  };
  readonly #carried = new CarriedRows();
  readonly queues = new MemoryQueueStore(() => this.#write());
  readonly history = new MemoryHistoryStore(() => this.#write());
  /** Rows written so far. Each one costs money in production. */
  rowsWritten = 0;
  /** Number of writes until the disk fails. Null: it never fails. */
  failAfter: number | null = null;

  load(newEpoch: string): StoredState {
    this.#stored.epoch ??= newEpoch;
    const oldestResumableSeq = Math.max(this.#stored.oldestResumableSeq, this.queues.oldestResumableSeq);
    const { epoch, listing, listParts, agents, contacts } = this.#stored;
    return {
      epoch,
      oldestResumableSeq,
      listing: listing === null ? NO_LISTING : parseListing(JSON.parse(listing)),
      listParts: [...listParts.values()].map((text) => parseJson<ListPart>(text)),
      contacts: [...contacts.values()].flatMap((text) => parseContactRecord(JSON.parse(text)) ?? []),
      agents: this.#carried.restore(
        this.#agents(agents),
        [...contacts].map(([id, text]) => [id, JSON.parse(text)] as const),
      ),
    };
  }

  #agents(texts: ReadonlyMap<string, string>) {
    return [...texts.values()].flatMap((text) => {
      const { record, row } = parseJson<{ record: unknown; row: BoardRow | null }>(text);
      const known = parseAgentRecord(record);
      if (known === null) return [];
      return [{ record: known, row: row && { ...row, value: row.value && AGENTS.parse(row.value) } }];
    });
  }

  /** All that a center is made from. */
  loadCenter(newEpoch: string): SavedCenter {
    return { state: this.load(newEpoch), alerts: this.loadAlerts(), queues: this.queues.load() };
  }

  /** This store as the center uses it. */
  get stores(): CenterStores {
    return { state: this, alerts: this, queues: this.queues, history: this.history };
  }

  loadAlerts(): SavedAlerts {
    const { alerts, ruleStates, alertClock, rules, lastPostAt } = this.#stored;
    return {
      rows: [...alerts.values()].flatMap((text) => {
        const row = parseJson<BoardRow>(text);
        const value = ALERTS.parse(row.value);
        return value === null ? [] : [{ ...row, value }];
      }),
      states: [...ruleStates.values()].flatMap((text) => parseJson<unknown[]>(text)),
      clock: alertClock === null ? null : JSON.parse(alertClock),
      rules: rules === null ? null : JSON.parse(rules),
      lastPostAt,
    };
  }

  saveAlert(row: BoardRow<CenterAlert>): void {
    this.#write();
    this.#stored.alerts.set(row.key, JSON.stringify(row));
  }

  deleteAlerts(alertIds: readonly string[], oldestResumableSeq: number): void {
    this.#write();
    for (const alertId of alertIds) this.#stored.alerts.delete(alertId);
    this.#stored.oldestResumableSeq = oldestResumableSeq;
  }

  saveRuleStates(subjectKey: string, states: readonly RuleState[]): void {
    this.#write();
    if (states.length === 0) this.#stored.ruleStates.delete(subjectKey);
    else this.#stored.ruleStates.set(subjectKey, JSON.stringify(states));
  }

  saveAlertClock(clock: AlertClock): void {
    this.#write();
    this.#stored.alertClock = JSON.stringify(clock);
  }

  saveRules(rules: object): void {
    this.#write();
    this.#stored.rules = JSON.stringify(rules);
  }

  /** Notes when a post arrived, as the row of its id does in production. */
  notePost(at: number): void {
    this.#stored.lastPostAt = at;
  }

  saveAgent(record: AgentRecord, row: BoardRow<AgentRow> | undefined): void {
    this.#write();
    this.#stored.agents.set(record.agentId, JSON.stringify({ record: agentRecordToStored(record), row: row ?? null }));
    this.#carried.deleteRow(record.agentId);
  }

  carryRow(contactId: string, row: BoardRow<AgentRow>): void {
    this.#carried.addRow(contactId, row);
  }

  landRows(): void {
    this.#landRows(this.#carried.rows());
    for (const [contactId, text] of this.#stored.contacts)
      this.#stored.contacts.set(contactId, JSON.stringify(withoutCarried(JSON.parse(text))));
  }

  deleteAgent(agentId: string, oldestResumableSeq: number): void {
    this.#write();
    this.#write();
    this.#stored.agents.delete(agentId);
    this.#carried.deleteRow(agentId);
    this.#stored.oldestResumableSeq = oldestResumableSeq;
  }

  saveContact(record: ContactRecord): void {
    this.#write();
    const stored = contactRecordToStored(record, this.#carried.carriedBy(record));
    this.#stored.contacts.set(record.contactId, JSON.stringify(stored));
  }

  deleteContact(contactId: string): void {
    this.#landRows(this.#carried.rowsOf(contactId));
    this.#write();
    this.#stored.contacts.delete(contactId);
    this.#stored.turns.delete(contactId);
  }

  saveListing(listing: Listing): void {
    this.#write();
    this.#stored.listing = JSON.stringify(listingToStored(listing));
  }

  saveListPart(part: ListPart): void {
    this.#write();
    this.#stored.listParts.set(`${part.takenAt}/${part.parts}/${part.part}`, JSON.stringify(part));
  }

  deleteListParts(before: number): void {
    for (const [key, text] of this.#stored.listParts) {
      if (parseJson<ListPart>(text).takenAt >= before) continue;
      this.#write();
      this.#stored.listParts.delete(key);
    }
  }

  deleteList(takenAt: number, parts: number): void {
    for (const [key, text] of this.#stored.listParts) {
      const part = parseJson<ListPart>(text);
      if (part.takenAt !== takenAt || part.parts !== parts) continue;
      this.#write();
      this.#stored.listParts.delete(key);
    }
  }

  turn(contactId: string, turnId: string): ContactTurn | null {
    const text = this.#stored.turns.get(contactId)?.get(turnId);
    return text === undefined ? null : parseTurn(JSON.parse(text));
  }

  saveTurn(turn: ContactTurn): void {
    this.#write();
    const turns = this.#stored.turns.get(turn.contactId) ?? new Map<string, string>();
    this.#stored.turns.set(turn.contactId, turns.set(turn.turnId, JSON.stringify(turn)));
  }

  turns(contactId: string): ContactTurn[] {
    return [...(this.#stored.turns.get(contactId)?.values() ?? [])].flatMap((text) => parseTurn(JSON.parse(text)) ?? []);
  }

  turnsSize(contactId: string): { turns: number; length: number } {
    const texts = [...(this.#stored.turns.get(contactId)?.values() ?? [])];
    return { turns: texts.length, length: texts.reduce((length, text) => length + text.length, 0) };
  }

  deleteTurn(contactId: string, turnId: string): void {
    this.#write();
    this.#stored.turns.get(contactId)?.delete(turnId);
  }

  customerTurns(contactId: string): number {
    return this.turns(contactId).filter(({ role, final, text }) => role === "customer" && final && text !== "").length;
  }

  /** Stores the id of a post. Returns false when the id was stored before. */
  savePostId(webhookId: string): boolean {
    if (this.#stored.posts.has(webhookId)) return false;
    this.#write();
    this.#stored.posts.add(webhookId);
    return true;
  }

  relays(): { name: string; watching: string[] }[] {
    return [...this.#stored.relays].map(([name, watching]) => ({ name, watching }));
  }

  saveRelay(name: string, watching: readonly string[]): void {
    this.#stored.relays.set(name, [...watching]);
  }

  deleteRelay(name: string): void {
    this.#stored.relays.delete(name);
  }

  #landRows(rows: readonly BoardRow<AgentRow>[]): void {
    for (const row of rows) {
      this.#write();
      const { record } = parseJson<{ record: unknown }>(this.#stored.agents.get(row.key) ?? "{}");
      this.#stored.agents.set(row.key, JSON.stringify({ record, row }));
      this.#carried.deleteRow(row.key);
    }
  }

  #write(): void {
    if (this.failAfter === 0) throw new Error("The simulated disk failed during a write.");
    if (this.failAfter !== null) this.failAfter -= 1;
    this.rowsWritten += 1;
  }

  /** Runs `work` as a transaction: an error takes back all its writes. */
  transaction<Result>(work: () => Result): Result {
    const before = structuredClone(this.#stored);
    const queuesBefore = this.queues.copy();
    const historyBefore = this.history.copy();
    try {
      return work();
    } catch (error) {
      this.#stored = before;
      this.queues.restoreCopy(queuesBefore);
      this.history.restoreCopy(historyBefore);
      throw error;
    }
  }
}

function parseJson<T>(text: string): T {
  return JSON.parse(text);
}
