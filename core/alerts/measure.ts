import { EARLIEST_MS } from "../../protocol/agent.ts";
import type { AlertRule } from "../../protocol/alert-rules.ts";
import { shownStatus } from "../state/agent-row.ts";
import type { AgentFacts, ContactFacts, Facts, QueueFacts } from "./facts.ts";

/**
 * What a rule reads off its subject. `elapsed` grows by one each second since `since`. `level` stands until there is other news;
 * it was so at `at`. `sinceWhenFiring` counts instead for a severity that the alert has already. Another `spell` is
 * another breach, even if no moment lies between the two. `lasting` is elapsed time whose beginning nobody reports: it begins when the hub first sees it (`at`).
 * Epoch ms.
 */
export type Measure =
  | { readonly type: "elapsed"; readonly since: number; readonly sinceWhenFiring?: number; readonly spell?: number }
  | { readonly type: "lasting"; readonly at: number }
  | { readonly type: "level"; readonly value: number; readonly at: number };

/**
 * Returns what the rule measures, or null when it has nothing to measure.
 * @param feedSince since when posts have come without a break: silence from before it is the feed's, not the agent's
 */
export function measure(rule: AlertRule, facts: Facts, feedSince: number): Measure | null {
  switch (facts.kind) {
    case "agent":
      return measureAgent(rule, facts, feedSince);
    case "contact":
      return facts.going ? measureContact(rule, facts) : null;
    case "queue":
      return facts.going ? measureQueue(rule, facts) : null;
    case "hub":
      return rule.watch === "feedSilence" ? { type: "elapsed", since: facts.confirmedAt } : null;
  }
}

function measureAgent(rule: AlertRule, { row, missedInRow, confirmedAt }: AgentFacts, feedSince: number): Measure | null {
  if (row === null) return null;
  switch (rule.watch) {
    case "statusTime": {
      // Nobody minds how long an agent is away from work, unless a rule asks for it.
      const wanted = rule.statuses?.includes(shownStatus(row)) ?? row.status !== "offline";
      return wanted && isKnown(row.since) ? { type: "elapsed", since: row.since, spell: row.since } : null;
    }
    case "missedInRow":
      // Nobody can call back who has signed out. After the next sign-in the offers still count.
      if (row.status === "offline") return null;
      return level(Math.max(missedInRow ?? 0, row.status === "missed" ? 1 : 0), isKnown(row.since) ? row.since : confirmedAt);
    case "agentSilence":
      return row.status === "offline"
        ? null
        : {
            type: "elapsed",
            since: Math.max(confirmedAt, feedSince),
            sinceWhenFiring: confirmedAt,
          };
    default:
      return null;
  }
}

function measureContact(rule: AlertRule, facts: ContactFacts): Measure | null {
  const { sentiment, customerTurns, confirmedAt } = facts;
  const at = facts.scoredAt ?? confirmedAt;
  const recent = sentiment?.recent ?? null;
  switch (rule.watch) {
    case "sentimentRecent":
      return recent === null || (customerTurns ?? 0) < rule.minCustomerTurns ? null : level(recent, at);
    case "sentimentFall": {
      const quarters = (sentiment?.quarters ?? []).filter((quarter) => quarter !== null);
      if (recent === null || quarters.length === 0 || (customerTurns ?? 0) < rule.minCustomerTurns) return null;
      return level(Math.max(...quarters) - recent, at);
    }
    case "contactTime":
      return elapsed(facts.startedAt);
    case "transcriptionLost":
      return facts.transcription === "lost" || facts.transcription === "failed" ? { type: "lasting", at: confirmedAt } : null;
    case "answerWait":
      return elapsed(facts.customerWaitsSince);
    default:
      return null;
  }
}

function measureQueue(rule: AlertRule, facts: QueueFacts): Measure | null {
  const { waiting, available, serviceLevel, counted, confirmedAt } = facts;
  switch (rule.watch) {
    case "queueWaiting":
      return waiting === null ? null : level(waiting, confirmedAt);
    case "queueOldest":
      return waiting === 0 ? null : elapsed(facts.oldestSince);
    case "queueServiceLevel":
      return serviceLevel === null || (counted ?? 0) < rule.minContacts ? null : level(serviceLevel, confirmedAt);
    case "queueUnattended":
      return available === 0 && (waiting ?? 0) > 0 ? { type: "lasting", at: confirmedAt } : null;
    default:
      return null;
  }
}

/** A row of an older version may have 0 for a time that it lacks. */
function isKnown(time: number): boolean {
  return time >= EARLIEST_MS;
}

function level(value: number, at: number): Measure {
  return { type: "level", value, at };
}

function elapsed(since: number | null): Measure | null {
  return since === null ? null : { type: "elapsed", since };
}
