import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { Server } from "socket.io";
import { applyUpdate, firstAgents, frame, listFrame, type PeerUpdate } from "./board.ts";
import { announcePort } from "./control.ts";

/** socket.io with connection state recovery, which its documentation recommends for missed events. One event for each update. */
const agents = new Map(firstAgents(Number(process.env["AGENTS"])).map((agent) => [agent.agentId, agent]));
const http = createServer(async (request, response) => {
  if (request.url?.startsWith("/socket.io/")) return;
  if (request.method === "GET") {
    response.end(listFrame(agents));
    return;
  }
  const { updates } = (await json(request)) as { updates: PeerUpdate[] };
  for (const update of updates) io.emit("message", frame(applyUpdate(agents, update)));
  response.end(JSON.stringify({ accepted: updates.length }));
});
// A connection that waits for the next post stays open.
http.keepAliveTimeout = 0;
const io = new Server(http, { transports: ["websocket"], connectionStateRecovery: {} });
io.on("connection", (socket) => socket.emit("message", listFrame(agents)));
announcePort(http.listen(0, "127.0.0.1"));
