import { type LensRecord, readLensRecord } from "../../aws-ingest/connect/contact-lens-segment.ts";
import { INSTANCE } from "./ingest-lab.ts";

/** Records of Contact Lens' stream, and the batches in which Lambda sends them. */

export const ARRIVED = 1_714_363_540_250;

export function record(contactId: string, fields: object): object {
  return {
    Version: "1.0.0",
    Channel: "VOICE",
    AccountId: "111122223333",
    InstanceId: INSTANCE,
    ContactId: contactId,
    LanguageCode: "en-US",
    EventType: "SEGMENTS",
    ...fields,
  };
}
export function batch(...records: unknown[]) {
  return batchAt(ARRIVED, ...records);
}

/** Returns a batch whose first record arrived at `at` (epoch ms). The others follow in steps of a second. */
export function batchAt(at: number, ...records: unknown[]) {
  return {
    Records: records.map((one, index) => ({
      kinesis: {
        data: Buffer.from(JSON.stringify(one)).toString("base64"),
        sequenceNumber: `seq-${index}`,
        approximateArrivalTimestamp: at / 1000 + index,
      },
    })),
  };
}
export function transcript(
  Id: string,
  ParticipantRole: string,
  begin: number,
  end: number,
  Sentiment: string,
  Content = "words",
): { Transcript: object } {
  return {
    Transcript: {
      Id,
      ParticipantId: ParticipantRole,
      ParticipantRole,
      Content,
      BeginOffsetMillis: begin,
      EndOffsetMillis: end,
      Sentiment,
    },
  };
}

/** The call of Amazon's example output file, which also has its scores. */
export const EXAMPLE = [
  transcript("1", "AGENT", 0, 90, "NEUTRAL"),
  transcript("2", "CUSTOMER", 160, 4640, "NEUTRAL"),
  transcript("3", "AGENT", 4640, 6610, "NEUTRAL"),
  transcript("4", "CUSTOMER", 7370, 11190, "NEGATIVE"),
  transcript("5", "AGENT", 11220, 15210, "NEGATIVE"),
  transcript("6", "CUSTOMER", 15840, 18120, "POSITIVE"),
  transcript("7", "AGENT", 18310, 21820, "NEUTRAL"),
  transcript("8", "CUSTOMER", 22610, 24140, "POSITIVE"),
  transcript("9", "AGENT", 24120, 29710, "POSITIVE"),
  transcript("10", "CUSTOMER", 30580, 32110, "POSITIVE"),
];

/** Returns a record after validation. */
export function read(json: object): LensRecord {
  const result = readLensRecord(json, INSTANCE);
  if (result.outcome !== "read") throw new Error(result.outcome);
  return result.value;
}
