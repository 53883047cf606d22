// Runs on Bun: `bun bun-whole.ts`.
import { Database } from "bun:sqlite";
import { writeSync } from "node:fs";
import { join } from "node:path";
import { ConflatingBoard } from "./conflating-board.ts";
import { isSigned, SignedStore } from "./signed-store.ts";

/** Bun's own server and SQLite with the whole job. With `DEFLATE` all sockets share one compressor. */
const secret = process.env["SIGNING_SECRET"] ?? "";
const deflate = process.env["DEFLATE"] === "1";
const store = new SignedStore(new Database(join(process.env["STATE"] ?? "", "board.sqlite")));
const board = new ConflatingBoard(Number(process.env["AGENTS"]), (frame) => server.publish("board", frame, deflate));
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request: Request, own: Bun.Server): Promise<Response | undefined> {
    if (request.headers.get("upgrade") === "websocket" && own.upgrade(request)) return undefined;
    if (request.method === "GET") return new Response(board.listFrame());
    const body = await request.text();
    const header = (name: string) => request.headers.get(name) ?? "";
    if (!isSigned(secret, header, body)) return new Response(null, { status: 401 });
    return new Response(store.once(header("webhook-id"), (save) => board.applyPost(body, save)) ?? '{"accepted":0}');
  },
  websocket: {
    perMessageDeflate: deflate ? { compress: "shared", decompress: "shared" } : false,
    open(socket: Bun.ServerWebSocket) {
      socket.subscribe("board");
      socket.send(board.listFrame(), deflate);
    },
    message() {},
  },
});
writeSync(3, `${JSON.stringify({ event: "listen", port: server.port })}\n`);
