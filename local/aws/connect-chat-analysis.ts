import * as v from "valibot";
import { readInput } from "./json-service.ts";
import { ServiceError } from "./service.ts";

/**
 * The operation ListRealtimeContactAnalysisSegmentsV2 of Amazon Connect's API (API reference, read 2026-11-26): chats only, at most
 * 100 segments a page.
 */

/** Contact id -> the segments that Contact Lens found so far, or `voice` for a call, of which the operation knows nothing. */
export type ChatAnalyses = ReadonlyMap<string, readonly object[] | "voice">;

const MAX_PAGE = 100;
/** The service keeps the contacts of a day. This bounds the memory of a simulation that runs for one. */
const MAX_CONTACTS = 1000;

const requestSchema = v.object({
  MaxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PAGE)), MAX_PAGE),
  NextToken: v.optional(v.pipe(v.string(), v.regex(/^from-\d+$/))),
  OutputType: v.picklist(["Raw", "Redacted"]),
  SegmentTypes: v.pipe(
    v.array(
      v.picklist(["Transcript", "Categories", "Issues", "Event", "Attachments", "PostContactSummary", "ExtractedInformation"]),
    ),
    v.minLength(1),
  ),
});

/** Answers one request. `input` is its JSON body. @throws ServiceError as Amazon Connect refuses it */
export function listChatSegments(analyses: ChatAnalyses, contactId: string, input: unknown): object {
  const { MaxResults, NextToken, SegmentTypes } = readInput(requestSchema, input, "InvalidRequestException");
  const analysis = analyses.get(contactId);
  if (analysis === undefined) throw new ServiceError(404, "ResourceNotFoundException", "The contact has no analysis.");
  if (analysis === "voice") throw new ServiceError(400, "InvalidRequestException", "The contact is no chat.");
  const segments = analysis.filter((segment) => SegmentTypes.some((type) => type in segment));
  const from = Number(NextToken?.slice("from-".length) ?? 0);
  const to = from + MaxResults;
  const next = to < segments.length && { NextToken: `from-${to}` };
  return { Channel: "CHAT", Status: "IN_PROGRESS", Segments: segments.slice(from, to), ...next };
}

/** Appends segments of a chat. */
export function addChatSegments(
  analyses: Map<string, readonly object[] | "voice">,
  contactId: string,
  segments: readonly object[],
): void {
  const known = analyses.get(contactId);
  analyses.set(contactId, [...(known === undefined || known === "voice" ? [] : known), ...segments]);
  const [oldest] = analyses.keys();
  if (analyses.size > MAX_CONTACTS && oldest !== undefined) analyses.delete(oldest);
}
