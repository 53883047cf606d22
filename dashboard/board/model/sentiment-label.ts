import type { AgentView, Alert, TrendPoint } from "../../client/contract.ts";
import type { SentimentFilter } from "./view.ts";

/** From here on a score counts as positive or negative: half a point around zero is the noise of one neutral turn in ten. */
const CLEAR_SCORE = 0.5;
/** A change of the trend smaller than this is no direction. */
const STEADY_POINTS = 0.5;

export type Tone = "positive" | "neutral" | "negative";
export type Direction = "rising" | "falling" | "steady";

export function toneOf(score: number): Tone {
  if (score >= CLEAR_SCORE) return "positive";
  return score <= -CLEAR_SCORE ? "negative" : "neutral";
}

/** Where the trend went, from its first score to its last. */
export function directionOf(trend: readonly TrendPoint[]): Direction {
  const first = trend[0];
  const last = trend.at(-1);
  if (first === undefined || last === undefined) return "steady";
  const change = last.score - first.score;
  if (Math.abs(change) < STEADY_POINTS) return "steady";
  return change > 0 ? "rising" : "falling";
}

/** A sentiment is falling while its drop is worth an alert, acknowledged or not. */
export function isFalling(alerts: readonly Alert[] | undefined): boolean {
  return alerts?.some((alert) => alert.kind === "drop") ?? false;
}

/** The sentiment filters an agent answers to. */
export function sentimentsOf(agent: AgentView, alerts: readonly Alert[] | undefined): SentimentFilter[] {
  if (agent.sentimentScore === null) return ["unscored"];
  const tone = toneOf(agent.sentimentScore);
  return isFalling(alerts) ? [tone, "falling"] : [tone];
}
