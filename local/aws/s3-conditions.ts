import type { IncomingHttpHeaders } from "node:http";
import { ServiceError } from "./service.ts";

/**
 * S3's conditional writes, from the user guide, "How to prevent object overwrites with conditional writes" (read 2026-11-25).
 * The product does not import this table, so that the two can disagree.
 */
const REFUSALS = {
  /** `If-None-Match: *` on a key that exists, or `If-Match` on another ETag. */
  notHeld: [412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"],
  /** `If-Match` on a key that does not exist. */
  noObject: [404, "NoSuchKey", "The specified key does not exist."],
  /** Another conditional write of the key was under way. The client reads again, and may try again. */
  conflict: [409, "ConditionalRequestConflict", "The conditional request cannot succeed due to a conflicting operation."],
  /** `If-None-Match` takes no ETag in a write. */
  unsupported: [501, "NotImplemented", "A header you provided implies functionality that is not implemented"],
} as const;

/** What a conditional write asks of the object that is there now. */
type WriteCondition = { kind: "none" } | { kind: "absent" } | { kind: "etag"; etag: string };

/** Faults to order for conditional writes. */
export interface ConditionalFaults {
  /** So many next conditional writes are answered 409 and store nothing. */
  conflicts: number;
  /** So many next conditional writes are stored, and their answers are lost. */
  lostAnswers: number;
  /** Returns 0 up to 1 for each conditional write: below `share` it gets one of the two faults. */
  random: () => number;
  /** Share of conditional writes that get a fault besides the ordered ones, 0 to 1. */
  share: number;
}

export function noConditionalFaults(): ConditionalFaults {
  return { conflicts: 0, lostAnswers: 0, random: Math.random, share: 0 };
}

/**
 * Checks the conditions of a write against the ETag that is there now (null: no object), and applies the ordered faults.
 * @returns whether the answer of the write is to be lost
 * @throws ServiceError when the write must not happen
 */
export function checkConditions(headers: IncomingHttpHeaders, etag: string | null, faults: ConditionalFaults): boolean {
  const condition = readCondition(headers);
  if (condition.kind === "none") return false;
  const chance = faults.share > 0 ? faults.random() : 1;
  if (faults.conflicts > 0 || chance < faults.share / 2) {
    faults.conflicts = Math.max(0, faults.conflicts - 1);
    throw refusal("conflict");
  }
  if (condition.kind === "absent" && etag !== null) throw refusal("notHeld");
  if (condition.kind === "etag" && etag === null) throw refusal("noObject");
  if (condition.kind === "etag" && bare(condition.etag) !== bare(etag ?? "")) throw refusal("notHeld");
  if (faults.lostAnswers === 0 && chance >= faults.share) return false;
  faults.lostAnswers = Math.max(0, faults.lostAnswers - 1);
  return true;
}

function readCondition(headers: IncomingHttpHeaders): WriteCondition {
  const absent = headers["if-none-match"];
  if (absent !== undefined && absent !== "*") throw refusal("unsupported");
  const etag = headers["if-match"];
  if (etag !== undefined) return { kind: "etag", etag };
  return absent === undefined ? { kind: "none" } : { kind: "absent" };
}

function refusal(name: keyof typeof REFUSALS): ServiceError {
  const [status, code, message] = REFUSALS[name];
  return new ServiceError(status, code, message);
}

function bare(etag: string): string {
  return etag.replaceAll('"', "");
}
