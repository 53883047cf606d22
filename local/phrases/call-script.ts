import type { Phrase, PhraseLanguage, PhraseSentiment, Speaker, Topic } from "./phrase.ts";
import { type Selection, selectPhrases } from "./phrase-book.ts";

/** The course of a call's sentiment from beginning to end. In a "rescued" call it falls before it rises. */
export const SENTIMENT_ARCS = ["improving", "worsening", "flat", "stormy", "pleasant", "rescued"] as const;
export type SentimentArc = (typeof SENTIMENT_ARCS)[number];

export interface ScriptOptions {
  language: PhraseLanguage;
  topic: Topic;
  arc: SentimentArc;
  /** The number of phrases with greeting and closing, at least 6. */
  turns: number;
  /** Returns a number in [0, 1). The same numbers give the same call. */
  random: () => number;
}

/** Writes the phrases of one call: the agent greets, the customer names the issue, both talk in turn, both say goodbye. */
export function writeCall({ language, topic, arc, turns, random }: ScriptOptions): Phrase[] {
  const script: Phrase[] = [];
  // Some customers greet before they name the issue.
  const issueAt = random() < 0.5 && turns > 6 ? 3 : 1;
  const addPhrase = (selection: Omit<Selection, "language">, sentiment: number): void => {
    const fitting = selectPhrases({ language, topic, ...selection });
    const fresh = fitting.filter((phrase) => !script.includes(phrase));
    const choice = pick(fresh.length > 0 ? fresh : fitting, sentiment, random);
    if (choice !== null) script.push(choice);
  };
  const last = Math.max(6, turns) - 1;
  for (let turn = 0; turn <= last; turn += 1) {
    const role: Speaker = turn % 2 === 0 ? "agent" : "customer";
    const sentiment = sentimentAt(arc, turn / last, role);
    if (turn === 0) addPhrase({ role: "agent", stage: "greeting" }, 0.4);
    else if (turn === issueAt) addPhrase({ role: "customer", stage: "issue" }, sentiment);
    else if (turn === 1) addPhrase({ role: "customer", stage: "greeting" }, sentiment);
    else addPhrase({ role, stage: turn > last - 2 ? "closing" : "talk" }, sentiment);
  }
  return script;
}

/** Returns the sentiment at `progress` (0 to 1), from -1 (bad) to 1 (good). The agent's is half of the customer's. */
function sentimentAt(arc: SentimentArc, progress: number, role: Speaker): number {
  return (role === "agent" ? 0.5 : 1) * customerSentiment(arc, progress);
}

/** Most calls change within the first two minutes, so that a person who tries the demo sees the change. */
function customerSentiment(arc: SentimentArc, progress: number): number {
  switch (arc) {
    case "improving":
      return -0.9 + 2.1 * progress;
    case "worsening":
      return 1 - 2.3 * progress;
    case "flat":
      return 0;
    case "stormy":
      return progress < 0.85 ? -1 : -0.6;
    case "pleasant":
      return 1.2;
    case "rescued":
      return progress < 0.35 ? 0.3 - 4 * progress : -1.1 + 3.2 * (progress - 0.35);
  }
}

const VALUE: Readonly<Record<PhraseSentiment, number>> = { positive: 1, neutral: 0, mixed: -0.2, negative: -1 };
/** How far a phrase may be from the wanted sentiment. Even an angry caller says neutral sentences. */
const SPREAD = 0.75;
/** Makes mixed phrases rarer than the others. */
const MIXED_SHARE = 0.4;

/** Draws a sentiment first, with a higher chance near the wanted one, and then a phrase with that sentiment. */
function pick(phrases: readonly Phrase[], wanted: number, random: () => number): Phrase | null {
  const sentiments = [...new Set(phrases.map(({ sentiment }) => sentiment))];
  const weights = sentiments.map(
    (label) => Math.exp(-(((VALUE[label] - wanted) / SPREAD) ** 2)) * (label === "mixed" ? MIXED_SHARE : 1),
  );
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  const chosen = sentiments.find((_, index) => {
    left -= weights[index] ?? 0;
    return left < 0;
  });
  const candidates = phrases.filter(({ sentiment }) => sentiment === (chosen ?? sentiments[0]));
  return candidates[Math.floor(random() * candidates.length)] ?? null;
}
