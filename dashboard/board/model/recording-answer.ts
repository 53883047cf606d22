import * as v from "valibot";

const linkSchema = v.object({ url: v.pipe(v.string(), v.url()), expiresAt: v.number() });
const refusedSchema = v.object({ error: v.string() });

/** The stable words with which the hub says why there is no link. */
const REFUSALS = [
  "no_recording",
  "recording_not_ready",
  "not_allowed",
  "switched_off",
  "not_found",
  "too_slow",
  "too_many_requests",
  "not_configured",
] as const;
/** The words of the function mean the same to a reader as one of those. */
const FUNCTION_REFUSALS: Readonly<Record<string, (typeof REFUSALS)[number]>> = {
  not_permitted: "not_configured",
  function_refused: "not_configured",
};
export type RecordingRefusal = (typeof REFUSALS)[number] | "failed";

/** A link to a recording until `expiresAt` (epoch ms on the hub's clock), or why there is none. */
export type RecordingReply = { url: string; expiresAt: number } | { refusal: RecordingRefusal };

/** Reads what the hub answered to the question for a recording. `failed` = it did not answer, or says something new. */
export function readRecordingReply(status: number, body: unknown): RecordingReply {
  // An address that is no web address would run as a script.
  if (status === 200 && v.is(linkSchema, body) && /^https?:$/.test(new URL(body.url).protocol))
    return { url: body.url, expiresAt: body.expiresAt };
  const word = v.is(refusedSchema, body) ? body.error : "";
  return { refusal: REFUSALS.find((known) => known === word) ?? FUNCTION_REFUSALS[word] ?? "failed" };
}
