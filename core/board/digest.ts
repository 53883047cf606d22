import { fnv1a } from "../../protocol/row-number.ts";

/** Returns a short word (8 hex digits) that stands for a text that nobody forges. */
export function digest(text: string): string {
  return fnv1a(text).toString(16).padStart(8, "0");
}
