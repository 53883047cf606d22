import * as v from "valibot";
import type { AgentStatus, Channel, TranscriptionStatus } from "../../protocol/agent.ts";
import { type ContactTranscription, contactTranscriptionSchema } from "../../protocol/updates.ts";

/** The hub's knowledge of a contact's transcription. Times are epoch milliseconds. */
export const transcriptionRecordSchema = v.object({
  state: contactTranscriptionSchema.entries.state,
  /** The time of the newest `contact.transcription`. */
  occurredAt: v.number(),
  /** When the newest sign of the transcription arrived, on the hub's clock. */
  heardAt: v.fallback(v.number(), 0),
  /** Nothing was heard for too long. The next sign takes it back. */
  lost: v.fallback(v.boolean(), false),
});
export type TranscriptionRecord = Readonly<v.InferOutput<typeof transcriptionRecordSchema>>;

/** Of two states with one time the more final one wins: a sender that ends within the millisecond does not stay live. */
const RANK: Readonly<Record<TranscriptionRecord["state"], number>> = { waiting: 0, live: 1, off: 2, failed: 3, ended: 4 };

/**
 * A row of storage is written for `heardAt` when it enters another interval of this length. So storage is never further behind,
 * and a contact that is heard every 20 s does not look lost after a restart.
 */
const SAVE_HEARD_EVERY_MS = 15_000;

/** Returns the new record, or null when the update is older than what is known. `now` is the hub's clock. */
export function foldTranscription(
  known: TranscriptionRecord | null,
  { state, occurredAt }: ContactTranscription,
  now: number,
): TranscriptionRecord | null {
  if (known !== null && known.occurredAt > occurredAt) return null;
  if (known !== null && known.occurredAt === occurredAt && RANK[known.state] >= RANK[state]) return null;
  return { state, occurredAt, heardAt: now, lost: false };
}

/** Notes a turn, a score or a category: whoever posts it listens. */
export function foldSign(known: TranscriptionRecord | null, now: number): TranscriptionRecord | null {
  return known === null ? null : { ...known, heardAt: now, lost: false };
}

/** When the transcription is lost unless a sign arrives before, epoch ms. Infinity = never, or it is lost already. */
export function lostAt(known: TranscriptionRecord | null, lostAfterMs: number): number {
  return known === null || known.state !== "live" || known.lost ? Number.POSITIVE_INFINITY : known.heardAt + lostAfterMs;
}

/** Whether people write. They may be quiet for hours, so their quiet is no sign of a loss. null = nobody knows. */
export function isWritten(channel: Channel | null): boolean {
  return channel !== "voice" && channel !== null;
}

/** Whether storage needs the record after a sign. */
export function isSignWorthARow(before: TranscriptionRecord | null, after: TranscriptionRecord | null): boolean {
  if (before === null || after === null || after.state !== "live") return false;
  return before.lost !== after.lost || saveInterval(before) !== saveInterval(after);
}

/**
 * What viewers see of it while the agent has this status. After the call nobody has to listen any more, so only the news that
 * nobody did stays through after call work.
 */
export function publicTranscription(
  known: TranscriptionRecord | null,
  status: AgentStatus,
  channel: Channel | null,
): TranscriptionStatus | null {
  if (known === null || known.state === "ended") return null;
  switch (status) {
    case "ringing":
    case "on a call":
    case "on a contact":
    case "on hold":
      return known.lost && !isWritten(channel) ? "lost" : known.state;
    case "after call work":
      return known.state === "live" ? null : known.state;
    default:
      return null;
  }
}

function saveInterval({ heardAt }: TranscriptionRecord): number {
  return Math.floor(heardAt / SAVE_HEARD_EVERY_MS);
}
