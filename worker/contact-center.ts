import { DurableObject } from "cloudflare:workers";
import type { Position } from "../core/board/board.ts";
import { digest } from "../core/board/digest.ts";
import { filterKey, type GroupFilter } from "../core/board/visibility.ts";
import { Broadcaster } from "../core/broadcast/broadcaster.ts";
import type { Feed } from "../core/replication/feed.ts";
import { ContactCenterState } from "../core/state/contact-center-state.ts";
import { DEFAULT_EXPIRY } from "../core/state/expiry.ts";
import type { ReadableTranscript } from "../core/state/transcripts.ts";
import type { UpdatesAnswer } from "../protocol/answers.ts";
import { CLOSE, type CloseReason } from "../protocol/close-codes.ts";
import type { Update } from "../protocol/updates.ts";
import { AlarmScheduler } from "./alarm-scheduler.ts";
import { type ConnectRequest, readConnectRequest } from "./auth/connect-request.ts";
import { checkTicket, TICKET_SECONDS, type TicketCheck } from "./auth/tickets.ts";
import { FlushTimer } from "./flush-timer.ts";
import { prometheusText } from "./metrics.ts";
import type { TurnsOfContact } from "./relay.ts";
import { RelayFleet } from "./relay-fleet.ts";
import { RELAY_HEADER } from "./relay-names.ts";
import { readSettings, type Settings } from "./settings.ts";
import { refuseSocket } from "./sockets.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { ViewerSockets } from "./viewer-sockets.ts";

/** Minimum time between two deletions of remembered posts and tickets. */
const CLEAN_UP_EVERY_MS = 10 * 60_000;

/**
 * Minimum time between two expiry runs. A run visits every agent (20 ms for 2,000), and in a busy center something expires
 * several times a second.
 */
const EXPIRE_EVERY_MS = 10_000;

interface UsedTicket {
  id: string;
  expiresAt: number;
}

interface PolledBoard {
  etag: string;
  /** null when the caller has it already. */
  body: string | null;
}

/** One contact center: keeps the state of its agents and serves its viewers. Public methods are its RPC surface. */
export class ContactCenter extends DurableObject<Env> {
  readonly #settings: Settings;
  readonly #store: SqliteStore;
  readonly #state: ContactCenterState;
  readonly #broadcaster: Broadcaster;
  readonly #sockets: ViewerSockets;
  readonly #flushes: FlushTimer;
  readonly #alarms: AlarmScheduler;
  readonly #fleet: RelayFleet;
  readonly #counters = { accepted: 0, stale: 0, duplicates: 0, refused: 0 };
  /** New turns of the current batch. They are sent once the batch is answered. */
  #newTurns: TurnsOfContact[] = [];
  #cleanedUpAt = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const parsed = readSettings(env);
    if (!parsed.ok) throw new Error(parsed.message);
    this.#settings = parsed.settings;
    this.#store = new SqliteStore(ctx.storage.sql);
    this.#state = new ContactCenterState(
      this.#store.load(crypto.randomUUID()),
      this.#store,
      {
        rowChanged: (change) => this.#broadcaster.noteChange(change),
        turnsAdded: (contactId, turns, complete, groups) => {
          this.#newTurns.push({ contactId, turns: [...turns], complete, groups: [...groups] });
        },
      },
      { ...DEFAULT_EXPIRY, turnsExpireAfterMs: this.#settings.forgetTurnsAfterMs },
    );
    this.#broadcaster = new Broadcaster(this.#state.board);
    this.#alarms = new AlarmScheduler(ctx.storage);
    this.#flushes = new FlushTimer(this.#broadcaster, this.#settings.flushIntervalMs, () => {
      if (this.#fleet.registry.size > 0) ctx.waitUntil(this.#fleet.sendFeeds());
    });
    this.#fleet = new RelayFleet(env, this.#store, this.#state.board);
    this.#sockets = new ViewerSockets(ctx, this.#broadcaster, {
      transcript: (contactId) => this.#state.transcript(contactId),
      redeemTicket: (token) => this.redeem(token),
      watchChanged: () => {},
      wakeBy: (at) => this.#alarms.wakeBy(at),
    });
    this.#sockets.restoreViewers();
    void ctx.blockConcurrencyWhile(() => this.#alarms.load());
  }

  /**
   * Stores a batch durably, then answers. Viewers are served right after. The same `webhookId` again changes nothing. `refused`
   * counts the posts that the Worker refused since the last call.
   */
  ingest(webhookId: string, updates: Update[], refused: number): UpdatesAnswer {
    const now = Date.now();
    const { epoch } = this.#state.board;
    this.#counters.refused += refused;
    const watched = new Set([...this.#broadcaster.watchedContacts(), ...this.#fleet.registry.watchedContacts()]);
    try {
      const applied = this.ctx.storage.transactionSync(() => {
        if (!this.#store.rememberPost(webhookId, now)) return null;
        return this.#state.applyBatch(updates, watched, now);
      });
      if (applied === null) {
        this.#counters.duplicates += 1;
        return { accepted: 0, stale: 0, duplicate: true, epoch, seq: this.#state.board.seq, watched: [] };
      }
      this.#counters.accepted += applied.accepted;
      this.#counters.stale += applied.stale;
      this.#flushes.schedule();
      if (this.#newTurns.length > 0) setTimeout(() => this.#sendNewTurns(), 0);
      this.#alarms.wakeBy(applied.wakeAt);
      this.#cleanUp(now);
      const { accepted, stale } = applied;
      return { accepted, stale, duplicate: false, epoch, seq: this.#state.board.seq, watched: applied.watched };
    } catch (error) {
      // Storage rolled back but memory did not, so the object restarts from storage.
      this.ctx.abort("A batch could not be stored. The object restarts from its storage.");
      throw error;
    }
  }

  /** Returns the board as one JSON text, for viewers without sockets. null = the ticket was used, or its owner revoked. */
  async poll(
    filter: GroupFilter,
    subject: string,
    ticket: UsedTicket | null,
    ifNoneMatch: string | null,
  ): Promise<PolledBoard | null> {
    const now = Date.now();
    if (this.#store.isRevoked(subject, now)) return null;
    if (ticket !== null && !this.#store.spendTicket(ticket.id, ticket.expiresAt)) return null;
    const { epoch, seq } = this.#state.board;
    const etag = `"${epoch}-${seq}-${digest(filterKey(filter))}"`;
    if (matches(ifNoneMatch, etag)) return { etag, body: null };
    const body = new Promise<string>((resolve) => this.#broadcaster.poll(filter, now, resolve));
    this.#flushes.schedule();
    return { etag, body: await body };
  }

  /** Closes a viewer's sockets and refuses the tickets that it still holds. Returns how many were closed. */
  async revoke(subject: string): Promise<number> {
    this.#store.revoke(subject, Date.now() + TICKET_SECONDS * 1000);
    return this.#broadcaster.revoke(subject) + (await this.#fleet.revoke(subject));
  }

  /** Verifies a ticket and uses it up. */
  async redeem(token: string): Promise<TicketCheck> {
    const now = Date.now();
    const check = await checkTicket(this.#settings.ticketSecrets, this.ctx.id.name ?? "", token, now);
    if (!check.ok) return check;
    if (this.#store.isRevoked(check.ticket.subject, now)) return { ok: false, reason: CLOSE.revoked };
    if (!this.#store.spendTicket(check.ticket.id, check.ticket.expiresAt)) return { ok: false, reason: CLOSE.ticketExpired };
    return check;
  }

  transcript(contactId: string): ReadableTranscript {
    return this.#state.transcript(contactId);
  }

  /** A relay reports its viewers and gets the rows that it missed. */
  sync(relay: string, viewers: number, watching: string[], position: Position | null): Feed {
    return this.#fleet.report(relay, viewers, watching, position);
  }

  detach(relay: string): void {
    this.#fleet.registry.detach(relay);
  }

  metrics(): string {
    return prometheusText({
      ...this.#counters,
      ...this.#broadcaster.counters,
      viewers: this.#broadcaster.size,
      relayedViewers: this.#fleet.registry.viewers,
      relays: this.#fleet.registry.size,
      relayFailures: this.#fleet.failures,
      agents: this.#state.agentCount,
      seq: this.#state.board.seq,
      rowsWritten: this.#store.rowsWritten,
    });
  }

  ping(): "pong" {
    return "pong";
  }

  override async fetch(request: Request): Promise<Response> {
    const connect = readConnectRequest(request);
    const now = Date.now();
    const refusal = this.#refusal(connect, now);
    if (refusal !== null) return refuseSocket(refusal, connect.legacy);
    const { viewersPerObject } = this.#settings;
    if (this.#broadcaster.size < viewersPerObject) {
      const response = this.#sockets.acceptViewer(connect, now);
      // A long list goes out a step at a time.
      this.#flushes.schedule();
      return response;
    }
    const relay = this.#fleet.assignViewer(this.ctx.id.name ?? "", connect.region, viewersPerObject);
    if (relay === null) return refuseSocket(CLOSE.tooManyViewers, connect.legacy);
    return new Response(null, { headers: { [RELAY_HEADER]: relay } });
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
    try {
      this.ctx.storage.transactionSync(() => this.#state.expire(now));
    } catch (error) {
      // As in `ingest`: no viewer may see what storage does not have. The platform runs the alarm again.
      this.ctx.abort("An expiry run could not be stored. The object restarts from its storage.");
      throw error;
    }
    this.#broadcaster.expireSessions(now);
    this.#flushes.schedule();
    this.#cleanUp(now);
    this.#alarms.alarmFired();
    const due = this.#state.nextWake();
    this.#alarms.wakeBy(due === null ? null : Math.max(due, now + EXPIRE_EVERY_MS));
    this.#alarms.wakeBy(this.#broadcaster.nextWake(now));
  }

  #refusal(connect: ConnectRequest, now: number): CloseReason | null {
    if (this.#store.isRevoked(connect.subject, now)) return CLOSE.revoked;
    if (!this.#store.spendTicket(connect.ticketId, connect.ticketExpiresAt)) return CLOSE.ticketExpired;
    return null;
  }

  #sendNewTurns(): void {
    const newTurns = this.#newTurns;
    this.#newTurns = [];
    for (const turns of newTurns) {
      this.#broadcaster.sendTurns(turns.contactId, turns.turns, turns.complete, turns.groups, Date.now());
      if (this.#fleet.registry.size > 0) this.ctx.waitUntil(this.#fleet.sendTurns(turns));
    }
    // A slow consumer gets its turns once it has drained.
    this.#flushes.schedule();
  }

  #cleanUp(now: number): void {
    if (now - this.#cleanedUpAt < CLEAN_UP_EVERY_MS) return;
    this.#cleanedUpAt = now;
    this.#store.cleanUp(now);
  }
}

/** Compares by RFC 9110 §13.1.2: a list of weak tags (an edge that compresses makes tags weak), or `*`. */
function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
