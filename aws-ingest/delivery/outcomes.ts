import type { Flaws, RecordReading } from "../connect/reading.ts";
import type { Log, LogFields } from "../runtime/log.ts";
import type { Meter } from "../runtime/meter.ts";

/** What this container has reported already: a stream that is shared has foreign records in every batch. */
const reported = new Set<string>();

/**
 * Counts what came of a foreign record, each record once, and logs what an operator has to know. Returns the value, or null if
 * the record is passed over: it is not ours, or nobody can read it. Neither is ever tried again.
 * @param place says where the record is, for example its sequence number
 */
export function valueRead<Value>(reading: RecordReading<Value>, place: LogFields, log: Log, meter: Meter): Value | null {
  switch (reading.outcome) {
    case "read": {
      countFlaws(reading.flaws, meter);
      return reading.value;
    }
    case "not-mine": {
      const { kind, detail } = reading;
      const first = !reported.has(`${kind} ${detail}`);
      reported.add(`${kind} ${detail}`);
      if (kind === "unknown-type" || kind === "unknown-version") {
        meter.add("RecordsUnknown", 1);
        const message = "Amazon Connect sends records that this release does not know. They are passed over.";
        if (first) log.warn(message, { kind, detail, ...place });
      } else {
        meter.add("RecordsForeign", 1);
        const message = "The source also has records that are not for this function. They are passed over.";
        if (first) log.info(message, { kind, ...place });
      }
      return null;
    }
    case "unreadable":
      meter.add("RecordsRefused", 1);
      log.error("A record is not what Amazon Connect documents. It is passed over.", { reason: reading.reason, ...place });
      return null;
  }
}

/** Counts what foreign data lost on its way in. */
export function countFlaws({ cut, skipped }: Flaws, meter: Meter): void {
  if (cut > 0) meter.add("ValuesCut", cut);
  if (skipped > 0) meter.add("MembersSkipped", skipped);
}
