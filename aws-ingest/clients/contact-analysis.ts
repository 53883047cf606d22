import { setTimeout as sleep } from "node:timers/promises";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import * as v from "valibot";
import { type LensSegment, readSegments } from "../connect/contact-lens-segment.ts";
import { ForeignValues } from "../connect/foreign-values.ts";
import type { Flaws } from "../connect/reading.ts";

/**
 * Asks Contact Lens for the segments of a contact: ListRealtimeContactAnalysisSegments (API of 2020-08-21, voice only, kept for
 * 24 h). The SDK's client for this one operation brings 37 packages that nothing else needs. So the request is written here,
 * and the SDK's signer signs it.
 */

const PATH = "/realtime-contact-analysis/analysis-segments";
/** The service has its own endpoint, but the permissions and signatures of Amazon Connect. */
const SIGNING_NAME = "connect";
/** The operation returns at most 100 segments a page. */
const PAGE = 100;
/** Four hours of talk have some 3,000 segments, so more pages than this are a fault of the service. */
const MAX_PAGES = 200;
const REQUEST_TIMEOUT_MS = 5000;
/** The quota of an instance is one request a second, with bursts of two (Administrator Guide, service quotas). */
const PAUSE_MS = 1000;

const pageSchema = v.object({
  Segments: v.array(v.unknown()),
  NextToken: v.optional(v.nullable(v.string()), null),
});
type Page = v.InferOutput<typeof pageSchema>;

/** All readable segments of a contact so far, or why there are none. `retryable`: a later request may succeed. */
export type Analysis = { ok: true; segments: LensSegment[]; flaws: Flaws } | { ok: false; retryable: boolean; reason: string };

/** Fetches all pages, and pauses when the service throttles. Gives up at `until` (epoch ms). Never throws. */
export async function fetchAnalysis(instanceId: string, contactId: string, until: number): Promise<Analysis> {
  const segments: LensSegment[] = [];
  const values = new ForeignValues();
  let token: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; ) {
    if (Date.now() >= until) return { ok: false, retryable: true, reason: "the time for the request is over" };
    const answer: PageAnswer = await fetchPage({
      InstanceId: instanceId,
      ContactId: contactId,
      MaxResults: PAGE,
      NextToken: token,
    });
    if (!answer.ok) {
      if (!answer.retryable || Date.now() + PAUSE_MS >= until) return answer;
      await sleep(PAUSE_MS * (1 + Math.random() / 2));
      continue;
    }
    pages += 1;
    segments.push(...readSegments(answer.page.Segments, values));
    token = answer.page.NextToken;
    if (!token) return { ok: true, segments, flaws: values.flaws };
  }
  return { ok: false, retryable: false, reason: `the list has more than ${MAX_PAGES} pages` };
}

interface PageRequest {
  InstanceId: string;
  ContactId: string;
  MaxResults: number;
  NextToken: string | null;
}
type PageAnswer = { ok: true; page: Page } | { ok: false; retryable: boolean; reason: string };

async function fetchPage({ NextToken, ...request }: PageRequest): Promise<PageAnswer> {
  try {
    const { url, ...init } = await signedRequest(JSON.stringify(NextToken === null ? request : { ...request, NextToken }));
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

async function signedRequest(body: string): Promise<{ url: URL; method: "POST"; headers: Record<string, string>; body: string }> {
  const region = process.env["AWS_REGION"] ?? "";
  const url = new URL(
    PATH,
    process.env["AWS_ENDPOINT_URL_CONNECT_CONTACT_LENS"] ?? `https://contact-lens.${region}.amazonaws.com`,
  );
  const signer = new SignatureV4({
    service: SIGNING_NAME,
    region,
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
  return { url, method: "POST", headers, body };
}
