import type { ServerResponse } from "node:http";
import { writeError, writeTrailer } from "./kinesis-video-fragment.ts";
import type { MediaFault, StoredStream } from "./kinesis-video-stream.ts";

const ERROR_CODES: Readonly<Record<number, string>> = {
  3002: "Error writing to the stream",
  4000: "Requested fragment is not found",
  4500: "Access denied for the stream's KMS key",
  5000: "Internal error",
};

/** One GetMedia answer. It sends stored fragments first and then live ones. Without any it stays open and sends nothing. */
export class MediaConnection {
  readonly #stream: StoredStream;
  readonly #response: ServerResponse;
  readonly #now: () => number;
  readonly #fault: MediaFault | null;
  #next: number;
  #sentBytes = 0;
  #sentFragments = 0;
  #ended = false;
  #waiting = false;

  constructor(stream: StoredStream, response: ServerResponse, next: number, now: () => number, fault: MediaFault | null) {
    this.#stream = stream;
    this.#response = response;
    this.#next = next;
    this.#now = now;
    this.#fault = fault;
    response.on("drain", () => {
      this.#waiting = false;
      this.sendAvailable();
    });
    response.on("close", () => {
      this.#ended = true;
      stream.removeReader(this);
    });
  }

  /** Sends the fragments that are stored, as far as the reader keeps up. */
  sendAvailable(): void {
    while (!this.#ended && !this.#waiting) {
      const fault = this.#fault;
      if (fault?.kind === "error" && this.#sentFragments >= fault.afterFragments) {
        this.fail(fault.id);
        return;
      }
      if (this.#next >= this.#stream.nextIndex) {
        if (this.#sentBytes === 0) this.#send(new Uint8Array(0));
        return;
      }
      const fragment = this.#stream.fragmentAt(this.#next);
      // The fragment expired before this reader reached it.
      if (!fragment) {
        this.fail(4000);
        return;
      }
      this.#next += 1;
      this.#sentFragments += 1;
      const behind = this.#next === this.#stream.nextIndex ? 0 : Math.max(1, Math.round(this.#now() - fragment.serverMs));
      this.#send(fragment.bytes);
      this.#send(writeTrailer(fragment.number, behind));
    }
  }

  /** Sends an error inside the stream and ends it, as Kinesis does after HTTP 200. */
  fail(id: number): void {
    this.#send(writeError(id, ERROR_CODES[id] ?? "Error"));
    this.interrupt("end");
  }

  interrupt(how: "end" | "cut"): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stream.removeReader(this);
    if (how === "end") this.#response.end();
    else this.#response.destroy();
  }

  #send(bytes: Uint8Array): void {
    if (this.#ended) return;
    const fault = this.#fault;
    const limit = fault && "afterBytes" in fault ? fault.afterBytes : Number.POSITIVE_INFINITY;
    if (this.#sentBytes + bytes.length < limit) {
      this.#sentBytes += bytes.length;
      if (bytes.length > 0 && !this.#response.write(bytes)) this.#waiting = true;
      return;
    }
    const last = bytes.subarray(0, limit - this.#sentBytes);
    this.#sentBytes = limit;
    if (fault?.kind === "stall") {
      this.#waiting = true;
      this.#response.removeAllListeners("drain");
      if (last.length > 0) this.#response.write(last);
    } else if (fault?.kind === "end") {
      if (last.length > 0) this.#response.write(last);
      this.interrupt("end");
    } else {
      // The connection breaks only after the bytes have left, so that the reader gets all of them.
      this.#ended = true;
      this.#stream.removeReader(this);
      this.#response.write(last.length > 0 ? last : new Uint8Array(0), () => this.#response.destroy());
    }
  }
}
