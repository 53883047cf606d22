import * as v from "valibot";
import type { GroupFilter } from "../../core/board/visibility.ts";
import { groupFilterOf } from "../auth/authority.ts";
import { fitsSession } from "../auth/tickets.ts";

/** A name stands in a list, in an address and in the audit. */
const MAX_NAME = 100;
const MAX_GROUPS = 64;
const MAX_GROUP_NAME = 256;
/** The groups are part of each ticket, which has at most 16,000 characters of base64. */
const MAX_GROUPS_BYTES = 8 * 1024;
const MAX_BODY = 64 * 1024;

const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
/** Control characters, halves of characters, and line breaks. */
const UNREADABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A name without blanks around it, in one form of Unicode, so that it is found again as people type it. */
const nameSchema = v.pipe(
  v.string(),
  v.normalize(),
  v.trim(),
  v.nonEmpty(),
  v.maxLength(MAX_NAME),
  // Browsers and servers resolve these two in an address, so DELETE would never arrive.
  v.notValue("."),
  v.notValue(".."),
  v.check((name) => VISIBLE.test(name) && !UNREADABLE.test(name)),
);
const groupsSchema = v.pipe(
  v.array(v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_GROUP_NAME))),
  v.minLength(1),
  v.maxLength(MAX_GROUPS),
  v.check((groups) => fitsSession(groups) && new TextEncoder().encode(JSON.stringify(groups)).length <= MAX_GROUPS_BYTES),
);
const bodySchema = v.pipe(v.string(), v.maxLength(MAX_BODY), v.parseJson(), v.object({ name: nameSchema, groups: groupsSchema }));

export type DisplayRequest = { ok: true; name: string; groupFilter: GroupFilter } | { ok: false; path: string; message: string };

/** Reads what an admin posts to make a link. */
export function parseDisplayRequest(text: string): DisplayRequest {
  const parsed = v.safeParse(bodySchema, text);
  if (parsed.success) return { ok: true, name: parsed.output.name, groupFilter: groupFilterOf(parsed.output.groups) };
  const key = parsed.issues[0].path?.[0]?.key;
  if (key === "name") return { ok: false, path: "name", message: `Name the display in 1 to ${MAX_NAME} characters of one line.` };
  if (key === "groups") {
    const message =
      `List 1 to ${MAX_GROUPS} groups of at most ${MAX_GROUP_NAME} characters, ${MAX_GROUPS_BYTES / 1024} KiB in all, ` +
      'or ["*"] for all agents.';
    return { ok: false, path: "groups", message };
  }
  return { ok: false, path: "", message: 'The body is no JSON object. Send {"name":"…","groups":["…"]}.' };
}

/** Returns the name as it is stored; null = no display can have it. */
export function readDisplayName(text: string): string | null {
  const parsed = v.safeParse(nameSchema, text);
  return parsed.success ? parsed.output : null;
}
