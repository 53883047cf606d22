import type { ContactTurn, Update } from "../../protocol/updates.ts";
import type { ContactScore } from "../scoring/sentiment-score.ts";
import type { CallState, TranscriberJob } from "./transcriber-job.ts";

export type TranscriptState = NonNullable<CallState["transcript"]>;

/** A hand-over carries no more text than this; what is above goes into an object of its own. */
const MAX_CARRIED_BYTES = 150 * 1024;

/** The final turns of a call, to be kept with its recording: the last one told of each turn, in the order they were spoken. */
export class Transcript {
  readonly #turns: Map<string, ContactTurn>;
  readonly #earlier: string[];

  constructor(state: TranscriptState) {
    this.#turns = new Map(state.turns.map((turn) => [turn.turnId, turn]));
    this.#earlier = [...state.earlier];
  }

  note(updates: readonly Update[]): void {
    for (const update of updates) {
      if (update.type !== "contact.turn" || !update.final) continue;
      if (update.text === "") this.#turns.delete(update.turnId);
      else this.#turns.set(update.turnId, update);
    }
  }

  /** What the next invocation needs; `spill` writes turns that are too many to carry and returns the object's key. */
  async suspend(spill: (body: string) => Promise<string>): Promise<TranscriptState> {
    const turns = this.#inOrder();
    if (Buffer.byteLength(JSON.stringify(turns)) <= MAX_CARRIED_BYTES) return { turns, earlier: this.#earlier };
    const key = await spill(JSON.stringify({ turns: turns.map(plain) }));
    return { turns: [], earlier: [...this.#earlier, key] };
  }

  /** The transcript as it is kept. Times in ms on the contact's timeline; `startedAt` epoch ms. */
  document(call: {
    job: TranscriberJob;
    startedAt: number;
    audioMs: number;
    score: ContactScore;
    categories: readonly string[];
    incompleteReasons: readonly string[];
    recording: string | null;
  }): string {
    const { job, startedAt, audioMs, score, categories, incompleteReasons, recording } = call;
    return JSON.stringify({
      contactId: job.contactId,
      initialContactId: job.initialContactId,
      startedAt,
      audioMs,
      language: job.language.languageCode,
      recording,
      complete: incompleteReasons.length === 0,
      incompleteReasons,
      score: { customer: score.customer, agent: score.agent },
      categories,
      turns: this.#inOrder().map(plain),
      ...(this.#earlier.length > 0 && { earlierTurns: this.#earlier }),
    });
  }

  #inOrder(): ContactTurn[] {
    return [...this.#turns.values()].sort((a, b) => a.beginMs - b.beginMs || (a.turnId < b.turnId ? -1 : 1));
  }
}

function plain({ turnId, role, beginMs, endMs, text, sentiment, issues }: ContactTurn) {
  return { turnId, role, beginMs, endMs, text, sentiment, issues };
}
