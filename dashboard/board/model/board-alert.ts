import type { AgentStatus } from "../../../protocol/agent.ts";
import type { CenterAlert } from "../../../protocol/alert.ts";
import type { AlertRule, Watch } from "../../../protocol/alert-rules.ts";
import type { AgentView } from "../../client/contract.ts";

/** One alert of the center as the board shows it. Times are epoch milliseconds on the hub's clock. */
export interface BoardAlert {
  readonly id: string;
  /** The id of the rule. */
  readonly rule: string;
  /** What people read instead of the standard words. */
  readonly title: string | null;
  /** What the rule watches; null = the board does not know the rule (yet, or any more). */
  readonly watch: Watch | null;
  readonly level: "critical" | "warn";
  /** The agent in whose row it is: the subject, or who has the contact. Null for queues, the hub, and contacts that are over. */
  readonly agentId: string | null;
  readonly contactId: string | null;
  readonly queueId: string | null;
  /** The name of the agent or queue; null = unknown, or it is about the hub. */
  readonly name: string | null;
  /** For a rule on the time in a status: the status, and its own name in Amazon Connect. */
  readonly status: AgentStatus | null;
  readonly statusName: string | null;
  readonly groups: readonly string[];
  readonly since: number;
  /** In the unit of the rule: seconds, a count, a score, points of a score, or a share from 0 to 1. */
  readonly value: number;
  readonly limit: number;
  readonly firing: boolean;
  readonly resolvedAt: number | null;
  readonly acknowledged: boolean;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: number | null;
}

/** What the board knows of the subjects of alerts. */
export interface AlertSubjects {
  readonly agents: readonly AgentView[];
  /** The name of each queue by its id. */
  readonly queueNames: Readonly<Record<string, string>>;
  readonly rules: readonly AlertRule[];
}

/** Adds names, agents and rules to the center's alerts. The order stays. */
export function boardAlerts(alerts: readonly CenterAlert[], { agents, queueNames, rules }: AlertSubjects): BoardAlert[] {
  if (alerts.length === 0) return [];
  const ruleById = new Map(rules.map((rule) => [rule.id, rule]));
  const agentById = new Map(agents.map((agent) => [agent.agentId, agent]));
  const agentByContact = new Map<string, AgentView>();
  for (const agent of agents) {
    for (const { contactId } of agent.contacts ?? []) agentByContact.set(contactId, agent);
    if (agent.contactId !== null) agentByContact.set(agent.contactId, agent);
  }
  return alerts.map((alert) => {
    const { subject } = alert;
    const contactId = subject !== "hub" && "contactId" in subject ? subject.contactId : null;
    const queueId = subject !== "hub" && "queueId" in subject ? subject.queueId : null;
    const ownId = subject !== "hub" && "agentId" in subject ? subject.agentId : null;
    const agent = agentById.get(ownId ?? "") ?? agentByContact.get(contactId ?? "");
    const rule = ruleById.get(alert.rule);
    return {
      id: alert.alertId,
      rule: alert.rule,
      title: rule?.title ?? null,
      watch: rule?.watch ?? null,
      level: alert.severity === "critical" ? "critical" : "warn",
      agentId: ownId ?? agent?.agentId ?? null,
      contactId,
      queueId,
      name: agent?.name ?? queueNames[queueId ?? ""] ?? null,
      ...statusOf(rule, alert, agent),
      groups: alert.groups,
      since: alert.since,
      value: alert.value,
      limit: alert.limit,
      firing: alert.state === "firing",
      resolvedAt: alert.resolvedAt ?? null,
      acknowledged: alert.acknowledgedAt !== null,
      acknowledgedBy: alert.acknowledgedBy,
      acknowledgedAt: alert.acknowledgedAt,
    };
  });
}

function statusOf(
  rule: AlertRule | undefined,
  { state }: CenterAlert,
  agent: AgentView | undefined,
): Pick<BoardAlert, "status" | "statusName"> {
  if (rule?.watch !== "statusTime") return { status: null, statusName: null };
  const { statuses, statusNames } = rule;
  // While it fires, the agent is in the status. Afterwards only the rule tells it.
  if (state === "firing" && agent !== undefined && (statuses?.includes(agent.status) ?? true)) {
    return { status: agent.status, statusName: agent.status === "away" ? agent.statusName : null };
  }
  return { status: statuses?.[0] ?? null, statusName: statusNames?.length === 1 ? (statusNames[0] ?? null) : null };
}

/** Returns the highest level of the alerts that fire about the time in the agent's status, acknowledged or not. */
export function timeLevelOf(alerts: readonly BoardAlert[]): BoardAlert["level"] | "calm" {
  const levels = alerts.filter(({ watch }) => watch === "statusTime").map(({ level }) => level);
  return levels.includes("critical") ? "critical" : levels.length > 0 ? "warn" : "calm";
}
