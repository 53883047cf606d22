import type { AgentView, TrendPoint } from "../../client/contract.ts";
import type { BoardAlert } from "./board-alert.ts";

export const SENTIMENT_FILTERS = ["positive", "neutral", "negative", "falling", "unscored"] as const;
export type SentimentFilter = (typeof SENTIMENT_FILTERS)[number];

/** A score this far from zero is positive or negative. Half a point is the noise of one neutral turn in ten. */
const CLEAR_SCORE = 0.5;
/** A trend that changes by fewer points is steady. */
const STEADY_POINTS = 0.5;

export type Tone = "positive" | "neutral" | "negative";
export type Direction = "rising" | "falling" | "steady";

export function toneOf(score: number): Tone {
  if (score >= CLEAR_SCORE) return "positive";
  return score <= -CLEAR_SCORE ? "negative" : "neutral";
}

/** Compares the last score of the trend with the first one. */
export function directionOf(trend: readonly TrendPoint[]): Direction {
  const first = trend[0];
  const last = trend.at(-1);
  if (first === undefined || last === undefined) return "steady";
  const change = last.score - first.score;
  if (Math.abs(change) < STEADY_POINTS) return "steady";
  return change > 0 ? "rising" : "falling";
}

/** Returns true while the sentiment of the agent's customer has fallen by the rules, acknowledged or not. */
function isFalling(alerts: readonly BoardAlert[] | undefined): boolean {
  return alerts?.some((alert) => alert.watch === "sentimentFall") ?? false;
}

/** Returns the sentiment filters that the agent passes. */
export function sentimentsOf(agent: AgentView, alerts: readonly BoardAlert[] | undefined): SentimentFilter[] {
  if (agent.sentimentScore === null) return ["unscored"];
  const tone = toneOf(agent.sentimentScore);
  return isFalling(alerts) ? [tone, "falling"] : [tone];
}
