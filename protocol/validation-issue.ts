import type * as v from "valibot";
import { EARLIEST_MS } from "./agent.ts";
import { isWellFormed } from "./labels.ts";

/** Writes the path of a valibot issue as `updates[3].status.kind`. */
export function pathOf(issue: v.BaseIssue<unknown>): string {
  let path = "";
  for (const item of issue.path ?? []) {
    path += typeof item.key === "number" ? `[${item.key}]` : `${path === "" ? "" : "."}${String(item.key)}`;
  }
  return path;
}

/** Describes the issue without the received value. */
export function messageOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "integer") return "Invalid number; expected a whole number.";
  if (issue.type === "finite") return "Invalid number; expected a finite one.";
  if (issue.type === "min_value" && issue.requirement === EARLIEST_MS) return "Too early; expected epoch milliseconds.";
  if (issue.requirement === isWellFormed) return "Invalid text; half of a character outside the basic plane stands alone.";
  if (issue.received === "undefined") return `Missing; expected ${issue.expected ?? "a value"}.`;
  return issue.expected === null
    ? "Not allowed here."
    : `Invalid ${issue.type.replaceAll("_", " ")}; expected ${issue.expected}.`;
}
