import { runInDurableObject } from "cloudflare:test";
import { Board } from "../../core/board/board.ts";
import { Broadcaster } from "../../core/broadcast/broadcaster.ts";
import { AGENTS } from "../../core/state/agent-row.ts";
import type { ReadableTranscript } from "../../core/state/transcripts.ts";
import type { ConnectRequest } from "../../worker/auth/connect-request.ts";
import type { Ticket } from "../../worker/auth/tickets.ts";
import { ViewerSockets, type ViewerSocketsHost } from "../../worker/viewer-sockets.ts";
import { center, freshInstance } from "./support.ts";
import { TestViewer } from "./viewer.ts";

/** The broadcaster closes sessions that are over by the real clock. */
export const NOW = Date.now();
export const READABLE: ReadableTranscript = { turns: [], complete: false, truncated: false, groups: [] };

export const A_TURN = {
  role: "agent",
  beginMs: 0,
  endMs: 1,
  text: "Hola",
  final: true,
  sentiment: null,
  occurredAt: NOW,
} as const;

export const connect: ConnectRequest = {
  subject: "ana",
  groupFilter: null,
  roles: [],
  sessionEndsAt: NOW + 3_600_000,
  ticketId: "t1",
  ticketExpiresAt: NOW + 60_000,
  legacy: false,
  region: "enam",
  position: null,
};

export function ticketFor(fields: Partial<Ticket> = {}): Ticket {
  return {
    id: "t2",
    subject: "ana",
    groupFilter: null,
    roles: [],
    sessionEndsAt: NOW + 7_200_000,
    expiresAt: NOW + 60_000,
    ...fields,
  };
}

export interface SocketsStage {
  sockets: ViewerSockets;
  broadcaster: Broadcaster;
  ctx: DurableObjectState;
  /** What the sockets asked of their host, in order. */
  asked: string[];
  /** Opens a viewer and returns the hub's end and the viewer's. */
  openViewer(fields?: Partial<ConnectRequest>): { server: WebSocket; viewer: TestViewer };
}

/** A context whose sockets do not hibernate, so that their events do not reach the object in which the test runs. */
function contextWithOwnSockets(state: DurableObjectState): DurableObjectState {
  const tags = new Map<WebSocket, string[]>();
  const own: Partial<DurableObjectState> = {
    acceptWebSocket(socket, given) {
      socket.accept();
      tags.set(socket, given ?? []);
    },
    getWebSockets: () => [...tags.keys()],
    getTags: (socket) => tags.get(socket) ?? [],
    setWebSocketAutoResponse() {},
  };
  return new Proxy(state, { get: (target, key) => Reflect.get(own, key) ?? Reflect.get(target, key) });
}

/** Runs `check` with sockets of their own inside an object. The host answers at once unless `host` says otherwise. */
export async function onStage(host: Partial<ViewerSocketsHost>, check: (stage: SocketsStage) => Promise<void>): Promise<void> {
  await runInDurableObject(center(freshInstance()), async (_, state) => {
    const ctx = contextWithOwnSockets(state);
    const asked: string[] = [];
    const board = new Board("an epoch");
    board.addCollection(AGENTS);
    const broadcaster = new Broadcaster(board);
    const sockets = new ViewerSockets(ctx, broadcaster, {
      watchedQueue: (queueId) => host.watchedQueue?.(queueId) ?? null,
      groupsOf: (contactId) => {
        asked.push(`groups ${contactId}`);
        return host.groupsOf?.(contactId) ?? READABLE.groups;
      },
      transcript: (contactId) => {
        asked.push(`transcript ${contactId}`);
        return host.transcript?.(contactId) ?? READABLE;
      },
      redeemTicket: async (token) => host.redeemTicket?.(token) ?? { ok: true, ticket: ticketFor() },
      watchChanged: () => {
        asked.push(`watching ${[...broadcaster.watchedContacts()].join(" ")}`.trim());
        return host.watchChanged?.();
      },
      acknowledge: (alertId, viewer) => {
        asked.push(`acknowledge ${alertId} as ${viewer.name ?? viewer.subject}`);
        return host.acknowledge?.(alertId, viewer) ?? true;
      },
      wakeBy: (at) => asked.push(`wake by ${at - NOW}`),
    });
    const openViewer = (fields: Partial<ConnectRequest> = {}) => {
      const { webSocket } = sockets.acceptViewer({ ...connect, ...fields }, NOW);
      const server = ctx.getWebSockets().at(-1);
      if (webSocket == null || server === undefined) throw new Error("The sockets accepted no viewer.");
      return { server, viewer: new TestViewer(webSocket) };
    };
    await check({ sockets, broadcaster, ctx, asked, openViewer });
  });
}

export const say = (message: object) => JSON.stringify(message);
export const watch = (contactId: string) => say({ type: "watch", contactId });
export const unwatch = (contactId: string) => say({ type: "unwatch", contactId });

/** A promise that the test settles. */
export function pending<Value>() {
  let settle: (value: Value) => void = () => {};
  const promise = new Promise<Value>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}
