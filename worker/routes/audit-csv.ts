import * as v from "valibot";

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
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** A spreadsheet would run a text that begins like a formula. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
