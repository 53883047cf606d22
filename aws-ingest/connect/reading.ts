/**
 * What came of one foreign record. A foreign record is one that a service wrote: its content is never repeated by waiting, so
 * none of these outcomes leads to another try. Only a delivery can fail for now, and only a delivery is tried again
 * (`delivery/delivery.ts`).
 */
export type RecordReading<Value> =
  | { outcome: "read"; value: Value; flaws: Flaws }
  | { outcome: "not-mine"; kind: ForeignKind; detail: string }
  | { outcome: "unreadable"; reason: string };

/**
 * Why a record is passed over.
 * - `another-instance`: it belongs to another instance of Amazon Connect.
 * - `another-kind`: it is a record of another kind, which shares the stream, for example a contact record.
 * - `unknown-type`, `unknown-version`: Amazon Connect has introduced it after this code was written.
 */
export type ForeignKind = "another-instance" | "another-kind" | "unknown-type" | "unknown-version";

/** What a record lost on its way in. */
export interface Flaws {
  /** Texts that were longer than the protocol allows, and lists that had more members. */
  cut: number;
  /** Members that could not be read, for example a contact without a channel. */
  skipped: number;
}

/** A word such as AGENT_STATE, or a version such as 2.0.0 or 2019-05-25. A record may hold anything, also a telephone number. */
const PLAIN_WORD = /^([A-Za-z]\w{0,39}|\d{1,4}([.-]\d{1,2}){1,2})$/;

/** The reading with another value, if there is a value. */
export function mapReading<Value, Other>(reading: RecordReading<Value>, change: (value: Value) => Other): RecordReading<Other> {
  return reading.outcome === "read" ? { ...reading, value: change(reading.value) } : reading;
}

/** A passed-over record. Names the new type or version, if it is a plain word. */
export function notMine(kind: ForeignKind, detail: unknown = ""): RecordReading<never> {
  return { outcome: "not-mine", kind, detail: typeof detail === "string" && PLAIN_WORD.test(detail) ? detail : "" };
}

/** A record that nobody can ever read. `reason` names the first wrong place and never quotes a value. */
export function unreadable(reason: string): RecordReading<never> {
  return { outcome: "unreadable", reason };
}

/** The fields of a JSON object, or null if the value is none. */
export function fieldsOf(json: unknown): Readonly<Record<string, unknown>> | null {
  return typeof json === "object" && json !== null && !Array.isArray(json) ? { ...json } : null;
}
