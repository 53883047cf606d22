import * as v from "valibot";
import { MAX_SHARED_VIEWS, MAX_VIEW_NAME, MAX_VIEW_QUERY, type SharedView } from "../../protocol/shared-views.ts";

const MAX_BODY = 256 * 1024;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
/** Control characters, halves of characters, and line breaks. */
const UNREADABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A name without blanks around it, in one form of Unicode, so that one name is one view. */
const nameSchema = v.pipe(
  v.string(),
  v.normalize(),
  v.trim(),
  v.nonEmpty(),
  v.maxLength(MAX_VIEW_NAME),
  v.check((name) => VISIBLE.test(name) && !UNREADABLE.test(name)),
);
const viewsSchema = v.pipe(
  v.array(v.object({ name: nameSchema, query: v.pipe(v.string(), v.maxLength(MAX_VIEW_QUERY)) })),
  v.maxLength(MAX_SHARED_VIEWS),
  v.check((views) => new Set(views.map(({ name }) => name)).size === views.length),
);
const bodySchema = v.pipe(
  v.string(),
  v.maxLength(MAX_BODY),
  v.parseJson(),
  v.object({ views: viewsSchema, version: v.optional(v.nullable(v.number()), null) }),
);

export type ViewsRequest =
  | { ok: true; views: SharedView[]; version: number | null }
  | { ok: false; path: string; message: string };

/** Reads the list of views that an admin sends. The message names the rule and quotes nothing of the body. */
export function parseViewsRequest(text: string): ViewsRequest {
  const parsed = v.safeParse(bodySchema, text);
  if (parsed.success) return { ok: true, ...parsed.output };
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue) ?? "";
  if (path.endsWith("name"))
    return { ok: false, path, message: `Name the view in 1 to ${MAX_VIEW_NAME} characters of one line.` };
  if (path.endsWith("query"))
    return {
      ok: false,
      path,
      message: `Send the view as the query of the board's address, at most ${MAX_VIEW_QUERY} characters.`,
    };
  if (path.startsWith("views"))
    return { ok: false, path, message: `List at most ${MAX_SHARED_VIEWS} views, each with a name of its own.` };
  const message = 'The body is no JSON object with views. Send {"views":[{"name":"…","query":"…"}],"version":0}.';
  return { ok: false, path, message };
}
