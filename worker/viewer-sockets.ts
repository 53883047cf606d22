import * as v from "valibot";
import { mayView } from "../core/board/visibility.ts";
import type { Broadcaster } from "../core/broadcast/broadcaster.ts";
import { RateLimiter } from "../core/broadcast/rate-limiter.ts";
import type { Viewer, ViewerPort } from "../core/broadcast/viewer.ts";
import type { Transcript } from "../core/state/transcripts.ts";
import { CLOSE, type CloseReason } from "../protocol/close-codes.ts";
import { type ClientMessage, clientMessageSchema, MAX_CLIENT_MESSAGE_BYTES, PING, PONG } from "../protocol/messages.ts";
import { type ConnectRequest, switchProtocols } from "./auth/connect-request.ts";
import type { Ticket } from "./auth/tickets.ts";
import { closeSocket } from "./sockets.ts";

/** What the sockets asks of the object it serves. A relay answers some of it by asking its primary. */
export interface ViewerSocketsHost {
  transcript(contactId: string): Transcript | Promise<Transcript>;
  /** Verifies and uses up a ticket for a longer session. */
  redeem(token: string): Promise<{ ok: true; ticket: Ticket } | { ok: false; reason: CloseReason }>;
  /** The set of watched contacts may have changed; settles once whoever sends turns knows. */
  watchChanged(): void | Promise<void>;
  /** A session ends at `at`: see to it that somebody looks then. */
  wakeBy(at: number): void;
}

/** What a socket carries through hibernation. The names are those of the first release: a socket may be older than the code. */
const attachmentSchema = v.pipe(
  v.object({
    id: v.string(),
    subject: v.string(),
    plain: v.boolean(),
    limit: v.nullable(v.array(v.string())),
    expiresAt: v.number(),
    watching: v.array(v.string()),
  }),
  v.transform(
    ({ plain, limit, watching, ...rest }): Viewer => ({ ...rest, plain, groupFilter: limit, watching: new Set(watching) }),
  ),
);

function toAttachment({ id, subject, plain, groupFilter, expiresAt, watching }: Viewer): v.InferInput<typeof attachmentSchema> {
  const limit = groupFilter === null ? null : [...groupFilter];
  return { id, subject, plain, limit, expiresAt, watching: [...watching] };
}

/** A supervisor reads one call; a wall of calls is still far below this. It bounds the attachment (16,384 bytes) too. */
const MAX_WATCHED = 20;

/** The hibernating WebSockets of one object: platform callbacks in, calls on the broadcaster out. */
export class ViewerSockets {
  readonly #ctx: DurableObjectState;
  readonly #broadcaster: Broadcaster;
  readonly #host: ViewerSocketsHost;
  readonly #rateLimiter = new RateLimiter();
  /** Viewer -> its messages that are still being answered. */
  readonly #answering = new Map<string, Promise<void>>();

  constructor(ctx: DurableObjectState, broadcaster: Broadcaster, host: ViewerSocketsHost) {
    this.#ctx = ctx;
    this.#broadcaster = broadcaster;
    this.#host = host;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  /** Seats the viewers whose sockets outlived the object's memory. */
  restore(): void {
    for (const socket of this.#ctx.getWebSockets()) {
      const known = v.safeParse(attachmentSchema, socket.deserializeAttachment());
      if (!known.success || socket.readyState !== WebSocket.OPEN) continue;
      this.#broadcaster.addSubscriber(known.output, portOf(socket));
    }
  }

  /** Accepts a socket, subscribers its viewer and sends the first frame. */
  admit(connect: ConnectRequest, now: number): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    const id = crypto.randomUUID();
    this.#ctx.acceptWebSocket(server, [id]);
    const { subject, plain, groupFilter, sessionEndsAt } = connect;
    this.#broadcaster.addSubscriber(
      { id, subject, plain, groupFilter, expiresAt: sessionEndsAt, watching: new Set() },
      portOf(server),
    );
    this.#remember(server, id);
    this.#broadcaster.sendFirstFrame(id, connect.position, now);
    this.#host.wakeBy(sessionEndsAt);
    return switchProtocols(client, plain);
  }

  async receive(socket: WebSocket, data: string | ArrayBuffer, now: number): Promise<void> {
    const id = this.#idOf(socket);
    if (id === null) return;
    const verdict = this.#rateLimiter.countMessage(id, now);
    if (verdict === "too many") return this.#dismiss(id, CLOSE.tooManyRequests);
    // A plain client has nothing to say and would not understand the answer.
    if (this.#broadcaster.viewer(id)?.plain === true) return;
    const message = parse(data);
    if (!message.ok) {
      this.#broadcaster.error(id, message.code, message.message);
      if (this.#rateLimiter.countViolation(id) === "enough") await this.#dismiss(id, CLOSE.badMessage);
      return;
    }
    await this.#inTurn(id, () => this.#handle(id, socket, message.message, now));
  }

  async close(socket: WebSocket, code: number): Promise<void> {
    closeSocket(socket, code, "");
    const [id] = this.#ctx.getTags(socket);
    if (id === undefined) return;
    // Also of a viewer the broadcaster has closed already.
    this.#rateLimiter.forget(id);
    const watched = (this.#broadcaster.viewer(id)?.watching.size ?? 0) > 0;
    this.#broadcaster.removeSubscriber(id);
    if (watched) await this.#host.watchChanged();
  }

  /**
   * One message of a viewer after the other. A relay's answer may wait for the primary: an `unwatch` sent meanwhile must not be
   * done before the `watch` it ends.
   */
  async #inTurn(id: string, answer: () => Promise<void> | void): Promise<void> {
    const before = this.#answering.get(id) ?? Promise.resolve();
    const answered = before.then(() => (this.#broadcaster.viewer(id) === undefined ? undefined : answer()));
    // Whoever waits behind it does not fail with it.
    const settled = answered.catch(() => {});
    this.#answering.set(id, settled);
    try {
      await answered;
    } finally {
      if (this.#answering.get(id) === settled) this.#answering.delete(id);
    }
  }

  async #handle(id: string, socket: WebSocket, message: ClientMessage, now: number): Promise<void> {
    switch (message.type) {
      case "resync":
        return this.#broadcaster.resync(id, now);
      case "unwatch":
        this.#broadcaster.watch(id, message.contactId, false);
        this.#remember(socket, id);
        return this.#host.watchChanged();
      case "watch":
        return this.#watch(id, socket, message.contactId);
      case "refresh":
        return this.#refresh(id, socket, message.ticket, now);
    }
  }

  async #watch(id: string, socket: WebSocket, contactId: string): Promise<void> {
    const viewer = this.#broadcaster.viewer(id);
    if (viewer === undefined) return;
    if (!viewer.watching.has(contactId) && viewer.watching.size >= MAX_WATCHED) {
      return this.#broadcaster.error(id, "too_many_watched", `At most ${MAX_WATCHED} contacts can be watched at a time.`);
    }
    const { groups } = await this.#host.transcript(contactId);
    if (!mayView(viewer.groupFilter, groups)) {
      return this.#broadcaster.error(id, "not_allowed", "This contact is not among those you may see.");
    }
    this.#broadcaster.watch(id, contactId, true);
    this.#remember(socket, id);
    await this.#host.watchChanged();
    // Read only now: a turn that came in between is either in here or on its way.
    const { turns, complete, groups: mayRead } = await this.#host.transcript(contactId);
    this.#broadcaster.transcript(contactId, turns, complete, mayRead, id);
  }

  async #refresh(id: string, socket: WebSocket, token: string, now: number): Promise<void> {
    const viewer = this.#broadcaster.viewer(id);
    const redeemed = await this.#host.redeem(token);
    if (viewer === undefined) return;
    if (!redeemed.ok) return this.#dismiss(id, redeemed.reason);
    if (redeemed.ticket.subject !== viewer.subject) return this.#dismiss(id, CLOSE.notAllowed);
    this.#broadcaster.renew(id, redeemed.ticket.sessionEndsAt, redeemed.ticket.groupFilter, now);
    this.#remember(socket, id);
    this.#host.wakeBy(redeemed.ticket.sessionEndsAt);
  }

  async #dismiss(id: string, reason: CloseReason): Promise<void> {
    this.#broadcaster.dismiss(id, reason);
    this.#rateLimiter.forget(id);
    await this.#host.watchChanged();
  }

  /** What must survive hibernation. */
  #remember(socket: WebSocket, id: string): void {
    const viewer = this.#broadcaster.viewer(id);
    if (viewer === undefined) return;
    socket.serializeAttachment(toAttachment(viewer));
  }

  #idOf(socket: WebSocket): string | null {
    const [id] = this.#ctx.getTags(socket);
    return id === undefined || this.#broadcaster.viewer(id) === undefined ? null : id;
  }
}

const encoder = new TextEncoder();

type Parsed = { ok: true; message: ClientMessage } | { ok: false; code: string; message: string };

function parse(data: string | ArrayBuffer): Parsed {
  if (typeof data !== "string") return { ok: false, code: "not_text", message: "Send text frames that hold JSON." };
  if (encoder.encode(data).length > MAX_CLIENT_MESSAGE_BYTES) {
    return { ok: false, code: "too_large", message: `A message has at most ${MAX_CLIENT_MESSAGE_BYTES} bytes.` };
  }
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    return { ok: false, code: "not_json", message: "The message is not valid JSON." };
  }
  const result = v.safeParse(clientMessageSchema, json);
  if (result.success) return { ok: true, message: result.output };
  return {
    ok: false,
    code: "unknown_message",
    message: "Expected one of watch, unwatch (contactId), refresh (ticket), resync.",
  };
}

function portOf(socket: WebSocket): ViewerPort {
  return {
    send(text) {
      // A peer that vanished is noticed by its close event, not here.
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close({ code, reason }) {
      closeSocket(socket, code, reason);
    },
    // Newer than the oldest runtime in production; where it is missing nobody is ever seen lagging.
    backlog: () => socket.bufferedAmount ?? 0,
  };
}
