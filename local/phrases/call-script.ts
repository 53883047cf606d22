import {
  type Language,
  type Phrase,
  type PhraseSentiment,
  type Selection,
  type Speaker,
  selectPhrases,
  type Topic,
} from "../phrase-book.ts";

/** How a call's mood goes from its beginning to its end. */
export type MoodArc = "improving" | "worsening" | "flat" | "stormy";

export interface ScriptOptions {
  language: Language;
  topic: Topic;
  arc: MoodArc;
  /** How many phrases, greeting and closing included; at least 6. */
  turns: number;
  /** A number in [0, 1); the same numbers give the same call. */
  random: () => number;
}

/** The phrases of one call in their order: the agent greets, the customer says why, they talk in turn, both say goodbye. */
export function writeCall({ language, topic, arc, turns, random }: ScriptOptions): Phrase[] {
  const script: Phrase[] = [];
  const say = (selection: Omit<Selection, "language">, mood: number): void => {
    const fitting = selectPhrases({ language, topic, ...selection });
    const fresh = fitting.filter((phrase) => !script.includes(phrase));
    const choice = pick(fresh.length > 0 ? fresh : fitting, mood, random);
    if (choice !== null) script.push(choice);
  };
  const last = Math.max(6, turns) - 1;
  for (let turn = 0; turn <= last; turn += 1) {
    const role: Speaker = turn % 2 === 0 ? "agent" : "customer";
    const mood = moodAt(arc, turn / last, role);
    if (turn === 0) say({ role: "agent", stage: "greeting" }, 0.4);
    else if (turn === 1) say({ role: "customer", stage: "issue" }, mood);
    else say({ role, stage: turn > last - 2 ? "closing" : "talk" }, mood);
  }
  return script;
}

/** The mood wanted at `progress` (0…1) of the call, from -1 (bad) to 1 (good); the agent feels about half of it. */
function moodAt(arc: MoodArc, progress: number, role: Speaker): number {
  const share = role === "agent" ? 0.5 : 1;
  switch (arc) {
    case "improving":
      return share * (2 * progress - 1);
    case "worsening":
      return share * (1 - 2 * progress);
    case "flat":
      return 0;
    case "stormy":
      return share * (progress < 0.85 ? -1 : -0.6);
  }
}

const VALUE: Readonly<Record<PhraseSentiment, number>> = { positive: 1, neutral: 0, mixed: -0.2, negative: -1 };

/** One of the phrases nearest the mood; a random nudge lets neighbours through now and then. */
function pick(phrases: readonly Phrase[], mood: number, random: () => number): Phrase | null {
  const wanted = mood + (random() - 0.5) * 0.7;
  const distance = (phrase: Phrase): number => Math.abs(VALUE[phrase.sentiment] - wanted);
  const nearest = Math.min(...phrases.map(distance));
  const candidates = phrases.filter((phrase) => distance(phrase) === nearest);
  return candidates[Math.floor(random() * candidates.length)] ?? null;
}
