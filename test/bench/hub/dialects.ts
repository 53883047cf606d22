import { randomUUID } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { issueTicket } from "../../../worker/auth/tickets.ts";
import { NCHAN_VIEWERS } from "./nchan-server.ts";
import type { ServerName } from "./server-options.ts";
import type { RunningServer } from "./servers.ts";
import { INSTANCE, TICKET_SECRET } from "./workerd-config.ts";

/** The kind of a message, read from its first bytes only. Reading must stay cheap, or the clients become the bottleneck. */
export type Read =
  | {
      kind: "list" | "change";
      /** The position after this message; null for servers without positions. */
      to: number | null;
      /** The offset from which the messages of two viewers must be equal. Their own times stand before it. */
      tail: number;
    }
  | { kind: "reply"; text: string }
  | { kind: "other" };

/** The way in which viewers and one server talk. */
export interface Dialect {
  /** Returns the path and the subprotocols of a viewer's socket. */
  address(position: string, groups: readonly string[] | null): Promise<{ path: string; protocols: string[] }>;
  read(data: Buffer): Read;
  /** Returns the JSON text within a message. */
  textOf(data: Buffer): string;
}

const SESSION_MS = 60 * 60_000;
const key = new Uint8Array(Buffer.from(TICKET_SECRET, "base64"));

/** `groups` null = no filter. */
export async function freshTicket(groups: readonly string[] | null = null): Promise<string> {
  const now = Date.now();
  const grant = { subject: "bench", groupFilter: groups, roles: [], sessionEndsAt: now + SESSION_MS };
  const { ticket } = await issueTicket([key], INSTANCE, grant, randomUUID(), now);
  return ticket;
}

/** The type and the position of a message stand within so many bytes. */
const HEAD_BYTES = 240;

const vigia: Dialect = {
  async address(position, groups) {
    const ticket = await freshTicket(groups);
    return { path: `/v1/instances/${INSTANCE}/live${position}`, protocols: ["hub.v1", `ticket.${ticket}`] };
  },
  read(data) {
    const head = data.toString("latin1", 0, Math.min(HEAD_BYTES, data.length));
    const tail = Math.max(0, head.indexOf('"data":'));
    if (head.startsWith('{"type":"agentStatusBatch"')) return { kind: "change", to: numberAfter(head, '"to":'), tail };
    if (head.startsWith('{"type":"initialAgentList"')) return { kind: "list", to: numberAfter(head, '"seq":'), tail };
    if (head.startsWith('{"type":"resumed"')) return { kind: "list", to: numberAfter(head, '"to":'), tail };
    return { kind: "other" };
  },
  textOf: (data) => data.toString(),
};

/** The first block of a packed frame is stored: a byte and two lengths stand before its text (RFC 1951 section 3.2.4). */
const STORED_HEAD_BYTES = 5;

/** Vigía's `hub.v1.z`. The head of a packed frame is read without decompression, so that the clients stay cheap. */
const compactVigia: Dialect = {
  async address(position, groups) {
    const { path, protocols } = await vigia.address(position, groups);
    return { path, protocols: ["hub.v1.z", ...protocols] };
  },
  read(data) {
    if (!isPacked(data)) return vigia.read(data);
    const read = vigia.read(data.subarray(STORED_HEAD_BYTES));
    // The position is in the head of each viewer's own. Behind it stands what all viewers share.
    if (!("tail" in read)) return read;
    const headBytes = data.readUInt16LE(1);
    return { ...read, tail: STORED_HEAD_BYTES + headBytes };
  },
  textOf: (data) => (isPacked(data) ? inflateRawSync(data).toString() : data.toString()),
};

/** A text begins with a brace, a packed frame with the header of a stored block. */
function isPacked(data: Buffer): boolean {
  return data[0] === 0;
}

/** Sends one list, then one frame for each update. */
const seedLike: Dialect = {
  address: async () => ({ path: "/", protocols: [] }),
  read: (data) => ({ kind: data.toString("latin1", 0, 26).includes("initialAgentList") ? "list" : "change", to: null, tail: 0 }),
  textOf: (data) => data.toString(),
};

/** Engine.IO packets: 0 open, 2 ping, 4 message. Socket.IO packets within a message: 0 connected, 2 event. */
const socketIo: Dialect = {
  address: async () => ({ path: "/socket.io/?EIO=4&transport=websocket", protocols: [] }),
  read(data) {
    const head = data.toString("latin1", 0, 60);
    if (head.startsWith("0")) return { kind: "reply", text: "40" };
    if (head.startsWith("2")) return { kind: "reply", text: "3" };
    if (!head.startsWith("42")) return { kind: "other" };
    return { kind: head.includes("initialAgentList") ? "list" : "change", to: null, tail: 0 };
  },
  textOf(data) {
    const event: unknown = JSON.parse(data.toString().slice(2));
    return Array.isArray(event) ? String(event[1]) : "";
  },
};

/** Sends the whole state for each update. A viewer's first state is its list. */
const agentsSdk: Dialect = {
  address: async () => ({ path: "/", protocols: [] }),
  read(data) {
    const tail = data.toString("latin1", Math.max(0, data.length - 60), data.length);
    const isState = data.toString("latin1", 0, 60).includes("cf_agent_state") || tail.includes("cf_agent_state");
    return isState ? { kind: "change", to: null, tail: 0 } : { kind: "other" };
  },
  textOf: (data) => data.toString(),
};

/** The peers that conflate: frames like Vigía's, no ticket. */
const conflating: Dialect = { ...vigia, address: async () => ({ path: "/", protocols: [] }) };
const nchan: Dialect = { ...vigia, address: async () => ({ path: NCHAN_VIEWERS, protocols: [] }) };

const DIALECTS: Readonly<Record<ServerName, Dialect>> = {
  vigia,
  "bare-conflating": conflating,
  "bare-whole": conflating,
  "node-whole": conflating,
  "bun-whole": conflating,
  nchan,
  bare: seedLike,
  party: seedLike,
  "node-ws": seedLike,
  "socket-io": socketIo,
  "agents-sdk": agentsSdk,
};

/** `compact`: the viewers of Vigía speak `hub.v1.z`. */
export function dialectOf(server: RunningServer, compact = false): Dialect {
  return compact && server.name === "vigia" ? compactVigia : DIALECTS[server.name];
}

function numberAfter(head: string, name: string): number {
  const from = head.indexOf(name) + name.length;
  return Number.parseInt(head.slice(from, from + 15), 10);
}
