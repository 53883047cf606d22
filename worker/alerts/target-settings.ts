import * as v from "valibot";
import type { AlertTarget } from "../../core/alerts/outbox.ts";
import { severitySchema } from "../../protocol/alert.ts";
import { messageOf, pathOf } from "../../protocol/validation-issue.ts";
import { addressProblem } from "./receiver-address.ts";

/** How the hub reaches a target. All of it is secret. */
export type Receiver =
  | { readonly kind: "webhook"; readonly url: string; readonly secret: string }
  | { readonly kind: "slack" | "teams"; readonly url: string }
  | { readonly kind: "email"; readonly from: string; readonly to: readonly string[] };

/** A target with its address, and the contact centers that use it. */
export interface DeliveryTarget extends AlertTarget {
  readonly receiver: Receiver;
  /** Ids of instances; null = every instance of the hub. */
  readonly instances: readonly string[] | null;
}

/** More targets than a center has teams. Each alert is compared with all of them. */
const MAX_TARGETS = 100;
/** Cloudflare sends one e-mail to at most 50 (developers.cloudflare.com/email-service/platform/limits, 2026-11). */
const MAX_RECIPIENTS = 50;

const idSchema = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/));
/** Alerts of Amazon Connect's own rules have ids with an underscore (`protocol/alert-raised.ts`). */
const ruleIdSchema = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9_-]{0,63}$/));
const textSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const listSchema = v.pipe(v.array(textSchema), v.minLength(1), v.maxLength(100));
const mailSchema = v.pipe(v.string(), v.maxLength(254), v.regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$/));
const urlSchema = v.pipe(v.string(), v.minLength(1));

const shared = {
  language: v.optional(v.picklist(["en", "es"]), "en"),
  /** Whether messages name agents. */
  names: v.optional(v.boolean(), false),
  /** Only alerts of these groups, of these rules, of this severity. Absent = all. */
  groups: v.optional(listSchema),
  rules: v.optional(v.pipe(v.array(ruleIdSchema), v.minLength(1), v.maxLength(200))),
  minSeverity: v.optional(severitySchema, "warning"),
  instances: v.optional(listSchema),
};
const targetSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("webhook"), url: urlSchema, secret: v.string(), ...shared }),
  v.strictObject({ kind: v.literal("slack"), url: urlSchema, ...shared }),
  v.strictObject({ kind: v.literal("teams"), url: urlSchema, ...shared }),
  v.strictObject({
    kind: v.literal("email"),
    from: mailSchema,
    to: v.pipe(v.array(mailSchema), v.minLength(1), v.maxLength(MAX_RECIPIENTS)),
    ...shared,
  }),
]);
type TargetEntry = v.InferOutput<typeof targetSchema>;

export type ParsedTargets = { ok: true; targets: readonly DeliveryTarget[] } | { ok: false; problem: string };

const NAMES = "Names have 1 to 64 lower-case letters, digits and hyphens, and begin with a letter or digit.";
const FORM = 'is not a JSON object such as {"shift-leads":{"kind":"slack","url":"https://…"}}';

/**
 * Parses the targets of alerts, all or nothing. The problem is the rest of a sentence that begins with the setting's name. It names
 * the place (`.shift-leads.url`) and never a value.
 * @param allowLoopback also allows http to this machine
 */
export function parseDeliveryTargets(text: string, allowLoopback: boolean): ParsedTargets {
  const entries = entriesOf(text);
  if (entries === null) return { ok: false, problem: `${FORM}.` };
  if (entries.length > MAX_TARGETS) return { ok: false, problem: `has more than ${MAX_TARGETS} targets.` };
  const targets: DeliveryTarget[] = [];
  for (const [index, [id, entry]] of entries.entries()) {
    // A wrong name may be a secret that got into the wrong place.
    if (!v.is(idSchema, id)) return { ok: false, problem: `has a wrong name at target ${index + 1}. ${NAMES}` };
    const parsed = v.safeParse(targetSchema, entry, { abortEarly: true });
    if (!parsed.success) return { ok: false, problem: refusalOf(id, parsed.issues[0]) };
    const problem = problemOf(parsed.output, allowLoopback);
    if (problem !== null) return { ok: false, problem: `has a mistake at ${id}.${problem}` };
    targets.push(targetOf(id, parsed.output));
  }
  return { ok: true, targets };
}

function refusalOf(id: string, issue: v.BaseIssue<unknown>): string {
  const inner = pathOf(issue);
  if (issue.type === "strict_object" && issue.expected === "never") {
    // The name of an unknown field may be a secret too.
    return `has an unknown field at ${id}. The fields of each kind are in docs/deploy.md.`;
  }
  const message = issue.type === "regex" ? formOf(inner) : messageOf(issue);
  return `has a mistake at ${id}${inner === "" ? "" : `.${inner}`}. ${message}`;
}

function formOf(path: string): string {
  return path.startsWith("rules")
    ? "Invalid id of a rule."
    : "Invalid address; expected one e-mail address such as vigia@example.com.";
}

/** Returns what the schema cannot see, as `url is …`. */
function problemOf(entry: TargetEntry, allowLoopback: boolean): string | null {
  if (entry.kind === "email") return null;
  const problem = addressProblem(entry.url, allowLoopback);
  if (problem !== null) return `url. The address ${problem}. Give the https address that the receiver gave you.`;
  if (entry.kind === "webhook" && !isSecret(entry.secret)) {
    return "secret. It is not whsec_ and base64 of 24 to 64 bytes. Several are separated by spaces, the newest first.";
  }
  return null;
}

function isSecret(secret: string): boolean {
  const words = secret.split(" ");
  return words.every((word) => {
    const base64 = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(word)?.[1] ?? "";
    const bytes = (base64.length / 4) * 3 - (base64.match(/=/g)?.length ?? 0);
    return bytes >= 24 && bytes <= 64;
  });
}

function targetOf(id: string, entry: TargetEntry): DeliveryTarget {
  const { language, names: withNames, minSeverity, groups = null, rules = null, instances = null } = entry;
  return { id, language, withNames, minSeverity, groups, rules, instances, receiver: receiverOf(entry) };
}

function receiverOf(entry: TargetEntry): Receiver {
  switch (entry.kind) {
    case "webhook":
      return { kind: "webhook", url: entry.url, secret: entry.secret };
    case "email":
      return { kind: "email", from: entry.from, to: entry.to };
    default:
      return { kind: entry.kind, url: entry.url };
  }
}

/** Returns the entries of a JSON object, or null for any other text. A name that comes twice would hide the first target. */
function entriesOf(json: string): [string, unknown][] | null {
  const parsed = v.safeParse(v.pipe(v.string(), v.trim(), v.startsWith("{"), v.parseJson(), v.looseObject({})), json);
  return parsed.success ? Object.entries(parsed.output) : null;
}
