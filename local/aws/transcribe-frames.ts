import { EventStreamCodec } from "@smithy/eventstream-codec";
import { fromUtf8, toUtf8 } from "@smithy/util-utf8";

/**
 * An event of the client in the `application/vnd.amazon.eventstream` framing. A client sends a configuration first and then
 * audio. An empty frame is the end.
 */
export type ClientEvent =
  | { type: "configuration"; json: string }
  | { type: "audio"; chunk: Uint8Array }
  | { type: "end" }
  | { type: "unknown"; name: string };

export type TranscribeException =
  | "BadRequestException"
  | "ConflictException"
  | "LimitExceededException"
  | "InternalFailureException"
  | "ServiceUnavailableException";

/** The smallest frame: a prelude of 12 bytes and a checksum of 4. */
const MIN_FRAME_BYTES = 16;
/** Refuses impossible lengths. A frame has at most 1 s of audio, so the limit leaves room for any sample rate. */
const MAX_FRAME_BYTES = 1024 * 1024;

const codec = new EventStreamCodec(toUtf8, fromUtf8);

/** Cuts a byte stream into whole frames. @throws RangeError for an impossible length */
export class FrameSplitter {
  #rest: Uint8Array = new Uint8Array(0);

  /** The part of a frame whose rest has not come yet. */
  get waitingBytes(): Uint8Array {
    return this.#rest;
  }

  splitFrames(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    let buffer = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (buffer.length >= 4) {
      const length = new DataView(buffer.buffer, buffer.byteOffset).getUint32(0);
      if (length < MIN_FRAME_BYTES || length > MAX_FRAME_BYTES)
        throw new RangeError(`splitFrames: a frame cannot have ${length} bytes`);
      if (buffer.length < length) break;
      frames.push(buffer.subarray(0, length));
      buffer = buffer.subarray(length);
    }
    // A copy, because `slice` of a Buffer is a view, which keeps the whole block that came from the connection.
    this.#rest = new Uint8Array(buffer);
    return frames;
  }
}

/** Reads the event in a signed frame, whose body is another frame. @throws Error when a checksum is wrong */
export function readClientEvent(frame: Uint8Array): ClientEvent {
  const outer = codec.decode(frame);
  if (outer.body.length === 0) return { type: "end" };
  const inner = outer.headers[":chunk-signature"] === undefined ? outer : codec.decode(outer.body);
  const name = String(inner.headers[":event-type"]?.value ?? "");
  if (name === "AudioEvent") return inner.body.length === 0 ? { type: "end" } : { type: "audio", chunk: inner.body };
  if (name === "ConfigurationEvent") return { type: "configuration", json: toUtf8(inner.body) };
  return { type: "unknown", name };
}

export function writeEvent(name: string, body: object): Uint8Array {
  return writeFrame({ ":message-type": "event", ":event-type": name }, body);
}

export function writeException(name: TranscribeException, message: string): Uint8Array {
  return writeFrame({ ":message-type": "exception", ":exception-type": name }, { Message: message });
}

function writeFrame(headers: Record<string, string>, body: object): Uint8Array {
  const tagged = Object.entries({ ...headers, ":content-type": "application/json" }).map(([name, value]) => [
    name,
    { type: "string" as const, value },
  ]);
  return codec.encode({ headers: Object.fromEntries(tagged), body: fromUtf8(JSON.stringify(body)) });
}
