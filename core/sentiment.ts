import type { Sentiment } from "../protocol/agent.ts";
import type { Mood, Role } from "../protocol/updates.ts";

/**
 * The live score of a call, after Amazon Connect's published definition (Contact Lens, "sentiment scores" and the example
 * output file of its administrator guide, which this reproduces): every final turn counts +5, 0 or -5; a participant's
 * span is [0, end of that participant's last turn]; a turn belongs to the quarter of the span in which it begins; a
 * quarter's score is the mean of its turns; the overall score is the mean of the quarters that have turns, to one decimal.
 * The exact weighting Amazon uses for streaks is unpublished, so this is an estimate.
 */

/** A final turn with its sentiment label. Times are milliseconds from the start of the contact's audio. */
export interface ScoredTurn {
  turnId: string;
  role: Role;
  beginMs: number;
  endMs: number;
  mood: Mood;
}

export interface ContactScore {
  customer: Sentiment;
  agent: Sentiment;
  /** How many final turns have been scored. */
  turns: number;
}

/** Contact Lens counts a turn that is both as neither. */
const TURN_VALUE: Readonly<Record<Mood, number>> = { positive: 5, neutral: 0, negative: -5, mixed: 0 };
/** How far back `recent` looks: the talk a supervisor would still remember. */
const RECENT_MS = 60_000;

/** Scores all final turns of a contact so far. Order does not matter; a repeated `turnId` counts once, the last one given. */
export function scoreContact(turns: Iterable<ScoredTurn>): ContactScore {
  const byId = new Map<string, ScoredTurn>();
  for (const turn of turns) byId.set(turn.turnId, turn);
  const unique = [...byId.values()];
  const callEnd = unique.reduce((end, turn) => Math.max(end, turn.endMs), 0);
  return {
    customer: scoreParticipant(unique, "customer", callEnd),
    agent: scoreParticipant(unique, "agent", callEnd),
    turns: unique.length,
  };
}

function scoreParticipant(turns: readonly ScoredTurn[], role: Role, callEnd: number): Sentiment {
  let span = 0;
  for (const turn of turns) if (turn.role === role) span = Math.max(span, turn.endMs);
  const bounds = [1, 2, 3].map((quarter) => Math.floor((span * quarter) / 4));

  const quarters = [0, 1, 2, 3].map(() => new Mean());
  const recent = new Mean();
  for (const turn of turns) {
    if (turn.role !== role) continue;
    const value = TURN_VALUE[turn.mood];
    quarters[bounds.filter((bound) => turn.beginMs >= bound).length]?.add(value);
    if (turn.endMs > callEnd - RECENT_MS) recent.add(value);
  }

  const overall = new Mean();
  for (const quarter of quarters) if (quarter.value !== null) overall.add(quarter.value);
  return {
    score: oneDecimal(overall.value),
    quarters: quarters.map((quarter) => oneDecimal(quarter.value)),
    recent: oneDecimal(recent.value),
  };
}

class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count += 1;
  }

  /** null when nothing was added: an empty quarter is no zero. */
  get value(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count;
  }
}

/** One decimal, halves away from zero, and never -0. */
export function oneDecimal(value: number | null): number | null {
  if (value === null) return null;
  return (Math.sign(value) * Math.round(Math.abs(value) * 10)) / 10 + 0;
}
