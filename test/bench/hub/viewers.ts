import type { Socket } from "node:net";
import WebSocket from "ws";
import { pause, until } from "../measure/processes.ts";
import { type Dialect, dialectOf, type Read } from "./dialects.ts";
import type { RunningServer } from "./servers.ts";

/** One message that several viewers received. `lastAt` is the time at which the last of them had it. */
export interface SharedFrame {
  data: Buffer;
  tail: number;
  to: number | null;
  viewers: number;
  lastAt: number;
}

interface Viewer {
  socket: WebSocket;
  position: number;
  frames: SharedFrame[];
  fault: string | null;
}

/** Viewers that received equal messages. */
export interface Group {
  frames: readonly SharedFrame[];
  viewers: number;
}

export interface BenchViewerOptions {
  deflate?: boolean;
  /** `?epoch=…&seq=…` to resume from. */
  position?: string;
  /** Returns the group filter of a viewer by its number; null = no filter. */
  groupsOf?: (viewer: number) => readonly string[] | null;
}

/** Sockets opened at a time. */
const WIDTH = 100;

type Content = Extract<Read, { tail: number }>;

/**
 * Viewers of one server in this process. Compares every message byte by byte with the message that another viewer received in
 * the same place, and keeps one copy. So receiving stays cheap, and one board is checked for all viewers with equal messages.
 */
export class Viewers {
  readonly #server: RunningServer;
  readonly #dialect: Dialect;
  readonly #viewers: Viewer[] = [];
  readonly #byPlace: SharedFrame[] = [];
  readonly #others = new Map<number | null, SharedFrame[]>();

  /** `compact`: they speak `hub.v1.z`. */
  constructor(server: RunningServer, compact = false) {
    this.#server = server;
    this.#dialect = dialectOf(server, compact);
  }

  /** Returns the JSON text within a message. */
  textOf(data: Buffer): string {
    return this.#dialect.textOf(data);
  }

  /** Wire bytes that all viewers together have received so far. */
  get bytesRead(): number {
    return this.#viewers.reduce((total, { socket }) => total + (socketOf(socket)?.bytesRead ?? 0), 0);
  }

  /** Frames with agents that all viewers together have received so far. */
  get frames(): number {
    return this.#viewers.reduce((total, { frames }) => total + frames.length, 0);
  }

  /** Sends a message from every viewer. */
  sendMessage(message: object): void {
    for (const { socket } of this.#viewers) socket.send(JSON.stringify(message));
  }

  /** The position of the first viewer. */
  get position(): number {
    return this.#viewers[0]?.position ?? 0;
  }

  /** Opens `count` more and waits until each has its first list. */
  async open(count: number, { deflate = false, position = "", groupsOf = () => null }: BenchViewerOptions = {}): Promise<void> {
    const queue = Array.from({ length: count }, (_, index) => index).values();
    const lane = async () => {
      for (const index of queue) await this.#openOne(deflate, position, groupsOf(index));
    };
    await Promise.all(Array.from({ length: WIDTH }, lane));
  }

  async #openOne(deflate: boolean, position: string, groups: readonly string[] | null): Promise<void> {
    const { path, protocols } = await this.#dialect.address(position, groups);
    const socket = new WebSocket(`ws://127.0.0.1:${this.#server.port}${path}`, protocols, {
      perMessageDeflate: deflate,
      skipUTF8Validation: true,
    });
    const viewer: Viewer = { socket, position: 0, frames: [], fault: null };
    this.#viewers.push(viewer);
    await new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.on("close", (code) => {
        viewer.fault = `a viewer was closed with ${code}`;
        reject(new Error(`A viewer of ${this.#server.name} was closed with ${code}.`));
      });
      socket.on("message", (data: Buffer) => {
        const read = this.#dialect.read(data);
        if (read.kind === "reply") socket.send(read.text);
        else if (read.kind !== "other") {
          this.#receive(viewer, data, read);
          resolve();
        }
      });
    });
  }

  #receive(viewer: Viewer, data: Buffer, read: Content): void {
    const frame = this.#shared(viewer.frames.length, data, read);
    frame.viewers += 1;
    frame.lastAt = performance.now();
    // The first message is the list. At a server without positions the later ones are counted.
    // nchan numbers nothing: its frames come in the order in which the posts of several connections arrived.
    viewer.position = Math.max(viewer.position, read.to ?? viewer.frames.length);
    viewer.frames.push(frame);
  }

  /** Returns the equal message of another viewer. If there is none, keeps this one. */
  #shared(place: number, data: Buffer, { to, tail }: Content): SharedFrame {
    const inPlace = this.#byPlace[place];
    if (inPlace !== undefined && isSame(inPlace, data, to, tail)) return inPlace;
    const known = this.#others.get(to)?.find((other) => isSame(other, data, to, tail));
    if (known !== undefined) return known;
    const frame = { data: Buffer.from(data), tail, to, viewers: 0, lastAt: 0 };
    if (inPlace === undefined) this.#byPlace[place] = frame;
    else this.#others.set(to, [...(this.#others.get(to) ?? []), frame]);
    return frame;
  }

  /** Waits until every viewer has the position. At a server without positions it is the number of updates. */
  async reach(position: number, timeoutMs: number): Promise<void> {
    await until(`all viewers of ${this.#server.name} at ${position}`, timeoutMs, () =>
      this.#viewers.every((viewer) => viewer.position >= position || viewer.fault !== null),
    );
    const fault = this.#viewers.find((viewer) => viewer.fault !== null)?.fault;
    if (fault) throw new Error(`${this.#server.name}: ${fault}.`);
  }

  /** Groups the viewers by equal messages in equal order. */
  groups(): Group[] {
    const groups: { frames: SharedFrame[]; viewers: number }[] = [];
    for (const { frames } of this.#viewers) {
      const same = groups.find(
        (group) => group.frames.length === frames.length && group.frames.every((frame, index) => frame === frames[index]),
      );
      if (same === undefined) groups.push({ frames, viewers: 1 });
      else same.viewers += 1;
    }
    return groups;
  }

  /** Stops reading from the sockets until {@link thaw}. */
  freeze(): void {
    for (const { socket } of this.#viewers) socket.pause();
  }

  thaw(): void {
    for (const { socket } of this.#viewers) socket.resume();
  }

  async close(): Promise<void> {
    for (const { socket } of this.#viewers) {
      socket.removeAllListeners("close");
      socket.removeAllListeners("error");
      socket.on("error", () => {});
      socket.terminate();
    }
    this.#viewers.length = 0;
    this.#byPlace.length = 0;
    this.#others.clear();
    await pause(50);
  }
}

function isSame(frame: SharedFrame, data: Buffer, to: number | null, tail: number): boolean {
  if (frame.to !== to || frame.data.length - frame.tail !== data.length - tail) return false;
  return frame.data.compare(data, tail, data.length, frame.tail) === 0;
}

/** Returns the TCP connection, for its byte count. `ws` has no public name for it. */
function socketOf(socket: WebSocket): Socket | null {
  const below: unknown = Reflect.get(socket, "_socket");
  return isSocket(below) ? below : null;
}

function isSocket(value: unknown): value is Socket {
  return typeof value === "object" && value !== null && "bytesRead" in value;
}
