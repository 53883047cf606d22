import * as v from "valibot";
import { csvText } from "./csv-text.ts";

const auditSchema = v.object({
  data: v.array(
    v.object({
      at: v.number(),
      who: v.string(),
      name: v.string(),
      what: v.string(),
      subject: v.string(),
      result: v.string(),
      detail: v.nullable(v.string()),
    }),
  ),
});

/** Writes the audit by RFC 4180, with times by ISO 8601. */
export function auditCsv(body: unknown): string {
  const { data } = v.parse(auditSchema, body);
  const head = ["at", "who", "name", "what", "subject", "result", "detail"];
  const rows = data.map(({ at, who, name, what, subject, result, detail }) => {
    return [new Date(at).toISOString(), who, name, what, subject, result, detail ?? ""];
  });
  return csvText([head, ...rows]);
}
