import { createServer } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { WebSocketServer } from "ws";
import { ConflatingBoard } from "./conflating-board.ts";
import { announcePort } from "./control.ts";
import { isSigned, SignedStore } from "./signed-store.ts";

/** `ws` and `node:sqlite` on Node with the whole job: signature, storage, one frame for each window. */
const secret = process.env["SIGNING_SECRET"] ?? "";
const store = new SignedStore(new DatabaseSync(join(process.env["STATE"] ?? "", "board.sqlite")));
const board = new ConflatingBoard(Number(process.env["AGENTS"]), (frame) => {
  const bytes = Buffer.from(frame);
  for (const socket of sockets.clients) socket.send(bytes, { binary: false });
});
const http = createServer(async (request, response) => {
  if (request.method === "GET") return response.end(board.listFrame());
  const body = await text(request);
  const header = (name: string) => String(request.headers[name]);
  if (!isSigned(secret, header, body)) return response.writeHead(401).end();
  const answer = store.once(header("webhook-id"), (save) => board.applyPost(body, save));
  return response.end(answer ?? '{"accepted":0}');
});
// A connection that waits for the next post stays open.
http.keepAliveTimeout = 0;
const sockets = new WebSocketServer({ server: http, perMessageDeflate: process.env["DEFLATE"] === "1" });
sockets.on("connection", (socket) => socket.send(board.listFrame()));
announcePort(http.listen(0, "127.0.0.1"));
