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
  return scoreTurns(byId);
}

/** The same for turns that are kept by their ids already: an hour's call is scored some 800 times. */
export function scoreTurns(byId: ReadonlyMap<string, ScoredTurn>): ContactScore {
  let customerEnd = 0;
  let agentEnd = 0;
  byId.forEach(({ role, endMs }) => {
    if (role === "customer") customerEnd = Math.max(customerEnd, endMs);
    else agentEnd = Math.max(agentEnd, endMs);
  });
  const recentFrom = Math.max(customerEnd, agentEnd) - RECENT_MS;
  const customer = new Tally(customerEnd, recentFrom);
  const agent = new Tally(agentEnd, recentFrom);
  byId.forEach((turn) => {
    if (turn.role === "customer") customer.add(turn);
    else agent.add(turn);
  });
  return { customer: customer.sentiment, agent: agent.sentiment, turns: byId.size };
}

/** What one participant's turns come to. */
class Tally {
  readonly #second: number;
  readonly #third: number;
  readonly #fourth: number;
  readonly #recentFrom: number;
  readonly #quarters = [new Mean(), new Mean(), new Mean(), new Mean()] as const;
  readonly #recent = new Mean();

  constructor(span: number, recentFrom: number) {
    this.#second = Math.floor(span / 4);
    this.#third = Math.floor((span * 2) / 4);
    this.#fourth = Math.floor((span * 3) / 4);
    this.#recentFrom = recentFrom;
  }

  add({ beginMs, endMs, mood }: ScoredTurn): void {
    const value = TURN_VALUE[mood];
    const quarter = beginMs >= this.#fourth ? 3 : beginMs >= this.#third ? 2 : beginMs >= this.#second ? 1 : 0;
    this.#quarters[quarter].add(value);
    if (endMs > this.#recentFrom) this.#recent.add(value);
  }

  get sentiment(): Sentiment {
    const overall = new Mean();
    for (const { value } of this.#quarters) if (value !== null) overall.add(value);
    return {
      score: oneDecimal(overall.value),
      quarters: this.#quarters.map((quarter) => oneDecimal(quarter.value)),
      recent: oneDecimal(this.#recent.value),
    };
  }
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
