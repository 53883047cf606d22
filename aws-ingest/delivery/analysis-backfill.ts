import type { Update } from "../../protocol/updates.ts";
import type { Analysis } from "../clients/contact-analysis.ts";
import type { AnalysisEvent } from "../connect/lens-listening.ts";
import { countFlaws } from "./outcomes.ts";
import type { RecordTools } from "./stream-records.ts";

/**
 * Time limit of one backfill. A call of hours has many pages, and the quota is one page a second. Together with the time in which
 * a batch may start one, and the posts, it stays below the function's timeout.
 */
const ONE_BACKFILL_MS = 45_000;
/** After a failure that may pass, no contact is asked for until this time is over. */
const PAUSE_AFTER_FAILURE_MS = 60_000;

/** The contacts of one channel, as a container knows them. */
export interface AnalysedContacts<Record extends AnalysisEvent, Segment> {
  needsBackfill(record: Record, at: number): "no" | "beginning" | "gap";
  backfill(record: Record, segments: readonly Segment[], at: number): Update[];
  markIncomplete(record: Record, at: number): boolean;
}

/** Fetches all segments of the record's contact so far. Gives up at `until` (epoch ms). Never throws. */
export type FetchAnalysis<Record, Segment> = (instanceId: string, record: Record, until: number) => Promise<Analysis<Segment>>;

/** Asks Contact Lens for what a container has missed of the contacts of one channel. */
export class AnalysisBackfill<Record extends AnalysisEvent, Segment> {
  readonly #contacts: AnalysedContacts<Record, Segment>;
  readonly #fetchSegments: FetchAnalysis<Record, Segment>;
  #notBefore = 0;

  constructor(contacts: AnalysedContacts<Record, Segment>, fetchSegments: FetchAnalysis<Record, Segment>) {
    this.#contacts = contacts;
    this.#fetchSegments = fetchSegments;
  }

  /**
   * Returns the updates of earlier turns, if they are needed and available. Reports a contact as incomplete if they never will be.
   * @param until no backfill starts later, epoch ms
   */
  async updatesBefore(record: Record, arrivedAt: number, until: number, tools: RecordTools): Promise<Update[]> {
    if (record.EventType === "FAILED") reportIncomplete(record, "analysis_failed", tools);
    const needed = this.#contacts.needsBackfill(record, arrivedAt);
    if (needed === "no") return [];
    const analysis = await this.#request(record, until, tools);
    if (analysis.ok) return this.#contacts.backfill(record, analysis.segments, arrivedAt);
    if (needed === "gap") return [];
    const last = record.EventType === "COMPLETED";
    if ((last || !analysis.retryable) && this.#contacts.markIncomplete(record, arrivedAt))
      reportIncomplete(record, "beginning_unknown", tools);
    return [];
  }

  async #request(record: Record, until: number, { instanceId, log, meter }: RecordTools): Promise<Analysis<Segment>> {
    const now = Date.now();
    if (now >= until || now < this.#notBefore) return { ok: false, retryable: true, reason: "no backfill now" };
    const analysis = await this.#fetchSegments(instanceId, record, now + ONE_BACKFILL_MS);
    if (analysis.ok) {
      countFlaws(analysis.flaws, meter);
      return analysis;
    }
    log.warn("Contact Lens did not return the earlier turns of a contact. The contact goes on without them.", {
      contactId: record.ContactId,
      channel: record.Channel,
      reason: analysis.reason,
    });
    if (analysis.retryable) this.#notBefore = Date.now() + PAUSE_AFTER_FAILURE_MS;
    return analysis;
  }
}

function reportIncomplete({ ContactId: contactId }: AnalysisEvent, incompleteReasons: string, { log, meter }: RecordTools): void {
  meter.add("CallsIncomplete", 1);
  log.error("The analysis of a contact is incomplete.", { contactId, incompleteReasons });
}
