import * as v from "valibot";

/** One thing that somebody did, as the hub keeps it (AUD-1). */
const entrySchema = v.object({
  /** Epoch ms. */
  at: v.number(),
  who: v.string(),
  name: v.string(),
  what: v.string(),
  subject: v.string(),
  result: v.string(),
  detail: v.fallback(v.nullable(v.string()), null),
});
export type AuditLine = v.InferOutput<typeof entrySchema>;

const answerSchema = v.object({ data: v.array(entrySchema) });

/** Returns the entries of an answer; null = it has none. */
export function readAuditEntries(body: unknown): readonly AuditLine[] | null {
  const parsed = v.safeParse(answerSchema, body);
  return parsed.success ? parsed.output.data : null;
}

/** What the reader wants to see; null = all. */
export interface AuditFilter {
  readonly who: string | null;
  readonly what: string | null;
}

export const NO_AUDIT_FILTER: AuditFilter = { who: null, what: null };

/** Returns the resource of the entries before a time (epoch ms; null = now). */
export function auditResource({ who, what }: AuditFilter, before: number | null, limit: number): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (before !== null) query.set("to", String(before));
  if (who !== null) query.set("who", who);
  if (what !== null) query.set("what", what);
  return `audit?${query}`;
}

/** A part of the log, and where the next one ends. */
export interface AuditPage {
  readonly entries: readonly AuditLine[];
  /** Epoch ms: the next part has what was before. null = there is no more. */
  readonly before: number | null;
}

/**
 * Cuts an answer where the next one can go on. Entries have no id, and several may have one time: those at the oldest time of a full
 * answer come whole with the next one.
 */
export function auditPage(entries: readonly AuditLine[], limit: number): AuditPage {
  const oldest = entries.at(-1)?.at;
  if (entries.length < limit || oldest === undefined) return { entries, before: null };
  const whole = entries.filter(({ at }) => at > oldest);
  // More entries at one time than fit into an answer: rather go on than stand still.
  return whole.length === 0 ? { entries, before: oldest } : { entries: whole, before: oldest + 1 };
}
