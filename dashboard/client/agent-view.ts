import type { Agent } from "../../protocol/agent.ts";
import type { AgentView, TrendPoint } from "./contract.ts";

/** What a sparkline can still show. */
const LONGEST_TREND = 120;
/** `duration` is whole seconds, and the frame is stamped a moment after it was counted. */
const DURATION_ROUNDING_MS = 1000;
const STAMP_SLACK_MS = 1000;
const NO_TREND: readonly TrendPoint[] = Object.freeze([]);

/**
 * The view of an agent after news of it. `at` is when the hub sent them; `counted` says whether `agent.duration` is of that
 * moment or from an earlier frame. Returns `before` itself when nothing but the running duration is different.
 */
export function nextView(before: AgentView | undefined, agent: Agent, at: number, counted: boolean): AgentView {
  const sameCall = before !== undefined && before.contactId === agent.contactId;
  const callStartedAt = callStart(sameCall ? before.callStartedAt : null, agent, at, counted);
  const trend =
    agent.sentimentScore === null ? NO_TREND : nextTrend(sameCall ? before.trend : NO_TREND, agent, callStartedAt, at);
  const view = { ...agent, callStartedAt, trend };
  return before !== undefined && equal(before, { ...view, duration: before.duration }) ? before : view;
}

/**
 * When the call began. `duration` says it to the second only, so a start that agrees with it stays as it is: the clock on
 * the page must not jump with every frame. `since` is exact, but begins anew after each hold.
 */
function callStart(known: number | null, agent: Agent, at: number, counted: boolean): number | null {
  if (agent.status !== "on a call" && agent.status !== "on hold") return null;
  const since = agent.status === "on a call" ? agent.since : null;
  if (!counted || agent.duration === null) return known ?? since;
  const latest = at - agent.duration * 1000;
  const agrees = (start: number | null): start is number =>
    start !== null && start <= latest + STAMP_SLACK_MS && start >= latest - DURATION_ROUNDING_MS - STAMP_SLACK_MS;
  if (agrees(known)) return known;
  return agrees(since) ? since : latest;
}

function nextTrend(before: readonly TrendPoint[], agent: Agent, start: number | null, at: number): readonly TrendPoint[] {
  const score = agent.sentimentScore;
  if (score === null || before.at(-1)?.score === score) return before;
  const past = before.length === 0 ? quarterTrend(agent, start ?? agent.since, at) : before;
  return [...past, { at, score }].slice(-LONGEST_TREND);
}

/**
 * A call that is first seen half-way has a past: the score as it stood after each quarter, which is the mean of the quarters
 * so far. The quarter in which the call stands is left to the score itself.
 */
function quarterTrend(agent: Agent, start: number, at: number): readonly TrendPoint[] {
  const points: TrendPoint[] = [];
  let sum = 0;
  for (const [index, quarter] of (agent.sentiment?.customer.quarters ?? []).entries()) {
    if (quarter === null) continue;
    sum += quarter;
    const score = Math.round((sum / (points.length + 1)) * 10) / 10;
    points.push({ at: Math.round(start + ((at - start) * (index + 0.5)) / 4), score });
  }
  return points.slice(0, -1);
}

/** Equality of JSON values (none of which is undefined). */
function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => equal(Reflect.get(a, name), Reflect.get(b, name)));
}
