import { inflateRawSync } from "node:zlib";
import { rowNumber } from "../../protocol/row-number.ts";

/** One message of the hub, as a person reads it. */
export interface ReadableFrame {
  /** Bytes of the message, as it was sent. */
  bytes: number;
  /** Bytes of the text that a packed message holds; null = it came as text. */
  unpackedBytes: number | null;
  /** The frame with its compact rows written out. Text that is no JSON is itself. */
  frame: unknown;
}

/** Reads the messages of one socket in their order, because the keys of compact rows come from earlier frames. */
export class ReadableFrames {
  /** The keys by their numbers; null = several have the number. */
  readonly #keys = new Map<number, string | null>();

  /** @throws Error when a binary message is no stream of raw deflate. */
  read(message: string | Uint8Array): ReadableFrame {
    const isText = typeof message === "string";
    const text = isText ? message : inflateRawSync(message).toString();
    const frame = this.#writtenOut(parsed(text));
    return { bytes: Buffer.byteLength(message), unpackedBytes: isText ? null : Buffer.byteLength(text), frame };
  }

  #writtenOut(frame: unknown): unknown {
    if (!isObject(frame)) return frame;
    const { shapes, ...rest } = frame;
    const fields = Object.entries(rest).map(([name, value]) => [name, this.#rowsOf(value, shapes)]);
    return Object.fromEntries(fields);
  }

  /** A list of rows, or `{data, removed}` of another collection. */
  #rowsOf(value: unknown, shapes: unknown): unknown {
    if (Array.isArray(value)) return value.map((row) => (Array.isArray(row) ? this.#rowOf(row, shapes) : this.#noteKey(row)));
    if (!isObject(value) || !Array.isArray(value["data"])) return value;
    return { ...value, data: this.#rowsOf(value["data"], shapes) };
  }

  #rowOf([number, shape, ...values]: unknown[], shapes: unknown): unknown {
    const names = isObject(shapes) ? shapes[String(shape)] : undefined;
    if (!Array.isArray(names)) return [number, shape, ...values];
    const key = this.#keys.get(Number(number));
    return { row: number, ...(key && { key }), ...Object.fromEntries(names.map((name, index) => [name, values[index]])) };
  }

  #noteKey(row: unknown): unknown {
    if (!isObject(row)) return row;
    const key = row["agentId"] ?? row["queueId"] ?? row["alertId"];
    if (typeof key !== "string") return row;
    const known = this.#keys.get(rowNumber(key));
    this.#keys.set(rowNumber(key), known === undefined || known === key ? key : null);
    return row;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
