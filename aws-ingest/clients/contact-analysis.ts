import { setTimeout as sleep } from "node:timers/promises";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import * as v from "valibot";
import { type ChatRecord, type ChatSegment, readChatSegments } from "../connect/chat-segment.ts";
import { type LensSegment, readSegments } from "../connect/contact-lens-segment.ts";
import { ForeignValues } from "../connect/foreign-values.ts";
import type { Flaws } from "../connect/reading.ts";
import { RequestRate } from "./request-rate.ts";

/**
 * Asks Contact Lens for the segments of a contact: ListRealtimeContactAnalysisSegments for calls (API of 2020-08-21, kept for
 * 24 h) and ListRealtimeContactAnalysisSegmentsV2 for chats (API of Amazon Connect). The SDK's client for the first operation
 * brings 37 packages that nothing else needs, and that of Amazon Connect refuses a whole page for one bad time. So the requests
 * are written here, and the SDK's signer signs them.
 */

const CALLS_PATH = "/realtime-contact-analysis/analysis-segments";
/** Ends with the instance and the contact (API reference, ListRealtimeContactAnalysisSegmentsV2, read 2026-11-26). */
const CHATS_PATH = "/contact/list-real-time-analysis-segments-v2";
/** The service of calls has its own endpoint, but the permissions and signatures of Amazon Connect. */
const SIGNING_NAME = "connect";
/** Both operations return at most 100 segments a page. */
const PAGE = 100;
/** Four hours of talk have some 3,000 segments, so more pages than this are a fault of the service. */
const MAX_PAGES = 200;
const REQUEST_TIMEOUT_MS = 5000;
/** The quota of an instance is one request a second, with bursts of two (Administrator Guide, service quotas). */
const PAUSE_MS = 1000;
/**
 * The quota is two requests a second, with bursts of five (API throttling quotas of Amazon Connect, read 2026-11-26). All callers
 * of the account share it, so this function leaves some of it.
 */
const chatRate = new RequestRate(1.8, 4);
/** All that can be read, or tells when the chat began. */
const CHAT_SEGMENT_TYPES = ["Transcript", "Categories", "Issues", "Event", "Attachments"];

const pageSchema = v.object({
  Segments: v.array(v.unknown()),
  NextToken: v.optional(v.nullable(v.string()), null),
});
type Page = v.InferOutput<typeof pageSchema>;

/** All readable segments of a contact so far, or why there are none. `retryable`: a later request may succeed. */
export type Analysis<Segment> =
  | { ok: true; segments: Segment[]; flaws: Flaws }
  | { ok: false; retryable: boolean; reason: string };

/** Fetches all pages of a call, and pauses when the service throttles. Gives up at `until` (epoch ms). Never throws. */
export function fetchCallAnalysis(
  instanceId: string,
  { ContactId }: { ContactId: string },
  until: number,
): Promise<Analysis<LensSegment>> {
  const request = { InstanceId: instanceId, ContactId };
  return fetchPages((page) => fetchPage(callsUrl(), { ...request, ...page }), readSegments, until);
}

/** Fetches all pages of a chat within the quota. Gives up at `until` (epoch ms). Never throws. */
export function fetchChatAnalysis(
  instanceId: string,
  { ContactId, Output }: ChatRecord,
  until: number,
): Promise<Analysis<ChatSegment>> {
  const request = { OutputType: Output, SegmentTypes: CHAT_SEGMENT_TYPES };
  const ask = async (page: PageRequest) => {
    await sleep(chatRate.reserve(performance.now()));
    return fetchPage(chatUrl(instanceId, ContactId), { ...request, ...page });
  };
  return fetchPages(ask, readChatSegments, until);
}

interface PageRequest {
  MaxResults: number;
  NextToken?: string;
}
type PageAnswer = { ok: true; page: Page } | { ok: false; retryable: boolean; reason: string };

async function fetchPages<Segment>(
  ask: (page: PageRequest) => Promise<PageAnswer>,
  read: (segments: readonly unknown[], values: ForeignValues) => Segment[],
  until: number,
): Promise<Analysis<Segment>> {
  const segments: Segment[] = [];
  const values = new ForeignValues();
  let token: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; ) {
    if (Date.now() >= until) return { ok: false, retryable: true, reason: "the time for the request is over" };
    const answer: PageAnswer = await ask({ MaxResults: PAGE, ...(token !== null && { NextToken: token }) });
    if (!answer.ok) {
      if (!answer.retryable || Date.now() + PAUSE_MS >= until) return answer;
      await sleep(PAUSE_MS * (1 + Math.random() / 2));
      continue;
    }
    pages += 1;
    segments.push(...read(answer.page.Segments, values));
    token = answer.page.NextToken;
    if (!token) return { ok: true, segments, flaws: values.flaws };
  }
  return { ok: false, retryable: false, reason: `the list has more than ${MAX_PAGES} pages` };
}

async function fetchPage(url: URL, request: object): Promise<PageAnswer> {
  try {
    const init = await signedRequest(url, JSON.stringify(request));
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    const text = await response.text();
    if (!response.ok) {
      const retryable = response.status === 429 || response.status >= 500;
      return { ok: false, retryable, reason: response.headers.get("x-amzn-errortype")?.split(":")[0] ?? String(response.status) };
    }
    const page = v.safeParse(v.pipe(v.string(), v.parseJson(), pageSchema), text);
    if (page.success) return { ok: true, page: page.output };
    return { ok: false, retryable: false, reason: `${v.getDotPath(page.issues[0]) ?? "the answer"} is missing or wrong` };
  } catch (error) {
    return { ok: false, retryable: true, reason: error instanceof Error ? error.name : "unknown" };
  }
}

function callsUrl(): URL {
  const own = process.env["AWS_ENDPOINT_URL_CONNECT_CONTACT_LENS"];
  return new URL(CALLS_PATH, own ?? `https://contact-lens.${region()}.amazonaws.com`);
}

function chatUrl(instanceId: string, contactId: string): URL {
  const path = `${CHATS_PATH}/${encodeURIComponent(instanceId)}/${encodeURIComponent(contactId)}`;
  return new URL(path, process.env["AWS_ENDPOINT_URL_CONNECT"] ?? `https://connect.${region()}.amazonaws.com`);
}

function region(): string {
  return process.env["AWS_REGION"] ?? "";
}

async function signedRequest(url: URL, body: string): Promise<{ method: "POST"; headers: Record<string, string>; body: string }> {
  const signer = new SignatureV4({
    service: SIGNING_NAME,
    region: region(),
    credentials: defaultProvider(),
    sha256: Hash.bind(null, "sha256"),
  });
  const { headers } = await signer.sign({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port !== "" && { port: Number(url.port) }),
    path: url.pathname,
    query: {},
    headers: { host: url.host, "content-type": "application/json" },
    body,
  });
  return { method: "POST", headers, body };
}
