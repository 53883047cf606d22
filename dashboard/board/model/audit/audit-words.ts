import * as v from "valibot";
import type { TextKey } from "../../text/messages.ts";
import type { Text } from "../../text/text.ts";
import { endWords } from "../actions/action-words.ts";
import type { AuditLine } from "./audit-entries.ts";

/** What people can do that the log keeps, in the order of the filter. */
export const DEEDS = {
  "action.status": "audit.did.action.status",
  "action.free": "audit.did.action.free",
  "action.listen": "audit.did.action.listen",
  "action.barge": "audit.did.action.barge",
  "action.stop": "audit.did.action.stop",
  "alert.acknowledge": "audit.did.alert.acknowledge",
  "rules.save": "audit.did.rules.save",
  "views.save": "audit.did.views.save",
  "recording.open": "audit.did.recording.open",
  "alerts.test": "audit.did.alerts.test",
  "display.make": "audit.did.display.make",
  "display.remove": "audit.did.display.remove",
} as const satisfies Record<string, TextKey>;

/** How the log names agents and alerts. Null = the name is not known any more. */
export interface AuditNames {
  readonly agent: (agentId: string) => string | null;
  readonly alert: (alertId: string) => string | null;
}

const named = v.union([v.string(), v.looseObject({ id: v.string() })]);
const changed = v.union([
  v.pipe(
    v.looseObject({ after: named }),
    v.transform(({ after }) => after),
  ),
  named,
]);
const names = (item: typeof named | typeof changed) => v.optional(v.fallback(v.array(item), []), []);
const detailSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    contactId: v.optional(v.string()),
    statusName: v.optional(v.string()),
    groups: v.optional(v.array(v.string())),
    version: v.optional(v.number()),
    added: names(named),
    shared: names(named),
    removed: names(named),
    changed: names(changed),
  }),
);

/** Says what was done. A deed of a newer hub has only its own word. */
export function deedOfEntry({ what }: Pick<AuditLine, "what">, text: Text): string {
  const key = Object.entries(DEEDS).find(([deed]) => deed === what)?.[1];
  return key === undefined ? what : text.text(key);
}

/** Says to whom or what it was done: names, the contact, and what was chosen. */
export function aboutEntry({ what, subject, detail }: AuditLine, names: AuditNames, text: Text): string {
  const parsed = v.safeParse(detailSchema, detail ?? "");
  const known: Partial<v.InferOutput<typeof detailSchema>> = parsed.success ? parsed.output : {};
  const { contactId, statusName, groups, version } = known;
  const lists = [
    ["audit.added", [...(known.added ?? []), ...(known.shared ?? [])]],
    ["audit.removed", known.removed ?? []],
    ["audit.changed", known.changed ?? []],
  ] as const;
  const words = [
    subjectWords(what, subject, names),
    statusName ?? "",
    contactId === undefined ? "" : text.text("audit.contact", { id: contactId.slice(0, 8) }),
    groups === undefined ? "" : groups.includes("*") ? text.text("displays.all") : text.list(groups),
    version === undefined ? "" : text.text("audit.version", { version }),
    ...lists.map(([key, rules]) => (rules.length === 0 ? "" : text.text(key, { names: text.list(rules.map(nameOf)) }))),
  ];
  return words.filter((word) => word !== "").join(" · ");
}

function subjectWords(what: string, subject: string, names: AuditNames): string {
  if (what.startsWith("action.") || what === "recording.open") return names.agent(subject) ?? subject;
  if (what === "alert.acknowledge") return names.alert(subject) ?? subject;
  return subject;
}

function nameOf(rule: v.InferOutput<typeof named>): string {
  if (typeof rule === "string") return rule;
  const { title } = rule;
  return typeof title === "string" && title !== "" ? title : rule.id;
}

/** Says what came of it. */
export function resultOfEntry({ result }: Pick<AuditLine, "result">, text: Text): string {
  if (result === "ok") return text.text("audit.ok");
  if (result === "sent") return text.text("audit.sent");
  if (result === "not_delivered") return text.text("audit.notDelivered");
  const kind = result === "unknown" ? "unknown" : "refused";
  return endWords("status", { kind, code: result, message: result }, false, text);
}
