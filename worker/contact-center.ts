import { DurableObject } from "cloudflare:workers";
import type { CenterEvents } from "../core/center/ports.ts";
import type { Feed } from "../core/replication/feed.ts";
import type { ReadableTranscript } from "../core/state/transcripts.ts";
import type { UpdatesAnswer } from "../protocol/answers.ts";
import type { Update } from "../protocol/updates.ts";
import { type AnsweredAction, openActions } from "./actions/center-actions.ts";
import { AlarmScheduler } from "./alarm-scheduler.ts";
import type { AlertDelivery } from "./alerts/alert-delivery.ts";
import { makeDelivery } from "./alerts/center-delivery.ts";
import { type AnsweredTest, answerTest } from "./alerts/target-tests.ts";
import type { TicketCheck } from "./auth/tickets.ts";
import { CenterQuestions } from "./center-questions.ts";
import { CenterReads } from "./center-reads.ts";
import { CenterWakes } from "./center-wakes.ts";
import { makeBroadcaster } from "./deflation.ts";
import { FlushTimer } from "./flush-timer.ts";
import { answerDataRequest, type DataAnswer } from "./instance-data.ts";
import { prometheusText } from "./metrics.ts";
import { NewTurns } from "./new-turns.ts";
import { type PolledBoard, Polls } from "./polls.ts";
import { RelayFleet } from "./relay-fleet.ts";
import type { HistoryAnswer } from "./replay/history-answers.ts";
import { acknowledgementOf, readAcknowledgement, readRelayReport, refuseUnknownTypes } from "./rpc-arguments.ts";
import { SavedCounters } from "./saved-counters.ts";
import { readSettings, type Settings } from "./settings.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { StorageCleaner } from "./storage-cleaner.ts";
import { StoredCenter } from "./stored-center.ts";
import { admitViewer } from "./viewer-admission.ts";
import { ViewerSockets } from "./viewer-sockets.ts";
import { ViewerTickets } from "./viewer-tickets.ts";
import type { WatchedQueue } from "./watched-queue.ts";

/** One contact center: keeps the state of its agents and serves its viewers. Public methods are its RPC surface. */
export class ContactCenter extends DurableObject<Env> {
  readonly #settings: Settings;
  readonly #store: SqliteStore;
  readonly #center: StoredCenter;
  readonly #tickets: ViewerTickets;
  readonly #broadcaster: ReturnType<typeof makeBroadcaster>;
  readonly #sockets: ViewerSockets;
  readonly #flushes: FlushTimer;
  readonly #alarms: AlarmScheduler;
  readonly #wakes: CenterWakes;
  readonly #fleet: RelayFleet;
  readonly #counters = { accepted: 0, stale: 0, duplicates: 0, refused: 0 };
  readonly #saved: SavedCounters;
  readonly #reads: CenterReads;
  readonly #places: Parameters<typeof admitViewer>[1];
  readonly #questions: CenterQuestions;
  readonly #newTurns = new NewTurns();
  readonly #cleaner: StorageCleaner;
  readonly #delivery: AlertDelivery;
  readonly #actions: ReturnType<typeof openActions>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const parsed = readSettings(env);
    if (!parsed.ok) throw new Error(parsed.message);
    this.#settings = parsed.settings;
    this.#store = new SqliteStore(ctx.storage.sql);
    const instanceId = ctx.id.name ?? "";
    const events: CenterEvents = {
      rowChanged: (change) => this.#broadcaster.noteChange(change),
      turnsAdded: (...added) => this.#newTurns.addTurns(...added),
      alertsChanged: (changes, now) => this.#delivery.noteChanges(changes, now),
    };
    const replaced = (now: number) => this.#boardReplaced(now);
    this.#center = new StoredCenter(ctx.storage, this.#store, instanceId, this.#settings, events, replaced);
    this.#broadcaster = makeBroadcaster(this.#center.core.board, this.#settings.flushIntervalMs);
    this.#broadcaster.center = this.#center.facts;
    const polls = new Polls(this.#broadcaster);
    this.#questions = new CenterQuestions(this.#center, this.#store, instanceId, this.#settings);
    this.#alarms = new AlarmScheduler(ctx.storage);
    this.#cleaner = new StorageCleaner(ctx, this.#store, this.#alarms, polls, this.#settings.auditKeptMs);
    const [alarms, center, broadcaster, cleaner] = [this.#alarms, this.#center, this.#broadcaster, this.#cleaner];
    this.#delivery = makeDelivery({ instanceId, settings: this.#settings, env, store: this.#store, alarms, guard: center.guard });
    const sendChanges = () => {
      this.#flushes.schedule();
      ctx.waitUntil(this.#delivery.sendDue()); // The object stays awake while a request is open, and takes posts meanwhile.
    };
    this.#wakes = new CenterWakes({ alarms, center, broadcaster, cleaner, delivery: this.#delivery, sendChanges });
    this.#tickets = new ViewerTickets(this.#settings, this.#store, this.#cleaner, instanceId);
    this.#reads = new CenterReads(center, polls, this.#tickets);
    this.#actions = openActions(ctx, this.#settings, { center, store: this.#store, tickets: this.#tickets });
    const [sendFeeds, saveCounters] = [() => ctx.waitUntil(this.#fleet.sendFeeds()), () => this.#saved.saveSoon(Date.now())];
    this.#flushes = new FlushTimer(this.#broadcaster, this.#settings.flushIntervalMs, sendFeeds, saveCounters);
    this.#fleet = new RelayFleet(env, this.#store, this.#center.core.board);
    this.#sockets = new ViewerSockets(ctx, this.#broadcaster, {
      groupsOf: (contactId) => this.#center.core.state.transcripts.groupsOf(contactId),
      transcript: (contactId) => this.#center.core.state.transcript(contactId),
      acknowledge: (alertId, viewer) => this.acknowledge(acknowledgementOf(alertId, viewer)),
      redeemTicket: (token) => this.#tickets.redeemTicket(token),
      watchedQueue: (queueId) => this.watchedQueue(queueId),
      wakeBy: (at) => this.#alarms.wakeBy(at),
    });
    const [{ viewersPerObject }, sockets, fleet, tickets] = [this.#settings, this.#sockets, this.#fleet, this.#tickets];
    this.#places = { instance: instanceId, viewersPerObject, broadcaster, sockets, fleet, tickets };
    this.#saved = new SavedCounters(this.#store, () => ({
      ...this.#counters,
      ...this.#broadcaster.counters,
      rowsWritten: this.#store.rowsWritten,
      relayFailures: this.#fleet.failures,
      storageFailures: this.#center.guard.failures,
      ...this.#delivery.counters,
    }));
    this.#sockets.restoreViewers();
    void ctx.blockConcurrencyWhile(async () => {
      await this.#alarms.load();
      const now = Date.now();
      this.#broadcaster.expireSessions(now);
      this.#wakes.restoreAlarm(now);
    });
  }

  /**
   * Stores a batch durably, then answers. Viewers are served right after. The same `webhookId` again changes nothing. `refused`
   * counts the posts that the Worker refused since the last call.
   * @throws Error when the batch cannot be stored. Then nothing of it is applied, and it may be posted again.
   */
  ingest(webhookId: string, updates: Update[], refused = 0): UpdatesAnswer {
    refuseUnknownTypes(updates);
    const now = Date.now();
    const { epoch } = this.#center.core.board;
    this.#counters.refused += refused;
    this.#newTurns.beginBatch();
    const watched = new Set([...this.#broadcaster.watchedContacts(), ...this.#fleet.registry.watchedContacts()]);
    const applied = this.#center.applyPost(webhookId, updates, watched, now);
    if (applied === null) {
      this.#counters.duplicates += 1;
      this.#saved.saveSoon(now);
      const { board, state } = this.#center.core;
      const stillWatched = state.transcripts.watchedAmong(updates, watched);
      return { accepted: 0, stale: 0, duplicate: true, epoch, seq: board.seq, watched: stillWatched };
    }
    const { accepted, stale, wakeAt, unlisted, suspects } = applied;
    this.#counters.accepted += accepted;
    this.#counters.stale += stale;
    this.#flushes.schedule();
    this.#sockets.queues.noteChanged(this.#center.core.queues.drainChangedContacts(), now);
    // The flush saves the counters once it has been sent.
    if (!this.#broadcaster.hasPendingChanges) this.#saved.saveSoon(now);
    if (this.#newTurns.batchStored()) setTimeout(() => this.#sendNewTurns(), 0);
    this.#alarms.wakeBy(wakeAt, now);
    this.#wakes.wakeForDeadlines(now);
    this.#cleaner.postStored(now);
    const answer = { accepted, stale, duplicate: false, epoch, seq: this.#center.core.board.seq, watched: applied.watched };
    return { ...answer, ...(unlisted !== null && { unlisted }), ...(suspects !== null && { suspects }) };
  }

  /** Returns the board as one JSON text, for viewers without sockets. null = the ticket was used, or its owner revoked. */
  async poll(...request: unknown[]): Promise<PolledBoard | null> {
    const answer = this.#reads.poll(request);
    this.#flushes.schedule();
    return answer;
  }

  /** Returns the queues as one JSON text, likewise. */
  pollQueues(...request: unknown[]): PolledBoard | null {
    return this.#reads.pollQueues(request);
  }

  history(...request: unknown[]): Promise<HistoryAnswer> {
    return this.#reads.history(request);
  }

  /** Closes a viewer's sockets and refuses the tickets that it still holds. Returns how many were closed. */
  async revoke(subject: string): Promise<number> {
    // The sockets close also when the storage is full.
    const closed = this.#broadcaster.revoke(subject) + (await this.#fleet.revoke(subject));
    this.#tickets.revoke(subject, Date.now());
    return closed;
  }

  redeem(token: string): Promise<TicketCheck> {
    return this.#tickets.redeemTicket(token);
  }

  transcript(contactId: string): ReadableTranscript {
    return this.#center.core.state.transcript(contactId);
  }

  contactGroups(contactId: string): readonly string[] {
    return this.#center.core.state.transcripts.groupsOf(contactId);
  }

  watchedQueue(queueId: string): WatchedQueue | null {
    return this.#reads.watchedQueue(queueId);
  }

  /** Acknowledges an alert for a supervisor. Returns false when no such alert fires within the filter. */
  acknowledge(request: unknown): boolean {
    const { alertId, subject, name, filter } = readAcknowledgement(request);
    const now = Date.now();
    const done = this.#center.acknowledge(alertId, { subject, name }, filter, now);
    this.#wakes.noteChanges(now);
    return done;
  }

  /** Answers a viewer without a socket. The Worker has checked its role. */
  async ask(asker: unknown, question: unknown) {
    const now = Date.now();
    const answer = await this.#questions.answer(asker, question, this.#tickets, now);
    this.#wakes.noteChanges(now);
    if (answer.ok && answer.revoked) await this.revoke(answer.revoked);
    return answer;
  }

  /** A relay reports its viewers, and gets the rows that it missed. */
  sync(...report: unknown[]): Feed {
    const { relay, viewers, watching, position } = readRelayReport(report);
    return this.#fleet.report(relay, viewers, watching, position);
  }

  /** Backs up, restores or erases what is stored. */
  data(webhookId: string, request: unknown): DataAnswer {
    const answer = answerDataRequest(this.ctx.storage.sql, this.#store, this.#center.guard, webhookId, request);
    this.#wakes.wakeForAll(Date.now());
    return answer;
  }

  /** Sends a test message to a target of alerts, and tells what the receiver answered. */
  testAlert(asked: unknown): Promise<AnsweredTest> {
    this.#cleaner.idStored(Date.now());
    return answerTest(asked, this.#tickets, this.#store, this.#delivery);
  }

  /** Does what a supervisor asks, and tells what became of it. */
  act(asked: unknown): Promise<AnsweredAction> {
    return this.#actions.act(asked);
  }

  detach(relay: string): void {
    this.#fleet.registry.detach(relay);
  }

  async metrics(): Promise<string> {
    await this.#fleet.countUnknownViewers();
    return prometheusText({
      ...this.#saved.save(Date.now()),
      ...this.#flushes.figures,
      ...this.#fleet.figures,
      ...this.#center.figures,
      ...this.#delivery.figures(Date.now()),
    });
  }

  /** Answers "pong", or a stable word that says why posts cannot be stored. */
  ping(): string {
    return this.#center.guard.check(Date.now()) ?? "pong";
  }

  override async fetch(request: Request): Promise<Response> {
    const now = Date.now();
    this.#wakes.restoreAlarm(now);
    const response = admitViewer(request, this.#places, now);
    // A long list goes out a step at a time.
    this.#flushes.schedule();
    this.#saved.saveSoon(now);
    return response;
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    await this.#sockets.receiveMessage(socket, data, Date.now());
    // A slow consumer that asked for a resync gets it once it has drained.
    this.#flushes.schedule();
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    await this.#sockets.closeSocket(socket, code);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#sockets.closeSocket(socket, 1006);
  }

  override async alarm(): Promise<void> {
    const now = Date.now();
    if (!this.#wakes.beginRun(now) || !this.#wakes.expireAll(now)) return;
    const isListed = this.#settings.ingestSecrets.has(this.ctx.id.name ?? "");
    if (!isListed && this.#broadcaster.size === 0 && (await this.#cleaner.forgetInstance())) return;
    this.#sockets.queues.noteChanged(this.#center.core.queues.drainChangedContacts(), now);
    await this.#wakes.endRun(now);
  }

  /** The memory was ahead of storage and was read anew. The viewers stay. */
  #boardReplaced(now: number): void {
    this.#broadcaster.replaceBoard(this.#center.core.board, now);
    this.#fleet.registry.replaceBoard(this.#center.core.board);
    this.#delivery.restore();
    this.#flushes.schedule();
  }

  #sendNewTurns(): void {
    for (const call of this.#newTurns.sendAll(this.#broadcaster, this.#fleet, Date.now())) this.ctx.waitUntil(call);
    // A slow consumer gets its turns once it has drained.
    this.#flushes.schedule();
  }
}
