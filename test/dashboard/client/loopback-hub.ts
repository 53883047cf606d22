import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { ServerMessage } from "../../../protocol/messages.ts";

export interface LoopbackViewer {
  socket: WebSocket;
  /** The path and query of the request. */
  path: string;
  protocols: string[];
  /** All messages of the client except pings. */
  messages: unknown[];
  pings: number;
  send(message: ServerMessage | string): void;
}

/** A hub on the loopback interface, with real sockets. It sends only the frames that a test asks for. */
export class LoopbackHub {
  readonly viewers: LoopbackViewer[] = [];
  /** Returns the first frame for a new viewer, or null to send none. */
  greeting: (path: string) => ServerMessage | null = () => null;
  /** Closes each new socket with this code instead of sending a first frame. */
  refuseWith: number | null = null;
  answersPings = true;
  /** Whether it answers `hub.v1.z` to clients that offer it. */
  compact = false;
  /** While false, the hub answers every attempt to connect with HTTP 503. */
  available = true;
  /** Answers `GET …/agents`. */
  poll: (response: ServerResponse, headers: IncomingHttpHeaders) => void = (response) => response.writeHead(503).end();
  readonly #http: Server;
  readonly #server: WebSocketServer;

  private constructor() {
    this.#http = createServer(({ headers }, response) => this.poll(response, headers));
    this.#server = new WebSocketServer({
      server: this.#http,
      handleProtocols: (offered) => (this.compact && offered.has("hub.v1.z") ? "hub.v1.z" : "hub.v1"),
      verifyClient: (_info, answer) => answer(this.available, 503),
    });
    this.#server.on("connection", (socket, request) => {
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

  static async start(): Promise<LoopbackHub> {
    const hub = new LoopbackHub();
    await new Promise<void>((resolve) => hub.#http.listen(0, "127.0.0.1", resolve));
    return hub;
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#http.address();
    if (address === null || typeof address === "string")
      throw new Error("The loopback hub is not listening. Await LoopbackHub.start() first.");
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The newest viewer. */
  get last(): LoopbackViewer {
    const viewer = this.viewers.at(-1);
    if (viewer === undefined) throw new Error("The loopback hub has no viewer yet. Wait until the client has connected.");
    return viewer;
  }

  get openSockets(): number {
    return this.#server.clients.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
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
