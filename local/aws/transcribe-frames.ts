import { EventStreamCodec } from "@smithy/eventstream-codec";
import { fromUtf8, toUtf8 } from "@smithy/util-utf8";

/** The `application/vnd.amazon.eventstream` framing of Amazon Transcribe's streams, seen from the service. */

/** What a client may send: a configuration first, then audio; the end is an empty frame. */
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

/** Prelude of 12 bytes and a checksum of 4: less cannot be a frame. */
const MIN_FRAME_BYTES = 16;
/** A frame carries at most 1 s of audio here; this leaves room for any rate and refuses nonsense lengths. */
const MAX_FRAME_BYTES = 1024 * 1024;

const codec = new EventStreamCodec(toUtf8, fromUtf8);

/** Cuts a byte stream into whole frames. Throws a RangeError for a length that no frame has. */
export class FrameSplitter {
  #rest: Uint8Array = new Uint8Array(0);

  splitFrames(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    let buffer = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (buffer.length >= 4) {
      const length = new DataView(buffer.buffer, buffer.byteOffset).getUint32(0);
      if (length < MIN_FRAME_BYTES || length > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${length} bytes`);
      if (buffer.length < length) break;
      frames.push(buffer.subarray(0, length));
      buffer = buffer.subarray(length);
    }
    this.#rest = buffer.slice();
    return frames;
  }
}

/** The event in a signed frame: its body is a frame of its own. Throws if a checksum is wrong. */
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
