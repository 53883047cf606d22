import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import type { UpdatesAnswer } from "../../protocol/answers.ts";
import { sign } from "../../protocol/signature.ts";
import { MAX_BODY_BYTES, MAX_UPDATES, type Update } from "../../protocol/updates.ts";
import type { KeyRing } from "./secrets.ts";

const ATTEMPTS = 6;
const REQUEST_TIMEOUT_MS = 5000;
const BACKOFF_MS = 250;
const BACKOFF_MAX_MS = 8000;
/** A Retry-After beyond this would outlive the news. */
const RETRY_AFTER_MAX_MS = 30_000;
const encoder = new TextEncoder();

const answerSchema = v.object({
  accepted: v.number(),
  stale: v.number(),
  duplicate: v.boolean(),
  epoch: v.string(),
  seq: v.number(),
  watched: v.array(v.string()),
});
const refusalSchema = v.object({ error: v.string(), path: v.optional(v.string()), message: v.optional(v.string()) });

/** Updates the hub did not take, and why, in the hub's own words (which never quote a value). */
export interface Undelivered {
  updates: readonly Update[];
  /** Worth sending again later: the hub was away or busy. */
  again: boolean;
  reason: string;
}

export interface Delivery {
  accepted: number;
  stale: number;
  /** Contacts of these updates that somebody watches. */
  watched: string[];
  undelivered: Undelivered[];
}

export interface HubOptions {
  hubUrl: string;
  instanceId: string;
  keys: KeyRing;
  /** Ends waiting between attempts; what was not delivered by then is reported. */
  signal?: AbortSignal;
}

export interface Hub {
  post(updates: readonly Update[]): Promise<Delivery>;
}

/**
 * Posts updates to the hub in batches it accepts (500 updates, 1 MiB), each under one `webhook-id` over all its attempts.
 * Tries again, with full jitter and honouring Retry-After, what may pass later (no connection, 401 once with secrets read
 * anew, 408, 429, 5xx). Never throws for the hub: what it did not take is in the result.
 */
export function createHub(options: HubOptions): Hub {
  return {
    async post(updates) {
      const delivery: Delivery = { accepted: 0, stale: 0, watched: [], undelivered: [] };
      for (const batch of batchesOf(updates)) {
        const outcome = await postBatch(batch, options);
        if ("reason" in outcome) {
          delivery.undelivered.push({ updates: batch.updates, ...outcome });
          continue;
        }
        delivery.accepted += outcome.accepted;
        delivery.stale += outcome.stale;
        delivery.watched.push(...outcome.watched);
      }
      return delivery;
    },
  };
}

interface Batch {
  updates: Update[];
  body: string;
}

/** Cuts updates, in order, into bodies within the hub's limits. One update larger than the limit goes alone, to be refused. */
export function batchesOf(updates: readonly Update[]): Batch[] {
  const frame = encoder.encode('{"updates":[]}').length;
  const batches: { updates: Update[]; parts: string[]; bytes: number }[] = [];
  for (const update of updates) {
    const part = JSON.stringify(update);
    const bytes = encoder.encode(part).length + 1;
    const last = batches.at(-1);
    if (last !== undefined && last.updates.length < MAX_UPDATES && last.bytes + bytes <= MAX_BODY_BYTES) {
      last.updates.push(update);
      last.parts.push(part);
      last.bytes += bytes;
    } else batches.push({ updates: [update], parts: [part], bytes: frame + bytes });
  }
  return batches.map((batch) => ({ updates: batch.updates, body: `{"updates":[${batch.parts.join(",")}]}` }));
}

type Outcome = UpdatesAnswer | { again: boolean; reason: string };
type Attempt = Outcome & { retryAfterMs?: number; staleKeys?: boolean };

async function postBatch(batch: Batch, options: HubOptions): Promise<Outcome> {
  const id = `msg_${randomUUID()}`;
  let readKeysAgain = false;
  let mayReadKeys = true;
  let outcome: Attempt = { again: true, reason: "not_tried" };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    outcome = await attemptPost(id, batch.body, readKeysAgain, options);
    if (!("reason" in outcome)) return outcome;
    readKeysAgain = outcome.staleKeys === true && mayReadKeys;
    if (readKeysAgain) {
      mayReadKeys = false;
      continue;
    }
    if (!outcome.again || attempt === ATTEMPTS || options.signal?.aborted) break;
    const jittered = Math.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** attempt);
    try {
      await sleep(Math.max(jittered, outcome.retryAfterMs ?? 0), undefined, { signal: options.signal });
    } catch {
      break;
    }
  }
  return "reason" in outcome ? { again: outcome.again, reason: outcome.reason } : outcome;
}

async function attemptPost(id: string, body: string, freshKeys: boolean, options: HubOptions): Promise<Attempt> {
  let headers: Awaited<ReturnType<typeof sign>>;
  try {
    headers = await sign(await options.keys.keys(freshKeys), id, Math.floor(Date.now() / 1000), body);
  } catch (error) {
    return { again: true, reason: `no signing keys: ${error instanceof Error ? error.name : "unknown"}` };
  }
  try {
    const response = await fetch(`${options.hubUrl}/v1/instances/${encodeURIComponent(options.instanceId)}/updates`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    return await read(response);
  } catch (error) {
    return { again: true, reason: `no answer: ${error instanceof Error ? error.name : "unknown"}` };
  }
}

async function read(response: Response): Promise<Attempt> {
  const text = await response.text();
  if (response.ok) {
    const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), answerSchema), text);
    return answer.success ? answer.output : { again: true, reason: "the hub's answer is not one" };
  }
  const refusal = v.safeParse(v.pipe(v.string(), v.parseJson(), refusalSchema), text);
  const words = refusal.success ? [refusal.output.error, refusal.output.path, refusal.output.message] : [];
  const reason = [response.status, ...words.filter((word) => word)].join(" ");
  if (response.status === 401) return { again: false, staleKeys: true, reason };
  const again = response.status >= 500 || response.status === 408 || response.status === 429;
  return { again, reason, retryAfterMs: retryAfter(response.headers.get("retry-after")) };
}

/** Retry-After in ms; the header is seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS);
}
