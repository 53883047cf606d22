import { COMPACT_SUBPROTOCOL, PONG, SUBPROTOCOL, TICKET_PREFIX } from "./wire.ts";

export interface SocketListener {
  /** Called at once for every message. */
  onMessage(pong: boolean): void;
  /** Called with each text, and with that of each packed frame, in the order in which they came. */
  onText(text: unknown): void;
  onClose(code: number): void;
  /** Called when a packed frame cannot be decompressed. */
  onBroken(error: unknown): void;
}

/** Listens to a socket until `signal` is aborted. */
export function listenToSocket(socket: WebSocket, signal: AbortSignal, listener: SocketListener): void {
  const unlessAborted = (action: () => void) => {
    if (!signal.aborted) action();
  };
  const inbox = new FrameInbox(
    (text) => unlessAborted(() => listener.onText(text)),
    (error) => unlessAborted(() => listener.onBroken(error)),
  );
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) =>
    unlessAborted(() => {
      listener.onMessage(data === PONG);
      inbox.add(data);
    });
  socket.onclose = ({ code }) => inbox.afterAll(() => unlessAborted(() => listener.onClose(code)));
}

/** Returns what a socket offers. With `compact` that includes packed frames, where the runtime can decompress them. */
export function subprotocols(ticket: string, compact: boolean): string[] {
  const offered: string[] = [SUBPROTOCOL, TICKET_PREFIX + ticket];
  return compact && canUnpack() ? [COMPACT_SUBPROTOCOL, ...offered] : offered;
}

/** Older browsers (Safari before 16.4) do not decompress this format. */
function canUnpack(): boolean {
  try {
    return new DecompressionStream("deflate-raw").readable !== null;
  } catch {
    return false;
  }
}

/** Passes on the frames of one socket in the order in which they came, although packed ones are decompressed asynchronously. */
class FrameInbox {
  readonly #onText: (text: unknown) => void;
  readonly #onBroken: (error: unknown) => void;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @param onBroken called when a packed frame cannot be read. Frames behind it are still passed on. */
  constructor(onText: (text: unknown) => void, onBroken: (error: unknown) => void) {
    this.#onText = onText;
    this.#onBroken = onBroken;
  }

  /** A text goes on at once unless a packed frame came before it. */
  add(data: unknown): void {
    if (this.#waiting === 0 && !(data instanceof ArrayBuffer)) this.#onText(data);
    else this.#pass(data instanceof ArrayBuffer ? unpackedText(data) : data, this.#onText);
  }

  /** Runs `action` when all frames that came before are passed on. */
  afterAll(action: () => void): void {
    if (this.#waiting === 0) action();
    else this.#pass(null, action);
  }

  #pass(data: unknown, action: (data: unknown) => void): void {
    this.#waiting += 1;
    // Decompression has begun already: only the order waits.
    const ready = Promise.allSettled([data, this.#last]).then(() => data);
    this.#last = ready.then(action, this.#onBroken).then(() => {
      this.#waiting -= 1;
    });
  }
}

async function unpackedText(data: ArrayBuffer): Promise<string> {
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  // What fails here fails below, too.
  const ignore = () => {};
  writer.write(data).catch(ignore);
  writer.close().catch(ignore);
  const reader = readable.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
}
