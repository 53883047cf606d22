/**
 * The sentiment scores that Amazon publishes or wrote itself, as facts for the test of the score. Read on 2026-11-25.
 * `quarters` are as published, where Amazon writes 0 for a quarter without turns.
 */
export interface PublishedScore {
  /** Where the numbers are from. */
  source: string;
  role: "agent" | "customer";
  score: number;
  quarters: readonly [number, number, number, number];
  /**
   * The values of the turns in each quarter. "published": the source shows the turns. "smallest": the source leaves them out,
   * and these are the fewest turns per quarter that give its quarters and its score.
   */
  turns: readonly [readonly number[], readonly number[], readonly number[], readonly number[]];
  turnsAre: "published" | "smallest";
}

const GUIDE = "Amazon Connect administrator guide, Contact Lens example output (edited text)";
const GENUINE = "A genuine Contact Lens output file, version 1.1.0 of 2022, with all turns";
const LAB = "Transcribe Call Analytics, workshop output";
const TRANSCRIBE_B = "Transcribe developer guide, Call Analytics output, second example";
const TRANSCRIBE_A = "Transcribe developer guide, Call Analytics output, first example";

/** Returns `count` turns, `positive` of which are +5 and `negative` -5. */
function values(count: number, positive: number, negative = 0): readonly number[] {
  return Array.from({ length: count }, (_, index) => (index < positive ? 5 : index < positive + negative ? -5 : 0));
}

export const PUBLISHED_SCORES: readonly PublishedScore[] = [
  {
    source: GUIDE,
    role: "customer",
    score: 3.1,
    quarters: [-2.5, 5, 5, 5],
    turns: [[0, -5], [5], [5], [5]],
    turnsAre: "published",
  },
  { source: GUIDE, role: "agent", score: 0, quarters: [0, -5, 0, 5], turns: [[0, 0], [-5], [0], [5]], turnsAre: "published" },
  // The file shows 9 turns: one positive, one negative. Its quarters allow this division only up to the neutral turns.
  {
    source: GENUINE,
    role: "agent",
    score: 0,
    quarters: [0, 0, 5, -2.5],
    turns: [values(3, 0), values(3, 0), [5], [-5, 0]],
    turnsAre: "published",
  },
  {
    source: GENUINE,
    role: "customer",
    score: 0.8,
    quarters: [1.3, 0, 0, 0],
    turns: [values(4, 1), [0], [], [0]],
    turnsAre: "published",
  },
  {
    source: LAB,
    role: "agent",
    score: 2.6,
    quarters: [1.9, -0.7, 5, 3],
    turns: [values(8, 3), values(7, 0, 1), values(11, 11), values(5, 3)],
    turnsAre: "smallest",
  },
  {
    source: TRANSCRIBE_A,
    role: "agent",
    score: 2.5,
    quarters: [0, -5, 5, 5],
    turns: [[0], [-5], [5, 5], [5, 5]],
    turnsAre: "smallest",
  },
  {
    source: TRANSCRIBE_A,
    role: "customer",
    score: 2.1,
    quarters: [-2.5, 5, 2.5, 5],
    turns: [[-5, 0], [5], [5, 0], [5, 5]],
    turnsAre: "smallest",
  },
  {
    source: LAB,
    role: "customer",
    score: 0.2,
    quarters: [-1.7, 0, 0, 2.1],
    turns: [values(3, 0, 1), values(16, 0), values(15, 0), values(7, 3)],
    turnsAre: "smallest",
  },
  {
    source: TRANSCRIBE_B,
    role: "agent",
    score: 2.7,
    quarters: [2.1, -0.7, 5, 3],
    turns: [values(7, 3), values(7, 0, 1), values(11, 11), values(5, 3)],
    turnsAre: "smallest",
  },
  {
    source: TRANSCRIBE_B,
    role: "customer",
    score: 0.2,
    quarters: [-2, 0, 0, 2.1],
    turns: [values(5, 0, 2), values(5, 0), values(4, 0), values(7, 3)],
    turnsAre: "smallest",
  },
];
