import type { ContactTranscription, Update } from "../../protocol/updates.ts";
import type { LensRecord } from "./contact-lens-segment.ts";
import { isVoice } from "./lens-contacts.ts";

/** The hub shows a transcription as lost after 45 s without news (docs/protocol.md, TRN-3), so two of these may go missing. */
const HEARTBEAT_MS = 15_000;
/** A caller may be on hold for so long. A contact without a record for longer has lost its end. */
const QUIET_AT_MOST_MS = 10 * 60_000;

/** What a record says of a contact's analysis. */
export type AnalysisEvent = Pick<LensRecord, "Channel" | "ContactId" | "EventType">;

interface AnalysedContact {
  /** A chat may be quiet for hours, and the hub never shows it as lost. So it needs no sign while it is quiet. */
  chat: boolean;
  lastRecordAt: number;
  /** Arrival of the record with which `live` was posted last. */
  announcedAt: number;
  over: boolean;
}

/**
 * Tells the hub which contacts Contact Lens listens to. Contact Lens sends nothing while nobody speaks, and a function runs only
 * when a record arrives. So each record also speaks for the calls that are quiet. When all are quiet at once, the hub shows
 * them as lost until the next word.
 */
export class LensListening {
  readonly #contacts = new Map<string, AnalysedContact>();

  /**
   * Returns the news that the record brings of its contact and of the quiet ones. A repeat of the record brings the same.
   * @param at arrival time of the record at Kinesis, epoch ms
   */
  addRecord(record: AnalysisEvent, at: number): Update[] {
    const { ContactId: contactId, EventType: event } = record;
    const known = this.#contacts.get(contactId) ?? { announcedAt: Number.NEGATIVE_INFINITY, over: false };
    const over = known.over || event === "COMPLETED" || event === "FAILED";
    const contact = { ...known, chat: !isVoice(record), lastRecordAt: at, over };
    this.#contacts.set(contactId, contact);
    if (event === "COMPLETED") return [transcriptionOf(contactId, "ended", at)];
    if (event === "FAILED") return [transcriptionOf(contactId, "failed", at)];
    return this.#heartbeats(contactId, at);
  }

  /** Call when other containers may have received records. */
  forgetAllContacts(): void {
    this.#contacts.clear();
  }

  #heartbeats(recordOf: string, at: number): Update[] {
    const updates: Update[] = [];
    for (const [contactId, contact] of this.#contacts) {
      if (at - contact.lastRecordAt > QUIET_AT_MOST_MS) {
        this.#contacts.delete(contactId);
        continue;
      }
      const sinceAnnounced = at - contact.announcedAt;
      if (contact.chat && contactId !== recordOf) continue;
      if (contact.over || (sinceAnnounced < HEARTBEAT_MS && sinceAnnounced !== 0)) continue;
      contact.announcedAt = at;
      updates.push(transcriptionOf(contactId, "live", at));
    }
    return updates;
  }
}

function transcriptionOf(contactId: string, state: ContactTranscription["state"], occurredAt: number): ContactTranscription {
  return { type: "contact.transcription", contactId, initialContactId: null, state, occurredAt };
}
