import type { ContactTurn, Update } from "../../protocol/updates.ts";
import type { ContactScore } from "../scoring/sentiment-score.ts";
import type { CallState, TranscriberJob } from "./transcriber-job.ts";

export type CallTranscriptState = NonNullable<CallState["transcript"]>;

/** The most text that a hand-over carries, in bytes of JSON. More goes into an object of its own. */
const MAX_CARRIED_BYTES = 150 * 1024;

/**
 * How personal data is treated in a stored call. `withheld`: some turns have no text, because nobody could mask it.
 * `partly-masked`: some speech was never transcribed with masking, so the recording has it as it was spoken.
 */
export interface ArchivePrivacy {
  text: "masked" | "withheld" | "in-clear";
  audio: "masked" | "partly-masked" | "in-clear";
}

/** The final turns of a call, stored beside its recording: the newest version of each turn, in the order of speech. */
export class CallTranscript {
  readonly #turns: Map<string, ContactTurn>;
  readonly #earlier: string[];

  constructor(state: CallTranscriptState) {
    this.#turns = new Map(state.turns.map((turn) => [turn.turnId, turn]));
    this.#earlier = [...state.earlier];
  }

  /** Keeps the final turns among the updates. A final turn without text withdraws the turn. */
  addUpdates(updates: readonly Update[]): void {
    for (const update of updates) {
      if (update.type !== "contact.turn" || !update.final) continue;
      if (update.text === "") this.#turns.delete(update.turnId);
      else this.#turns.set(update.turnId, update);
    }
  }

  /** Returns the state for the next invocation. `store` writes turns that are too many to carry and returns the object's key. */
  async suspend(store: (body: string) => Promise<string>): Promise<CallTranscriptState> {
    const turns = this.#turnsInOrder();
    if (Buffer.byteLength(JSON.stringify(turns)) <= MAX_CARRIED_BYTES) return { turns, earlier: this.#earlier };
    const key = await store(JSON.stringify({ turns: turns.map(storedTurn) }));
    return { turns: [], earlier: [...this.#earlier, key] };
  }

  /** Returns the JSON document of the transcript. `startedAt` is epoch ms, all other times are ms on the contact's timeline. */
  document(call: {
    job: TranscriberJob;
    startedAt: number;
    audioMs: number;
    score: ContactScore;
    categories: readonly string[];
    incompleteReasons: readonly string[];
    /** Key of the WAV object, or null. */
    recording: string | null;
    /** Options that the speech service refused. Absent = none. */
    refusedOptions?: readonly string[];
    /** The bucket of the recording and of this document. */
    bucket: string;
    privacy: ArchivePrivacy;
  }): string {
    const {
      job,
      startedAt,
      audioMs,
      score,
      categories,
      incompleteReasons,
      recording,
      bucket,
      privacy,
      refusedOptions = [],
    } = call;
    return JSON.stringify({
      contactId: job.contactId,
      initialContactId: job.initialContactId,
      startedAt,
      audioMs,
      language: job.language.languageCode,
      bucket,
      recording,
      personalData: privacy,
      complete: incompleteReasons.length === 0,
      incompleteReasons,
      ...(refusedOptions.length > 0 && { refusedOptions }),
      score: { customer: score.customer, agent: score.agent },
      categories,
      turns: this.#turnsInOrder().map(storedTurn),
      ...(this.#earlier.length > 0 && { earlierTurns: this.#earlier }),
    });
  }

  #turnsInOrder(): ContactTurn[] {
    return [...this.#turns.values()].sort((a, b) => a.beginMs - b.beginMs || (a.turnId < b.turnId ? -1 : 1));
  }
}

function storedTurn({ turnId, role, beginMs, endMs, text, sentiment, issues }: ContactTurn) {
  return { turnId, role, beginMs, endMs, text, sentiment, issues };
}
