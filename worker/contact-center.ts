import { DurableObject } from "cloudflare:workers";
import { digest } from "../core/board/digest.ts";
import { filterKey, type GroupFilter } from "../core/board/visibility.ts";
import { Broadcaster } from "../core/broadcast/broadcaster.ts";
import type { Feed } from "../core/replication/replica.ts";
import { ContactCenterState } from "../core/state/contact-center-state.ts";
import { DEFAULT_LIMITS } from "../core/state/expiry.ts";
import type { Transcript } from "../core/state/transcripts.ts";
import type { UpdatesAnswer } from "../protocol/answers.ts";
import { CLOSE, type CloseReason } from "../protocol/close-codes.ts";
import type { Update } from "../protocol/updates.ts";
import { AlarmScheduler } from "./alarm-scheduler.ts";
import { type ConnectRequest, readConnectRequest } from "./auth/connect-request.ts";
import { checkTicket, TICKET_SECONDS, type TicketCheck } from "./auth/tickets.ts";
import { FlushTimer } from "./flush-timer.ts";
import { prometheusText } from "./metrics.ts";
import { RelayFleet, type Spoken } from "./relay-fleet.ts";
import { RELAY_HEADER } from "./relay-names.ts";
import { readSettings, type Settings } from "./settings.ts";
import { refuseSocket } from "./sockets.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { ViewerSockets } from "./viewer-sockets.ts";

/** How often remembered posts and tickets are cleared away, at most. */
const TIDY_EVERY_MS = 10 * 60_000;

/**
 * What time brings about waits this long after it was last seen to: one look costs by the number of agents (2,000: 20 ms), and
 * where calls end several times a second, one of them is due for forgetting as often.
 */
const LOOK_EVERY_MS = 10_000;

interface UsedTicket {
  id: string;
  expiresAt: number;
}

interface Polled {
  etag: string;
  /** null when the caller has it already. */
  body: string | null;
}

/** One contact center: keeps the state of its agents and tells its viewers. Public methods are its RPC surface. */
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
  /** Said in the current batch; told once it is answered. */
  #spoken: Spoken[] = [];
  #tidiedAt = 0;

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
        changed: (before, row) => this.#broadcaster.changed(before, row),
        spoken: (contactId, turns, complete, groups) => {
          this.#spoken.push({ contactId, turns: [...turns], complete, groups: [...groups] });
        },
      },
      { ...DEFAULT_LIMITS, forgetTurnsAfterMs: this.#settings.forgetTurnsAfterMs },
    );
    this.#broadcaster = new Broadcaster(this.#state.board);
    this.#alarms = new AlarmScheduler(ctx.storage);
    this.#flushes = new FlushTimer(this.#broadcaster, this.#settings.flushIntervalMs, () => {
      if (this.#fleet.size > 0) ctx.waitUntil(this.#fleet.push());
    });
    this.#fleet = new RelayFleet(env, this.#store, this.#state.board);
    this.#sockets = new ViewerSockets(ctx, this.#broadcaster, {
      transcript: (contactId) => this.#state.transcript(contactId),
      redeem: (token) => this.redeem(token),
      watchChanged: () => {},
      wakeBy: (at) => this.#alarms.wakeBy(at),
    });
    this.#sockets.restore();
    void ctx.blockConcurrencyWhile(() => this.#alarms.load());
  }

  /**
   * Stores a batch durably, then answers; viewers are told right after. The same `webhookId` again changes nothing.
   * `refused` counts the posts turned away at the door since the last call.
   */
  ingest(webhookId: string, updates: Update[], refused: number): UpdatesAnswer {
    const now = Date.now();
    const { epoch } = this.#state.board;
    this.#counters.refused += refused;
    const watched = new Set([...this.#broadcaster.watched(), ...this.#fleet.watched()]);
    try {
      const applied = this.ctx.storage.transactionSync(() => {
        if (!this.#store.rememberPost(webhookId, now)) return null;
        return this.#state.apply(updates, watched, now);
      });
      if (applied === null) {
        this.#counters.duplicates += 1;
        return { accepted: 0, stale: 0, duplicate: true, epoch, seq: this.#state.board.seq, watched: [] };
      }
      this.#counters.accepted += applied.accepted;
      this.#counters.stale += applied.stale;
      this.#flushes.schedule();
      if (this.#spoken.length > 0) setTimeout(() => this.#tellSpoken(), 0);
      this.#alarms.wakeBy(applied.wakeAt);
      this.#tidy(now);
      const { accepted, stale } = applied;
      return { accepted, stale, duplicate: false, epoch, seq: this.#state.board.seq, watched: applied.watched };
    } catch (error) {
      // Storage rolled back but memory did not: start over from storage.
      this.ctx.abort("A batch could not be stored.");
      throw error;
    }
  }

  /** The board as one JSON text, for viewers without sockets; null when the ticket was used or its owner revoked. */
  poll(groupFilter: GroupFilter, subject: string, ticket: UsedTicket | null, ifNoneMatch: string | null): Polled | null {
    const now = Date.now();
    if (this.#store.isRevoked(subject, now)) return null;
    if (ticket !== null && !this.#store.spendTicket(ticket.id, ticket.expiresAt)) return null;
    const { epoch, seq } = this.#state.board;
    const etag = `"${epoch}-${seq}-${digest(filterKey(groupFilter))}"`;
    return { etag, body: matches(ifNoneMatch, etag) ? null : this.#broadcaster.poll(groupFilter, now) };
  }

  /** Closes a viewer's sockets and refuses the tickets it still holds. Returns how many were closed. */
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

  transcript(contactId: string): Transcript {
    return this.#state.transcript(contactId);
  }

  /** A relay says what it has and learns what it missed. */
  sync(relay: string, viewers: number, watching: string[], position: { epoch: string; seq: number } | null): Feed {
    return this.#fleet.sync(relay, viewers, watching, position);
  }

  detach(relay: string): void {
    this.#fleet.detach(relay);
  }

  metrics(): string {
    const { board } = this.#state;
    return prometheusText({
      ...this.#counters,
      ...this.#broadcaster.counters,
      viewers: this.#broadcaster.size,
      relayedViewers: this.#fleet.viewers,
      relays: this.#fleet.size,
      relayFailures: this.#fleet.failures,
      agents: board.visible(null).length,
      seq: board.seq,
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
    if (refusal !== null) return refuseSocket(refusal, connect.plain);
    const { viewersPerObject } = this.#settings;
    if (this.#broadcaster.size < viewersPerObject) return this.#sockets.admit(connect, now);
    const relay = this.#fleet.choose(this.ctx.id.name ?? "", connect.region, viewersPerObject);
    if (relay === null) return refuseSocket(CLOSE.tooManyViewers, connect.plain);
    return new Response(null, { headers: { [RELAY_HEADER]: relay } });
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    await this.#sockets.receive(socket, data, Date.now());
    // A resync asked for by a viewer that is too slow is answered once it has drained.
    this.#flushes.schedule();
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    await this.#sockets.close(socket, code);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#sockets.close(socket, 1006);
  }

  override async alarm(): Promise<void> {
    const now = Date.now();
    try {
      this.ctx.storage.transactionSync(() => this.#state.tick(now));
    } catch (error) {
      // As in `ingest`: nobody may be told what storage does not have. The platform rings again.
      this.ctx.abort("What time brought about could not be stored.");
      throw error;
    }
    this.#broadcaster.expire(now);
    this.#flushes.schedule();
    this.#tidy(now);
    this.#alarms.alarmFired();
    const due = this.#state.nextWake();
    this.#alarms.wakeBy(due === null ? null : Math.max(due, now + LOOK_EVERY_MS));
    this.#alarms.wakeBy(this.#broadcaster.nextWake(now));
  }

  #refusal(connect: ConnectRequest, now: number): CloseReason | null {
    if (this.#store.isRevoked(connect.subject, now)) return CLOSE.revoked;
    if (!this.#store.spendTicket(connect.ticketId, connect.ticketExpiresAt)) return CLOSE.ticketExpired;
    return null;
  }

  #tellSpoken(): void {
    const spoken = this.#spoken;
    this.#spoken = [];
    for (const said of spoken) {
      this.#broadcaster.transcript(said.contactId, said.turns, said.complete, said.groups);
      if (this.#fleet.size > 0) this.ctx.waitUntil(this.#fleet.spoken(said));
    }
  }

  #tidy(now: number): void {
    if (now - this.#tidiedAt < TIDY_EVERY_MS) return;
    this.#tidiedAt = now;
    this.#store.tidy(now);
  }
}

/** RFC 9110 §13.1.2: a list, compared weakly (an edge that compresses makes tags weak), or `*`. */
function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
