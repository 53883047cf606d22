import { oneDecimal, type Sentiment } from "../../protocol/agent.ts";
import type { Role, SentimentLabel } from "../../protocol/updates.ts";

/**
 * The live score of a call, an estimate of the score that Amazon Connect computes after it:
 * - Every final turn counts +5, 0 or -5.
 * - The score is the mean over all turns of the participant, to one decimal.
 * - A participant's span is [0, end of that participant's last turn], and a turn belongs to the quarter in which it begins.
 *   A quarter's score is the mean of its turns.
 *
 * Amazon's outputs show this rule: the one genuine Contact Lens file with all turns fits it in both roles, and so do the
 * published examples of Transcribe Call Analytics. The edited example of the Contact Lens guide shows the mean of the quarters
 * instead (customer 3.1 where the turns give 2.0). `test/aws-ingest/scoring/published-scores.ts` has all of them.
 */

/** A final turn with its sentiment label. Times are milliseconds from the start of the contact's audio. */
export interface ScoredTurn {
  turnId: string;
  role: Role;
  beginMs: number;
  endMs: number;
  sentiment: SentimentLabel;
}

export interface ContactScore {
  customer: Sentiment;
  agent: Sentiment;
  /** How many final turns have been scored. */
  turns: number;
}

/** Contact Lens counts a turn that is positive and negative at once as 0. */
const TURN_VALUE: Readonly<Record<SentimentLabel, number>> = { positive: 5, neutral: 0, negative: -5, mixed: 0 };
/** How far back `recent` looks. A supervisor still remembers this much of the talk. */
const RECENT_MS = 60_000;

/** Scores all final turns of a contact. Their order does not matter. Of turns with one `turnId`, the last one counts. */
export function scoreContact(turns: Iterable<ScoredTurn>): ContactScore {
  const score = new CallScore();
  for (const turn of turns) score.addTurn(turn);
  return score.current;
}

/**
 * The score of a call that goes on. It is read after every turn, some 800 times an hour, so it keeps each participant's turns
 * ready to be added up. The order of the turns does not matter.
 */
export class CallScore {
  readonly #byId = new Map<string, ScoredTurn>();
  readonly #participants: Readonly<Record<Role, Participant>> = { customer: new Participant(), agent: new Participant() };

  /** Adds a turn. It replaces an earlier turn with the same `turnId`. */
  addTurn(turn: ScoredTurn): void {
    const before = this.#byId.get(turn.turnId);
    if (before !== undefined) this.#participants[before.role].removeTurn(before);
    this.#byId.set(turn.turnId, turn);
    this.#participants[turn.role].addTurn(turn);
  }

  /** How many turns count. */
  get size(): number {
    return this.#byId.size;
  }

  /** The turns that count, each in its last version. Another `CallScore` with these turns has the same score. */
  get turns(): Iterable<ScoredTurn> {
    return this.#byId.values();
  }

  get current(): ContactScore {
    const { customer, agent } = this.#participants;
    const recentFrom = Math.max(customer.endMs, agent.endMs) - RECENT_MS;
    return { customer: customer.sentiment(recentFrom), agent: agent.sentiment(recentFrom), turns: this.size };
  }
}

/** The turns of one participant. */
class Participant {
  readonly #turns: { turnId: string; beginMs: number; endMs: number; value: number }[] = [];
  #endMs = 0;

  /** The end of the span: the end of the last turn, or 0 before the first. */
  get endMs(): number {
    return this.#endMs;
  }

  addTurn({ turnId, beginMs, endMs, sentiment }: ScoredTurn): void {
    this.#turns.push({ turnId, beginMs, endMs, value: TURN_VALUE[sentiment] });
    this.#endMs = Math.max(this.#endMs, endMs);
  }

  removeTurn({ turnId }: ScoredTurn): void {
    const index = this.#turns.findIndex((turn) => turn.turnId === turnId);
    this.#turns.splice(index, 1);
    this.#endMs = this.#turns.reduce((end, turn) => Math.max(end, turn.endMs), 0);
  }

  /** Visits every turn each time, because each new turn moves the bounds of the quarters. */
  sentiment(recentFrom: number): Sentiment {
    const second = Math.floor(this.#endMs / 4);
    const third = Math.floor((this.#endMs * 2) / 4);
    const fourth = Math.floor((this.#endMs * 3) / 4);
    const sums: Quarters = [0, 0, 0, 0];
    const counts: Quarters = [0, 0, 0, 0];
    let sum = 0;
    let recentSum = 0;
    let recentCount = 0;
    for (const { beginMs, endMs, value } of this.#turns) {
      const quarter = beginMs >= fourth ? 3 : beginMs >= third ? 2 : beginMs >= second ? 1 : 0;
      sums[quarter] += value;
      counts[quarter] += 1;
      sum += value;
      if (endMs <= recentFrom) continue;
      recentSum += value;
      recentCount += 1;
    }
    return {
      score: oneDecimal(mean(sum, this.#turns.length)),
      quarters: sums.map((quarterSum, quarter) => oneDecimal(mean(quarterSum, counts[quarter] ?? 0))),
      recent: oneDecimal(mean(recentSum, recentCount)),
    };
  }
}

type Quarters = [number, number, number, number];

/** Returns null for no values, because a quarter without turns has no score. Amazon's files write 0 there. */
function mean(sum: number, count: number): number | null {
  return count === 0 ? null : sum / count;
}
