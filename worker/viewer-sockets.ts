import { mayView } from "../core/board/visibility.ts";
import type { Broadcaster } from "../core/broadcast/broadcaster.ts";
import { RateLimiter } from "../core/broadcast/rate-limiter.ts";
import type { Viewer, ViewerPort } from "../core/broadcast/viewer.ts";
import { WorkLimiter } from "../core/broadcast/work-limiter.ts";
import type { ReadableTranscript } from "../core/state/transcripts.ts";
import { CLOSE, type CloseReason } from "../protocol/close-codes.ts";
import { type ClientMessage, PING, PONG } from "../protocol/messages.ts";
import { type ConnectRequest, switchProtocols } from "./auth/connect-request.ts";
import type { Ticket } from "./auth/tickets.ts";
import { readClientMessage } from "./client-message.ts";
import { QueueWatches } from "./queue-watches.ts";
import { closeSocket, refuseSocket } from "./sockets.ts";
import { readAttachment, saveAttachment } from "./viewer-attachment.ts";
import { viewerPort } from "./viewer-port.ts";
import type { WatchedQueue } from "./watched-queue.ts";

/** The object that the sockets belong to. A relay answers some of these calls by asking its primary. */
export interface ViewerSocketsHost {
  /** The groups of the agents that hold (or held last) the contact. */
  groupsOf(contactId: string): readonly string[] | Promise<readonly string[]>;
  transcript(contactId: string): ReadableTranscript | Promise<ReadableTranscript>;
  /** Verifies and uses up a ticket for a longer session. */
  redeemTicket(token: string): Promise<{ ok: true; ticket: Ticket } | { ok: false; reason: CloseReason }>;
  /** The waiting contacts of a queue; null = there is no such queue. */
  watchedQueue(queueId: string): WatchedQueue | null | Promise<WatchedQueue | null>;
  /** Acknowledges an alert in the name of the viewer. Returns false when no such alert fires among those that it may see. */
  acknowledge(alertId: string, viewer: Viewer): boolean | Promise<boolean>;
  /** The set of watched contacts may have changed. Settles once the object that sends turns knows. */
  watchChanged?(): void | Promise<void>;
  /** Asks to be woken at `at` (epoch ms), when a session ends. */
  wakeBy(at: number): void;
}

/** A supervisor reads one call, and a wall of calls is far below this. The limit bounds the attachment (16,384 bytes) too. */
const MAX_WATCHED = 20;
/**
 * Turns that a viewer may be sent at once by its watches, and per second. A call of an hour has 800. The object reads and parses
 * each, at about 10 µs.
 */
const TURNS_AT_ONCE = 4000;
const TURNS_PER_SECOND = 400;

/** The hibernating WebSockets of one object: it turns platform callbacks into calls on the broadcaster. */
export class ViewerSockets {
  readonly #ctx: DurableObjectState;
  readonly #broadcaster: Broadcaster;
  readonly #host: ViewerSocketsHost;
  readonly #rateLimiter = new RateLimiter();
  /** Viewer -> its messages that are still being answered. */
  readonly #answering = new Map<string, Promise<void>>();
  readonly #turnLimiter = new WorkLimiter(TURNS_AT_ONCE, TURNS_PER_SECOND);
  /** The transcript that is being read. The next one waits for it, and lets waiting work go first. */
  #reading: Promise<void> = Promise.resolve();
  readonly queues: QueueWatches;

  constructor(ctx: DurableObjectState, broadcaster: Broadcaster, host: ViewerSocketsHost) {
    this.#ctx = ctx;
    this.#broadcaster = broadcaster;
    this.#host = host;
    this.queues = new QueueWatches(broadcaster, (queueId) => host.watchedQueue(queueId));
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  /** Adds the viewers whose sockets outlived the object's memory. */
  restoreViewers(): void {
    for (const socket of this.#ctx.getWebSockets()) {
      const viewer = readAttachment(socket);
      if (viewer === null || socket.readyState !== WebSocket.OPEN) continue;
      this.#broadcaster.addSubscriber(viewer, this.#portOf(socket, viewer.id));
      this.queues.restore(viewer.id, socket);
    }
  }

  /** Accepts a socket, adds its viewer and sends the first frame. What may fail comes before the viewer has a place. */
  acceptViewer(connect: ConnectRequest, now: number): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    const id = crypto.randomUUID();
    const { subject, name, roles, legacy, compact, groupFilter, sessionEndsAt } = connect;
    const viewer = {
      id,
      subject,
      name,
      roles,
      legacy,
      compact,
      groupFilter,
      expiresAt: sessionEndsAt,
      watching: new Set<string>(),
    };
    if (!saveAttachment(server, viewer)) return refuseSocket(CLOSE.notAllowed, connect);
    try {
      this.#ctx.acceptWebSocket(server, [id]);
    } catch {
      // The platform takes 32,768 sockets per object (Cloudflare docs, Durable Objects limits).
      return refuseSocket(CLOSE.tooManyViewers, connect);
    }
    this.#broadcaster.addSubscriber(viewer, this.#portOf(server, id));
    this.#broadcaster.sendFirstFrame(id, connect.position, now);
    this.#host.wakeBy(sessionEndsAt);
    return switchProtocols(client, connect);
  }

  async receiveMessage(socket: WebSocket, data: string | ArrayBuffer, now: number): Promise<void> {
    const id = this.#idOf(socket);
    if (id === null) return;
    // The alarm may be late.
    if ((this.#broadcaster.viewer(id)?.expiresAt ?? now) <= now) return this.#closeViewer(id, CLOSE.ticketExpired);
    const verdict = this.#rateLimiter.countMessage(id, now);
    if (verdict === "too many") return this.#closeViewer(id, CLOSE.tooManyRequests);
    // A legacy client sends nothing, and would not understand the answer.
    if (this.#broadcaster.viewer(id)?.legacy === true) return;
    const message = readClientMessage(data);
    if (!message.ok) {
      this.#broadcaster.sendError(id, message.code, message.message);
      if (this.#rateLimiter.countViolation(id) === "enough") await this.#closeViewer(id, CLOSE.badMessage);
      return;
    }
    await this.#inOrder(id, () => this.#answer(id, socket, message.message, now));
  }

  async closeSocket(socket: WebSocket, code: number): Promise<void> {
    closeSocket(socket, code, "");
    const [id] = this.#ctx.getTags(socket);
    if (id === undefined) return;
    // The broadcaster may have closed the viewer already.
    this.#forget(id);
    const watched = (this.#broadcaster.viewer(id)?.watching.size ?? 0) > 0;
    this.#broadcaster.removeSubscriber(id);
    if (watched) await this.#host.watchChanged?.();
  }

  /**
   * Answers one message of a viewer after the other. A relay's answer may wait for the primary, and an `unwatch` sent meanwhile
   * must not overtake the `watch` that it ends.
   */
  async #inOrder(id: string, answer: () => Promise<void> | void): Promise<void> {
    const before = this.#answering.get(id) ?? Promise.resolve();
    const answered = before.then(() => (this.#broadcaster.viewer(id) === undefined ? undefined : answer()));
    // The next message does not fail with this one.
    const settled = answered.catch(() => {});
    this.#answering.set(id, settled);
    try {
      await answered;
    } finally {
      if (this.#answering.get(id) === settled) this.#answering.delete(id);
    }
  }

  async #answer(id: string, socket: WebSocket, message: ClientMessage, now: number): Promise<void> {
    switch (message.type) {
      case "resync":
        return this.#broadcaster.resync(id, now);
      case "unwatch": {
        this.#broadcaster.setWatching(id, message.contactId, false);
        this.#keep(id, socket);
        return this.#host.watchChanged?.();
      }
      case "watch":
        try {
          return await this.#watch(id, socket, message.contactId);
        } catch {
          const text = "The hub cannot read this contact now. Send watch again.";
          return this.#broadcaster.sendError(id, "unavailable", text, { contactId: message.contactId });
        }
      case "watchQueue":
        return this.queues.watch(id, message.queueId, socket, now);
      case "unwatchQueue":
        return this.queues.unwatch(id, message.queueId);
      case "acknowledge":
        return this.#acknowledge(id, message.alertId);
      case "pace":
        return this.#setPace(id, socket, message.intervalMs, now);
      case "refresh":
        return this.#refresh(id, socket, message.ticket, now);
    }
  }

  async #watch(id: string, socket: WebSocket, contactId: string): Promise<void> {
    const viewer = this.#broadcaster.viewer(id);
    if (viewer === undefined) return;
    if (!viewer.watching.has(contactId) && viewer.watching.size >= MAX_WATCHED) {
      const message = `A viewer can watch at most ${MAX_WATCHED} contacts at a time. Send unwatch for one of them first.`;
      return this.#broadcaster.sendError(id, "too_many_watched", message, { contactId });
    }
    const groups = await this.#host.groupsOf(contactId);
    if (!mayView(viewer.groupFilter, groups)) {
      return this.#broadcaster.sendError(
        id,
        "not_allowed",
        "This contact is not among those you may see. Watch a contact of an agent on your board.",
        { contactId },
      );
    }
    // The viewer may have left, or its session may have changed, while the host answered.
    const current = this.#broadcaster.viewer(id);
    if (current === undefined) return;
    if (!saveAttachment(socket, { ...current, watching: new Set([...current.watching, contactId]) })) {
      const message = "The groups and watched contacts of this viewer take too much room. Send unwatch for one of them first.";
      return this.#broadcaster.sendError(id, "too_many_watched", message, { contactId });
    }
    this.#broadcaster.setWatching(id, contactId, true);
    await this.#host.watchChanged?.();
    // Read the turns only now: a turn that came in between is either among them or on its way.
    await this.#sendTranscript(id, contactId);
  }

  /** A viewer learns nothing about an alert that it may not see: not even whether there is one. */
  async #acknowledge(id: string, alertId: string): Promise<void> {
    const viewer = this.#broadcaster.viewer(id);
    if (viewer === undefined) return;
    if (viewer.roles?.includes("supervisor") !== true) {
      const text = "Only a supervisor may acknowledge alerts. Ask an admin for the role.";
      return this.#broadcaster.sendError(id, "not_allowed", text, { alertId });
    }
    try {
      if (await this.#host.acknowledge(alertId, viewer)) return;
    } catch {
      const text = "The hub cannot acknowledge this alert now. Send acknowledge again.";
      return this.#broadcaster.sendError(id, "unavailable", text, { alertId });
    }
    const text = "No such alert fires among those you may see. Choose one of the list of alerts.";
    this.#broadcaster.sendError(id, "not_allowed", text, { alertId });
  }

  #setPace(id: string, socket: WebSocket, intervalMs: number, now: number): void {
    this.#broadcaster.setPace(id, intervalMs, now);
    this.#keep(id, socket);
  }

  /** Writes down what must outlive the sleep of the object. */
  #keep(id: string, socket: WebSocket): void {
    const viewer = this.#broadcaster.viewer(id);
    if (viewer !== undefined) saveAttachment(socket, viewer);
  }

  /** Sends the turns so far, one transcript of one viewer after the other. A viewer that has read much waits. */
  async #sendTranscript(id: string, contactId: string): Promise<void> {
    const now = Date.now();
    const freeAt = this.#turnLimiter.freeAt(id, now);
    if (freeAt > now) await scheduler.wait(freeAt - now);
    const sent = this.#reading.then(() => this.#readAndSend(id, contactId));
    // A waiting post goes first, and the next transcript does not fail with this one.
    this.#reading = sent.then(
      () => scheduler.wait(0),
      () => {},
    );
    await sent;
  }

  async #readAndSend(id: string, contactId: string): Promise<void> {
    if (this.#broadcaster.viewer(id)?.watching.has(contactId) !== true) return;
    const { turns, complete, groups, truncated } = await this.#host.transcript(contactId);
    this.#turnLimiter.count(id, turns.length, Date.now());
    this.#broadcaster.sendTranscript(id, contactId, turns, complete, groups, Date.now(), truncated);
  }

  async #refresh(id: string, socket: WebSocket, token: string, now: number): Promise<void> {
    const viewer = this.#broadcaster.viewer(id);
    const redeemed = await this.#host.redeemTicket(token);
    if (viewer === undefined) return;
    if (!redeemed.ok) return this.#closeViewer(id, redeemed.reason);
    if (redeemed.ticket.subject !== viewer.subject) return this.#closeViewer(id, CLOSE.notAllowed);
    const { sessionEndsAt: expiresAt, groupFilter, roles, name } = redeemed.ticket;
    const current = this.#broadcaster.viewer(id);
    if (current === undefined) return;
    if (!saveAttachment(socket, { ...current, expiresAt, groupFilter, roles, name }))
      return this.#closeViewer(id, CLOSE.notAllowed);
    this.#broadcaster.renewSession(id, expiresAt, groupFilter, now, { roles, name });
    this.queues.startAnew(id, now);
    this.#host.wakeBy(redeemed.ticket.sessionEndsAt);
  }

  async #closeViewer(id: string, reason: CloseReason): Promise<void> {
    this.#broadcaster.closeViewer(id, reason);
    this.#forget(id);
    await this.#host.watchChanged?.();
  }

  #forget(id: string): void {
    this.#rateLimiter.forgetViewer(id);
    this.#turnLimiter.forget(id);
    this.queues.forget(id);
  }

  #idOf(socket: WebSocket): string | null {
    const [id] = this.#ctx.getTags(socket);
    return id === undefined || this.#broadcaster.viewer(id) === undefined ? null : id;
  }

  #portOf(socket: WebSocket, id: string): ViewerPort {
    return viewerPort(socket, (contactId) => {
      this.#ctx.waitUntil(this.#inOrder(id, () => this.#sendTranscript(id, contactId)).catch(() => {}));
    });
  }
}
