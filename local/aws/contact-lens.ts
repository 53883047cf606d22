import * as v from "valibot";
import { readInput, readJson } from "./json-service.ts";
import { type LocalService, ServiceError, startService } from "./service.ts";

/** Contact Lens' API on loopback. Its one operation, ListRealtimeContactAnalysisSegments, lists the segments that were added. */
export interface LocalContactLens extends LocalService {
  /** Appends analysed segments of a contact. Leaves utterances out, because only the stream has them. */
  addSegments(contactId: string, segments: readonly object[]): void;
  /** Returns how many requests were served and how many were throttled. */
  requests(): { served: number; throttled: number };
}

export interface ContactLensOptions {
  instanceId: string;
  /** AWS allows 1. */
  requestsPerSecond?: number;
  /** AWS allows 2. */
  burst?: number;
  now?: () => number;
}

const REQUESTS_PER_SECOND = 1;
const BURST = 2;
const PATH = "/realtime-contact-analysis/analysis-segments";
const MAX_PAGE = 100;
/**
 * A contact of which nothing came for so long is forgotten. The service keeps all contacts of 24 h, but only calls that go on are asked
 * for, and twenty calls leave some 4 MB an hour behind.
 */
const KEPT_MS = 15 * 60_000;

const requestSchema = v.object({
  InstanceId: v.pipe(v.string(), v.regex(/^.{1,100}$/)),
  ContactId: v.pipe(v.string(), v.regex(/^.{1,256}$/)),
  MaxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PAGE)), MAX_PAGE),
  NextToken: v.optional(v.pipe(v.string(), v.regex(/^from-\d+$/))),
});

export async function startContactLens(options: ContactLensOptions): Promise<LocalContactLens> {
  const { requestsPerSecond = REQUESTS_PER_SECOND, burst = BURST, now: clock = Date.now } = options;
  /** The contact that was silent for the longest time is first. */
  const analysed = new Map<string, { segments: readonly object[]; addedAt: number }>();
  const count = { served: 0, throttled: 0 };
  let tokens = burst;
  let filledAt = performance.now();

  const throttle = (): void => {
    const now = performance.now();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * requestsPerSecond);
    filledAt = now;
    if (tokens < 1) {
      count.throttled += 1;
      throw new ServiceError(429, "ThrottlingException", "Rate exceeded");
    }
    tokens -= 1;
  };

  const service = await startService({
    serve: (request) => {
      if (request.method !== "POST" || request.url.pathname !== PATH) {
        throw new ServiceError(404, "UnknownOperationException", "The stand-in has no such operation.");
      }
      if (!/\/connect\/aws4_request,/.test(request.headers.authorization ?? "")) {
        throw new ServiceError(403, "InvalidSignatureException", "Credential should be scoped to correct service: 'connect'.");
      }
      throttle();
      const { InstanceId, ContactId, MaxResults, NextToken } = readInput(
        requestSchema,
        readJson(request),
        "InvalidRequestException",
      );
      const segments = InstanceId === options.instanceId ? analysed.get(ContactId)?.segments : undefined;
      if (segments === undefined) throw new ServiceError(404, "ResourceNotFoundException", "The contact has no analysis.");
      const from = Number(NextToken?.slice("from-".length) ?? 0);
      const to = from + MaxResults;
      count.served += 1;
      const answer = { Segments: segments.slice(from, to), ...(to < segments.length && { NextToken: `from-${to}` }) };
      return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(answer) };
    },
  });
  return {
    ...service,
    addSegments(contactId, segments) {
      const kept = segments.filter((segment) => !("Utterance" in segment));
      const addedAt = clock();
      const known = analysed.get(contactId)?.segments ?? [];
      analysed.delete(contactId);
      analysed.set(contactId, { segments: [...known, ...kept], addedAt });
      for (const [id, contact] of analysed) {
        if (contact.addedAt > addedAt - KEPT_MS) break;
        analysed.delete(id);
      }
    },
    requests: () => ({ ...count }),
  };
}
