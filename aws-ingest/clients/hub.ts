import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import type { UpdatesAnswer } from "../../protocol/answers.ts";
import { backoffMs } from "../../protocol/backoff.ts";
import { sign } from "../../protocol/signature.ts";
import { MAX_BODY_BYTES, MAX_UPDATES, type Update } from "../../protocol/updates.ts";
import type { KeyRing } from "./secrets.ts";
import { UnknownTypes } from "./unknown-types.ts";

/** Six attempts have up to 15.5 s of pauses between them, which is longer than a deployment of the hub takes. */
const ATTEMPTS = 6;
const REQUEST_TIMEOUT_MS = 5000;
const BACKOFF = { firstMs: 500, longestMs: 8000 };
/** Longer than this, the updates would be out of date, so a longer Retry-After is cut. */
const RETRY_AFTER_MAX_MS = 30_000;
const encoder = new TextEncoder();
const unknownTypes = new UnknownTypes();

const answerSchema = v.object({
  accepted: v.number(),
  stale: v.number(),
  duplicate: v.boolean(),
  epoch: v.string(),
  seq: v.number(),
  watched: v.array(v.string()),
  unlisted: v.exactOptional(v.array(v.string())),
  suspects: v.exactOptional(v.array(v.string())),
});
const refusalSchema = v.object({ error: v.string(), path: v.optional(v.string()), message: v.optional(v.string()) });

export interface Undelivered {
  updates: readonly Update[];
  /** The hub may accept them later: it was away or busy, or it did not know our signature. */
  retryable: boolean;
  /** Why, in the hub's own words. They never quote a value. */
  reason: string;
}

export interface Delivery {
  /** Updates that the hub stored. */
  accepted: number;
  /** Updates that the hub did not need, because it has newer ones. */
  stale: number;
  /** Contacts of these updates that a viewer watches. */
  watched: string[];
  /** Agents on the board that a completed snapshot of these updates leaves out, if it asks for them. */
  unlisted?: string[];
  /** Contacts that the hub still counts as waiting, and that a queue snapshot of these updates makes doubtful. */
  suspects?: string[];
  undelivered: Undelivered[];
}

export interface HubClientOptions {
  hubUrl: string;
  instanceId: string;
  keys: KeyRing;
  /** Ends the pauses between attempts. Updates that were not delivered by then are in the result. */
  signal?: AbortSignal;
  /** How long a batch is tried at least while the failure may pass, ms. Absent: six attempts. */
  patienceMs?: number;
}

export interface HubClient {
  post(updates: readonly Update[]): Promise<Delivery>;
}

/**
 * Posts updates to the hub in batches within its limits (500 updates, 1 MiB). A batch keeps one `webhook-id` over all its
 * attempts, so the hub stores it once. The client tries again after a failure that may pass: no connection, 408, 429, 5xx, and
 * once after 401, with the secret read again. The pauses have full jitter and respect Retry-After.
 * It never throws for a failure of the hub. The result lists the updates that the hub refused. A type that an older hub does not
 * know is in the list once, and then left out for a while ({@link UnknownTypes}).
 */
export function createHubClient(options: HubClientOptions): HubClient {
  return {
    async post(updates) {
      const delivery: Delivery = { accepted: 0, stale: 0, watched: [], undelivered: [] };
      const batches = batchesOf(unknownTypes.withoutUnknown(options.hubUrl, updates));
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        const outcome = await postBatch(batch, options);
        if ("reason" in outcome) {
          const { retryable, reason, path, wrongIndex } = outcome;
          const wrong = wrongIndex === null ? batch.updates : batch.updates.slice(wrongIndex, wrongIndex + 1);
          delivery.undelivered.push({ updates: wrong, retryable, reason });
          if (wrongIndex === null) continue;
          for (const update of wrong) unknownTypes.noteRefusal(options.hubUrl, update, path);
          // The hub refuses the whole batch for one wrong update, so the client posts the others without it.
          const others = batch.updates.filter((_, index) => index !== wrongIndex);
          batches.unshift(...batchesOf(unknownTypes.withoutUnknown(options.hubUrl, others)));
          continue;
        }
        delivery.accepted += outcome.accepted;
        delivery.stale += outcome.stale;
        delivery.watched.push(...outcome.watched);
        if (outcome.unlisted !== undefined) delivery.unlisted = outcome.unlisted;
        // Several parts of a snapshot may have suspects.
        if (outcome.suspects !== undefined) delivery.suspects = [...(delivery.suspects ?? []), ...outcome.suspects];
      }
      return delivery;
    },
  };
}

interface Batch {
  updates: Update[];
  body: string;
}

/** Splits updates, in order, into bodies within the hub's limits. An update above the limit goes alone, and the hub refuses it. */
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

interface Refusal {
  /** The hub may accept the batch later. */
  retryable: boolean;
  /** The client should try again now. */
  retryNow: boolean;
  reason: string;
  retryAfterMs: number;
  /** The signing secret may have been rotated since it was read. */
  staleKeys: boolean;
  /** The first wrong place in the batch, in the hub's words; empty when it named none. */
  path: string;
  /** Index of the wrong update that the hub named. null: the refusal is about the whole batch. */
  wrongIndex: number | null;
}
type PostOutcome = UpdatesAnswer | Refusal;

async function postBatch(batch: Batch, options: HubClientOptions): Promise<PostOutcome> {
  const id = `msg_${randomUUID()}`;
  let freshKeys = false;
  let mayReadKeys = true;
  const giveUpAt = Date.now() + (options.patienceMs ?? 0);
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attemptPost(id, batch, freshKeys, options);
    if (!("reason" in outcome)) return outcome;
    freshKeys = outcome.staleKeys && mayReadKeys;
    if (freshKeys) {
      mayReadKeys = false;
      continue;
    }
    const isSpent = attempt >= ATTEMPTS && Date.now() >= giveUpAt;
    if (!outcome.retryNow || isSpent || options.signal?.aborted) return outcome;
    const wait = Math.max(backoffMs(attempt - 1, BACKOFF, Math.random()), outcome.retryAfterMs);
    await sleep(wait, undefined, options.signal ? { signal: options.signal } : {}).catch(() => {});
  }
}

async function attemptPost(id: string, batch: Batch, freshKeys: boolean, options: HubClientOptions): Promise<PostOutcome> {
  let headers: Awaited<ReturnType<typeof sign>>;
  try {
    headers = await sign(await options.keys.keys(freshKeys), id, Math.floor(Date.now() / 1000), batch.body);
  } catch (error) {
    return unanswered(`the signing secret could not be read: ${nameOf(error)}`);
  }
  try {
    const response = await fetch(`${options.hubUrl}/v1/instances/${encodeURIComponent(options.instanceId)}/updates`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: batch.body,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    return await readAnswer(response, batch);
  } catch (error) {
    return unanswered(`no answer from the hub: ${nameOf(error)}`);
  }
}

async function readAnswer(response: Response, batch: Batch): Promise<PostOutcome> {
  const text = await response.text();
  const { status } = response;
  if (response.ok) {
    const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), answerSchema), text);
    return answer.success ? answer.output : unanswered("the hub's answer is not what docs/protocol.md says");
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), refusalSchema), text);
  const refusal = parsed.success ? parsed.output : { error: "", path: "", message: "" };
  const words = [String(status), refusal.error, refusal.path ?? "", refusal.message ?? ""];
  const retryNow = status >= 500 || status === 408 || status === 429;
  return {
    // An operator can correct a wrong secret, and then the hub accepts the same updates.
    retryable: retryNow || status === 401 || status === 403,
    retryNow,
    reason: words.filter((word) => word !== "").join(" "),
    retryAfterMs: retryAfter(response.headers.get("retry-after")),
    staleKeys: status === 401,
    path: refusal.path ?? "",
    wrongIndex: status === 400 ? indexOf(refusal.path ?? "", batch.updates.length) : null,
  };
}

/** Reads the index of a path such as `updates[3].score`. Returns null for another path or an index outside of the batch. */
function indexOf(path: string, count: number): number | null {
  const index = /^updates\[(\d+)\]/.exec(path)?.[1];
  return index === undefined || Number(index) >= count ? null : Number(index);
}

function unanswered(reason: string): Refusal {
  return { retryable: true, retryNow: true, reason, retryAfterMs: 0, staleKeys: false, path: "", wrongIndex: null };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}

/** Returns Retry-After in ms. The header is a number of seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS);
}
