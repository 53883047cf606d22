import { oneDecimal, type Sentiment } from "../../protocol/agent.ts";
import type { Role, SentimentLabel } from "../../protocol/updates.ts";

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
  sentiment: SentimentLabel;
}

export interface ContactScore {
  customer: Sentiment;
  agent: Sentiment;
  /** How many final turns have been scored. */
  turns: number;
}

/** Contact Lens counts a turn that is both as neither. */
const TURN_VALUE: Readonly<Record<SentimentLabel, number>> = { positive: 5, neutral: 0, negative: -5, mixed: 0 };
/** How far back `recent` looks: the talk a supervisor would still remember. */
const RECENT_MS = 60_000;

/** Scores all final turns of a contact so far. Order does not matter; a repeated `turnId` counts once, the last one given. */
export function scoreContact(turns: Iterable<ScoredTurn>): ContactScore {
  const score = new CallScore();
  for (const turn of turns) score.addTurn(turn);
  return score.current;
}

/**
 * The score of a call that goes on: it is asked for after every turn, some 800 times in an hour, so each participant's turns
 * are kept ready to be added up. Order does not matter; a turn given again under its `turnId` replaces the one before.
 */
export class CallScore {
  readonly #byId = new Map<string, ScoredTurn>();
  readonly #participants: Readonly<Record<Role, Participant>> = { customer: new Participant(), agent: new Participant() };

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

  /** The turns that count, each as it was given last: taken by another one, they give the same score. */
  get turns(): Iterable<ScoredTurn> {
    return this.#byId.values();
  }

  get current(): ContactScore {
    const { customer, agent } = this.#participants;
    const recentFrom = Math.max(customer.endMs, agent.endMs) - RECENT_MS;
    return { customer: customer.sentiment(recentFrom), agent: agent.sentiment(recentFrom), turns: this.size };
  }
}

/** What one participant's turns come to. */
class Participant {
  readonly #turns: { turnId: string; beginMs: number; endMs: number; value: number }[] = [];
  #endMs = 0;

  /** The end of the last turn, where the span ends; 0 before the first. */
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

  /** One look at every turn, however often: the bounds of the quarters move with each new one. */
  sentiment(recentFrom: number): Sentiment {
    const second = Math.floor(this.#endMs / 4);
    const third = Math.floor((this.#endMs * 2) / 4);
    const fourth = Math.floor((this.#endMs * 3) / 4);
    const sums: Quarters = [0, 0, 0, 0];
    const counts: Quarters = [0, 0, 0, 0];
    let recentSum = 0;
    let recentCount = 0;
    for (const { beginMs, endMs, value } of this.#turns) {
      const quarter = beginMs >= fourth ? 3 : beginMs >= third ? 2 : beginMs >= second ? 1 : 0;
      sums[quarter] += value;
      counts[quarter] += 1;
      if (endMs <= recentFrom) continue;
      recentSum += value;
      recentCount += 1;
    }
    const means = sums.map((sum, quarter) => mean(sum, counts[quarter] ?? 0));
    const known = means.filter((value) => value !== null);
    return {
      score: oneDecimal(
        mean(
          known.reduce((total, value) => total + value, 0),
          known.length,
        ),
      ),
      quarters: means.map(oneDecimal),
      recent: oneDecimal(mean(recentSum, recentCount)),
    };
  }
}

type Quarters = [number, number, number, number];

/** null when there is nothing: an empty quarter is no zero. */
function mean(sum: number, count: number): number | null {
  return count === 0 ? null : sum / count;
}
