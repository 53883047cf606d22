/** Whether this runtime decompresses what hubs pack. Older browsers (Safari before 16.4) do not. */
export function canUnpack(): boolean {
  try {
    new DecompressionStream("deflate-raw");
    return true;
  } catch {
    return false;
  }
}

/** Passes on the frames of one socket in the order in which they came, although packed ones are decompressed asynchronously. */
export class FrameInbox {
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
