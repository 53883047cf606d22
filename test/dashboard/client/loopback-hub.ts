import type { AddressInfo } from "node:net";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { ServerMessage } from "../../../protocol/messages.ts";

export interface LoopbackViewer {
  socket: WebSocket;
  /** The request's path and query. */
  path: string;
  protocols: string[];
  /** Everything the client has sent, pings left out. */
  messages: unknown[];
  pings: number;
  send(message: ServerMessage | string): void;
}

/** A hub on the loopback interface, with real sockets. It sends only the frames that a test asks for. */
export class LoopbackHub {
  readonly viewers: LoopbackViewer[] = [];
  /** Returns the first frame for a new viewer, or null to send none. */
  greeting: (path: string) => ServerMessage | null = () => null;
  /** Ends a new socket with this code instead of greeting it. */
  refuseWith: number | null = null;
  answersPings = true;
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on("connection", (socket, request) => {
      const viewer: LoopbackViewer = {
        socket,
        path: request.url ?? "",
        protocols: (request.headers["sec-websocket-protocol"] ?? "").split(",").map((word) => word.trim()),
        messages: [],
        pings: 0,
        send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
      };
      this.viewers.push(viewer);
      socket.on("message", (data) => this.#messageReceived(viewer, data));
      if (this.refuseWith !== null) return socket.close(this.refuseWith);
      const greeting = this.greeting(viewer.path);
      if (greeting !== null) viewer.send(greeting);
    });
  }

  static async start(port = 0): Promise<LoopbackHub> {
    const server = new WebSocketServer({ host: "127.0.0.1", port, handleProtocols: () => "hub.v1" });
    await new Promise((resolve) => server.once("listening", resolve));
    return new LoopbackHub(server);
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The loopback hub is not listening.");
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The newest viewer. */
  get last(): LoopbackViewer {
    const viewer = this.viewers.at(-1);
    if (viewer === undefined) throw new Error("No viewer has come yet.");
    return viewer;
  }

  get open(): number {
    return this.#server.clients.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #messageReceived(viewer: LoopbackViewer, data: RawData): void {
    const text = data.toString();
    if (text !== "ping") {
      viewer.messages.push(JSON.parse(text));
      return;
    }
    viewer.pings += 1;
    if (this.answersPings) viewer.send("pong");
  }
}
