/**
 * Whether `If-None-Match` names the tag. It compares by RFC 9110 §13.1.2: a list of weak tags (an edge that compresses makes tags
 * weak), or `*`. null = the caller knows none.
 */
export function isKnownTag(ifNoneMatch: string | null, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
