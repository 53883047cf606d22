import { setTimeout as sleep } from "node:timers/promises";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import * as v from "valibot";
import { type LensSegment, segmentSchema } from "../connect/contact-lens-segment.ts";

/**
 * Contact Lens' own record of a contact: ListRealtimeContactAnalysisSegments (API of 2020-08-21; voice only, kept for 24 h).
 * It is this service's one operation, and the published SDK client for it brings 37 packages that nothing else needs, so the
 * request is written here and signed by the SDK's signer.
 */

const PATH = "/realtime-contact-analysis/analysis-segments";
/** The service is its own, its permissions and signatures are Amazon Connect's. */
const SIGNING_NAME = "connect";
const PAGE = 100;
/** 4 h of talk have some 3,000 segments: a token that never ends is a fault. */
const MAX_PAGES = 200;
const REQUEST_TIMEOUT_MS = 5000;
/** One request a second, bursts of two, is the quota of the instance (Administrator Guide, service quotas). */
const PAUSE_MS = 1000;

const pageSchema = v.object({
  Segments: v.array(segmentSchema),
  NextToken: v.optional(v.nullable(v.string()), null),
});
type Page = v.InferOutput<typeof pageSchema>;

/** All that has been analysed of a contact so far, or why it is not to be had: `again` = it may be later. */
export type Analysis = { ok: true; segments: LensSegment[] } | { ok: false; again: boolean; reason: string };

/** Asks page after page until `until` (epoch ms), more slowly when the service says so. Never throws. */
export async function askAnalysis(instanceId: string, contactId: string, until: number): Promise<Analysis> {
  const segments: LensSegment[] = [];
  let token: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; ) {
    if (Date.now() >= until) return { ok: false, again: true, reason: "no time left to ask" };
    const answer: Answer = await askPage({ InstanceId: instanceId, ContactId: contactId, MaxResults: PAGE, NextToken: token });
    if (!answer.ok) {
      if (!answer.again || Date.now() + PAUSE_MS >= until) return answer;
      await sleep(PAUSE_MS * (1 + Math.random() / 2));
      continue;
    }
    pages += 1;
    segments.push(...answer.page.Segments);
    token = answer.page.NextToken;
    if (!token) return { ok: true, segments };
  }
  return { ok: false, again: false, reason: "the list does not end" };
}

interface PageRequest {
  InstanceId: string;
  ContactId: string;
  MaxResults: number;
  NextToken: string | null;
}
type Answer = { ok: true; page: Page } | { ok: false; again: boolean; reason: string };

async function askPage({ NextToken, ...request }: PageRequest): Promise<Answer> {
  try {
    const { url, ...init } = await signed(JSON.stringify(NextToken === null ? request : { ...request, NextToken }));
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    const text = await response.text();
    if (!response.ok) {
      const again = response.status === 429 || response.status >= 500;
      return { ok: false, again, reason: response.headers.get("x-amzn-errortype")?.split(":")[0] ?? String(response.status) };
    }
    const page = v.safeParse(v.pipe(v.string(), v.parseJson(), pageSchema), text);
    if (page.success) return { ok: true, page: page.output };
    return { ok: false, again: false, reason: `${v.getDotPath(page.issues[0]) ?? "the answer"} is missing or wrong` };
  } catch (error) {
    return { ok: false, again: true, reason: error instanceof Error ? error.name : "unknown" };
  }
}

async function signed(body: string): Promise<{ url: URL; method: "POST"; headers: Record<string, string>; body: string }> {
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
