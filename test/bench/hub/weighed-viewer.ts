import { randomUUID } from "node:crypto";
import WebSocket from "ws";
import { issueTicket } from "../../../worker/auth/tickets.ts";
import { until } from "../measure/processes.ts";
import type { RunningServer } from "./servers.ts";
import { INSTANCE, TICKET_SECRET } from "./workerd-config.ts";

const SESSION_MS = 60 * 60_000;
const key = new Uint8Array(Buffer.from(TICKET_SECRET, "base64"));

export interface WeighedViewer {
  socket: WebSocket;
  /** The position of the newest frame. */
  position: number;
  lists: number;
  closed: number | null;
}

/** Opens a socket. `groups` null = no filter. Resolves when the first frame is there. */
export async function openViewer(
  server: RunningServer,
  groups: readonly string[] | null,
  subject: string,
): Promise<WeighedViewer> {
  const now = Date.now();
  const grant = { subject, groupFilter: groups, roles: [], sessionEndsAt: now + SESSION_MS };
  const { ticket } = await issueTicket([key], INSTANCE, grant, randomUUID(), now);
  const protocols = ["hub.v1", `ticket.${ticket}`];
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/instances/${INSTANCE}/live`, protocols, {
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  const viewer: WeighedViewer = { socket, position: -1, lists: 0, closed: null };
  socket.on("error", () => {});
  socket.on("close", (code) => {
    viewer.closed = code;
  });
  socket.on("message", (data: Buffer) => {
    const head = data.toString("latin1", 0, 240);
    const at = /"(?:to|seq)":(\d+)/.exec(head.replace(/"from":\d+,/, ""))?.[1];
    if (head.startsWith('{"type":"initialAgentList"')) viewer.lists += 1;
    if (at !== undefined) viewer.position = Number(at);
  });
  await until(`the first frame of ${subject}`, 120_000, () => viewer.position >= 0 || viewer.closed !== null);
  return viewer;
}
