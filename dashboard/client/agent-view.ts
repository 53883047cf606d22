import type { Agent } from "../../protocol/agent.ts";
import type { AgentView, TrendPoint } from "./contract.ts";

/** A sparkline has no room for more points. */
const LONGEST_TREND = 120;
/** A start this much later than `duration` says still agrees with it: the hub stamps a frame a moment after counting. */
const LATE_SLACK_MS = 1000;
/** A start this much earlier still agrees: the same moment, and `duration` leaves out the part of a second. */
const EARLY_SLACK_MS = 2000;
const NO_TREND: readonly TrendPoint[] = [];

/**
 * Returns the view of an agent after a frame, or `before` itself when nothing differs except the running duration.
 * @param agent the agent with the frame's fields on top of those that were known.
 * @param patch has the names of the fields that the frame carries.
 * @param sentAt when the hub sent the frame (epoch ms).
 */
export function nextView(before: AgentView | undefined, agent: Agent, patch: object, sentAt: number): AgentView {
  const callStartedAt = callStart(before, agent, patch, sentAt);
  const trend = nextTrend(before?.contactId === agent.contactId ? before.trend : NO_TREND, agent, callStartedAt, sentAt);
  const view = { ...agent, callStartedAt, transcription: agent.transcription ?? null, trend };
  // A view keeps the order of its fields, so equal views have equal texts.
  return before?.trend === trend && contentOf(before) === contentOf(view) ? before : view;
}

/**
 * Returns when the call began. A newer hub sends the exact time whenever it changes. An older hub sends only `duration` in whole
 * seconds. A known start that agrees with the duration stays, so the clock on the page does not jump with every frame.
 */
function callStart(before: AgentView | undefined, agent: Agent, patch: object, sentAt: number): number | null {
  const talks = agent.status === "on a call" || agent.status === "on a contact";
  if (!talks && agent.status !== "on hold") return null;
  if ("callStartedAt" in patch && agent.callStartedAt !== undefined) return agent.callStartedAt;
  const known = before?.callStartedAt ?? null;
  // Exact, but a hold resets it.
  const since = talks ? agent.since : null;
  const duration = "duration" in patch ? agent.duration : null;
  if (duration === null) return known ?? since;
  const latest = sentAt - duration * 1000;
  const agrees = (start: number | null): start is number =>
    start !== null && start <= latest + LATE_SLACK_MS && start >= latest - EARLY_SLACK_MS;
  if (agrees(known) && before?.contactId === agent.contactId) return known;
  return agrees(since) ? since : latest;
}

function nextTrend(before: readonly TrendPoint[], agent: Agent, start: number | null, at: number): readonly TrendPoint[] {
  const score = agent.sentimentScore;
  if (score === null) return NO_TREND;
  if (before.at(-1)?.score === score) return before;
  const past = before.length === 0 ? quarterTrend(agent, start ?? agent.since, at) : before;
  return [...past, { at, score }].slice(-LONGEST_TREND);
}

/**
 * Returns an estimate of the score after each finished quarter of a call that this client sees from the middle on. It is the
 * mean of the quarters so far, because a frame does not say how many turns each quarter has. The current quarter is left out,
 * because the agent's own score is newer.
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

/** Returns all that a page shows of an agent, but for the trend and the running duration, as a text to compare. */
function contentOf(view: AgentView): string {
  return JSON.stringify({ ...view, duration: null, trend: null });
}
