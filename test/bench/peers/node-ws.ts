import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { WebSocketServer } from "ws";
import { applyUpdate, firstAgents, frame, listFrame, type PeerUpdate } from "./board.ts";
import { announcePort } from "./control.ts";

/** A plain Node server with `ws`: one frame for each update. With `DEFLATE` it accepts the compression that a client offers. */
const agents = new Map(firstAgents(Number(process.env["AGENTS"])).map((agent) => [agent.agentId, agent]));
const http = createServer(async (request, response) => {
  if (request.method === "GET") return response.end(listFrame(agents));
  const { updates } = (await json(request)) as { updates: PeerUpdate[] };
  for (const update of updates) {
    const text = frame(applyUpdate(agents, update));
    for (const socket of sockets.clients) socket.send(text);
  }
  return response.end(JSON.stringify({ accepted: updates.length }));
});
// A connection that waits for the next post stays open.
http.keepAliveTimeout = 0;
const sockets = new WebSocketServer({ server: http, perMessageDeflate: process.env["DEFLATE"] === "1" });
sockets.on("connection", (socket) => socket.send(listFrame(agents)));
announcePort(http.listen(0, "127.0.0.1"));
