import { createHash } from "node:crypto";
import * as v from "valibot";
import { EARLIEST_MS } from "../../protocol/agent.ts";
import { MAX_LABEL } from "../../protocol/labels.ts";
import { MAX_AHEAD_MS, MAX_TEXT } from "../../protocol/updates.ts";
import type { Flaws } from "./reading.ts";

/** Stands where a text was cut. */
const MARK = "…";
/** Hexadecimal digits that keep two long ids apart. */
const DIGEST_LENGTH = 16;
/** A longer character (a letter with hundreds of accents) is cut in its middle. */
const LONGEST_GRAPHEME = 64;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Brings foreign values within the limits of docs/protocol.md and counts what it changed. Amazon Connect's limits are wider than
 * ours (a first name has up to 255 characters and a last name 300), and the hub refuses a whole post for one value.
 */
export class ForeignValues {
  readonly flaws: Flaws = { cut: 0, skipped: 0 };

  /** A name of a person, queue, group, status or category. */
  label(text: string): string {
    return this.#within(text, MAX_LABEL);
  }

  labelOrNull(text: string | null | undefined): string | null {
    return text ? this.label(text) : null;
  }

  /** The text of a turn. */
  turnText(text: string): string {
    return this.#within(text, MAX_TEXT);
  }

  /** An id. A long one ends in a digest, because two of them may begin alike. */
  id(text: string): string {
    if (text.length <= MAX_LABEL) return wellFormed(text);
    this.flaws.cut += 1;
    return cutText(text, MAX_LABEL - DIGEST_LENGTH) + createHash("sha256").update(text).digest("hex").slice(0, DIGEST_LENGTH);
  }

  idOrNull(text: string | null | undefined): string | null {
    return text ? this.id(text) : null;
  }

  /** The first members of a list. */
  first<Member>(members: readonly Member[], max: number): Member[] {
    if (members.length > max) this.flaws.cut += 1;
    return members.slice(0, max);
  }

  /** The members that the schema can read. One that it cannot read costs only itself. */
  readable<Schema extends v.GenericSchema>(schema: Schema, members: readonly unknown[]): v.InferOutput<Schema>[] {
    return members.flatMap((member) => {
      const parsed = v.safeParse(schema, member);
      if (parsed.success) return [parsed.output];
      this.flaws.skipped += 1;
      return [];
    });
  }

  #within(text: string, max: number): string {
    if (text.length > max) this.flaws.cut += 1;
    return cutText(text, max);
  }
}

/** Returns the text with at most `max` UTF-16 code units. A longer one ends in "…" after its last whole character that fits. */
export function cutText(text: string, max: number): string {
  const whole = wellFormed(text);
  if (whole.length <= max) return whole;
  const room = max - MARK.length;
  const boundary = graphemes.segment(whole).containing(room)?.index ?? room;
  return (boundary >= room - LONGEST_GRAPHEME ? whole.slice(0, boundary) : codePoints(whole, room)) + MARK;
}

/** ISO 8601 with its offset. A time without one would be read in the zone of this machine. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)$/i;

/** Returns epoch ms, or null for a time that is unset or in seconds. Amazon Connect writes 1970 for an unset time. */
export function timeOrNull(time: string | Date | null | undefined): number | null {
  const ms = time instanceof Date ? time.getTime() : ISO_TIME.test(time ?? "") ? Date.parse(time ?? "") : Number.NaN;
  return ms >= EARLIEST_MS ? ms : null;
}

/**
 * Returns the time, or null for one that lies more than a day ahead. The hub refuses all of an update for it, a whole list of agents
 * for example. So it counts as unset.
 * @param now epoch ms
 */
export function unlessAhead(time: number | null, now: number = Date.now()): number | null {
  return time !== null && time > now + MAX_AHEAD_MS ? null : time;
}

/** Half of a surrogate pair is no character, and cannot be sent as UTF-8. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, "\uFFFD");
}

/** Returns the first code units, without half of a surrogate pair. */
function codePoints(text: string, room: number): string {
  const split = /[\uD800-\uDBFF]/.test(text.charAt(room - 1));
  return text.slice(0, split ? room - 1 : room);
}
