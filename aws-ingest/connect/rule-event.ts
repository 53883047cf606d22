import type { AlertRaised } from "../../protocol/alert-raised.ts";
import { ForeignValues, timeOrNull } from "./foreign-values.ts";
import { fieldsOf, notMine, type RecordReading, unreadable } from "./reading.ts";

/**
 * The events of Amazon Connect's own rules (Amazon EventBridge Events Reference, "Amazon Connect events", 2026-11). Of the first,
 * the AWS CDK lists the fields: `version`, `ruleName`, `actionName`, `instanceArn`, `contactArn`, `agentArn` and `queueArn`. No
 * source shows a whole event of the second, so agents and queues are read off every ARN in it.
 */
const OF_CONTACTS = "Contact Lens Realtime Rules Matched";
const OF_METRICS = "Metrics Rules Matched";

/** A rule on metrics may name many agents. More alerts at once help nobody. */
const MAX_SUBJECTS = 20;
const MAX_DEPTH = 6;
const ARN = /^arn:[\w-]+:connect:[\w-]+:\d+:instance\/([^/]+)\/(contact|agent|queue)\/([^/]+)$/;

/** Whether the event comes from a rule of Amazon Connect. */
export function isRuleEvent(event: unknown): boolean {
  const kind = fieldsOf(event)?.["detail-type"];
  return kind === OF_CONTACTS || kind === OF_METRICS;
}

/** Returns an alert for each subject that an event of this instance names, or one for the whole center when it names none. */
export function readRuleEvent(event: unknown, instanceId: string): RecordReading<AlertRaised[]> {
  const detail = fieldsOf(fieldsOf(event)?.["detail"]);
  if (detail === null) return unreadable("detail is missing or wrong");
  const { ruleName, instanceArn } = detail;
  if (typeof instanceArn !== "string") return unreadable("detail.instanceArn is missing or wrong");
  if (!instanceArn.endsWith(`/${instanceId}`)) return notMine("another-instance");
  if (typeof ruleName !== "string" || ruleName === "") return unreadable("detail.ruleName is missing or wrong");
  const time = fieldsOf(event)?.["time"];
  const occurredAt = typeof time === "string" ? timeOrNull(time) : null;
  if (occurredAt === null) return unreadable("time is missing or wrong");
  const values = new ForeignValues();
  const found = idsIn(detail, instanceId, MAX_DEPTH);
  const raise = (ids: Pick<AlertRaised, "contactId" | "agentId" | "queueId">): AlertRaised => ({
    type: "alert.raised",
    ruleName: values.label(ruleName),
    severity: "warning",
    ...ids,
    occurredAt,
  });
  const [contactId] = found.contact;
  const [agentId] = found.agent;
  // A contact has one agent and one queue, and the alert is about the contact.
  if (contactId !== undefined) {
    const ids = { contactId: values.id(contactId), agentId: values.idOrNull(agentId), queueId: null };
    return { outcome: "read", value: [raise(ids)], flaws: values.flaws };
  }
  const subjects = [
    ...[...found.agent].map((id) => ({ contactId: null, agentId: values.id(id), queueId: null })),
    ...[...found.queue].map((id) => ({ contactId: null, agentId: null, queueId: values.id(id) })),
  ];
  const named = subjects.length > 0 ? values.first(subjects, MAX_SUBJECTS) : [{ contactId: null, agentId: null, queueId: null }];
  return { outcome: "read", value: named.map(raise), flaws: values.flaws };
}

type FoundIds = Record<"contact" | "agent" | "queue", Set<string>>;

/** Collects the ids of contacts, agents and queues of this instance from every ARN in a JSON value. */
function idsIn(json: unknown, instanceId: string, depth: number): FoundIds {
  const found: FoundIds = { contact: new Set(), agent: new Set(), queue: new Set() };
  collect(json, instanceId, depth, found);
  return found;
}

function collect(json: unknown, instanceId: string, depth: number, found: FoundIds): void {
  if (typeof json === "string") {
    const [, instance, kind, id] = ARN.exec(json) ?? [];
    if (instance === instanceId && id !== undefined && (kind === "contact" || kind === "agent" || kind === "queue"))
      found[kind].add(id);
    return;
  }
  if (typeof json !== "object" || json === null || depth === 0) return;
  for (const value of Object.values(json)) collect(value, instanceId, depth - 1, found);
}
