import * as v from "valibot";
import type { AlertChange } from "../../../core/alerts/alert-change.ts";
import { AlertEngine } from "../../../core/alerts/alert-engine.ts";
import type { AgentFacts, ContactFacts, Facts, HubFacts, QueueFacts } from "../../../core/alerts/facts.ts";
import { AGENTS, type AgentRow } from "../../../core/state/agent-row.ts";
import { type AlertRule, type AlertRules, parseAlertRules } from "../../../protocol/alert-rules.ts";

/** 10:00 on a Monday in UTC. */
export const T0 = Date.UTC(2026, 10, 23, 10);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

export function sampleRow(fields: Partial<AgentRow>): AgentRow {
  const row = AGENTS.parse({ agentId: "A1", name: "Ana", status: "available", since: T0, groups: ["Ventas"], ...fields });
  if (row === null) throw new Error("The sample is no row.");
  return row;
}

/** An agent whose news arrived at `confirmedAt`. */
export function agentFacts(confirmedAt: number, fields: Partial<AgentRow> | null, missedInRow: number | null = null): AgentFacts {
  const agentId = fields?.agentId ?? "A1";
  return { kind: "agent", agentId, row: fields === null ? null : sampleRow(fields), missedInRow, confirmedAt };
}

export function contactFacts(confirmedAt: number, fields: Partial<ContactFacts>): ContactFacts {
  return {
    kind: "contact",
    contactId: "C1",
    going: true,
    agentName: "Ana",
    groups: ["Ventas"],
    queue: "Soporte",
    channel: "voice",
    startedAt: T0,
    sentiment: null,
    customerTurns: null,
    scoredAt: null,
    transcription: "live",
    customerWaitsSince: null,
    ...fields,
    confirmedAt,
  };
}

/** The customer's side after `customerTurns` turns. The mean of the whole call is `score`. */
export function scored(
  confirmedAt: number,
  { recent, score = 0, quarters = [null, null, null, null], customerTurns = 10 }: ScoredFields,
): ContactFacts {
  return contactFacts(confirmedAt, { sentiment: { score, recent, quarters }, customerTurns, scoredAt: confirmedAt });
}

interface ScoredFields {
  recent: number | null;
  score?: number;
  quarters?: (number | null)[];
  customerTurns?: number | null;
}

export function queueFacts(confirmedAt: number, fields: Partial<QueueFacts>): QueueFacts {
  return {
    kind: "queue",
    queueId: "Q1",
    going: true,
    name: "Ventas",
    groups: ["Ventas"],
    waiting: 0,
    oldestSince: null,
    available: 1,
    serviceLevel: null,
    counted: null,
    ...fields,
    confirmedAt,
  };
}

export function post(at: number): HubFacts {
  return { kind: "hub", confirmedAt: at };
}

/** Parses rules as an admin writes them: `cooldownSeconds` is 0 unless given. */
export function rulesOf(...rules: Record<string, unknown>[]): AlertRules {
  const parsed = parseAlertRules({ rules: rules.map((rule) => ({ id: "r", cooldownSeconds: 0, ...rule })) });
  if (!parsed.ok) throw new Error(`${parsed.path}: ${parsed.message}`);
  return parsed.rules;
}

/** An engine in UTC with rules of the test. */
export function engineOf(rules: AlertRules, stored: unknown = null, facts: Iterable<Facts> = [], timeZone = "UTC"): AlertEngine {
  return new AlertEngine({ rules, timeZone }, stored, facts);
}

/** The changes as short lines: `fired critical 300/300 +300s`. The time is counted from {@link T0}. */
export function linesOf(changes: readonly AlertChange[]): string[] {
  return changes.map(({ type, alert, at }) => {
    return `${type} ${alert.severity} ${alert.value}/${alert.limit} +${(at - T0) / SECOND}s`;
  });
}

/** Goes through JSON, as storage does. */
export function throughJson(value: unknown): unknown {
  return v.parse(v.unknown(), JSON.parse(JSON.stringify(value)));
}

export function onlyRule(rules: AlertRules): AlertRule {
  const [rule] = rules.rules;
  if (rule === undefined) throw new Error("There is no rule.");
  return rule;
}
