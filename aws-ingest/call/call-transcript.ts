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

  /**
   * Moves the turns into an object of their own when they are too many to carry. `store` writes it under this key. Another
   * process that goes on from an older state writes the same object again, with the same turns and perhaps more.
   */
  async unload(keyOf: (number: number) => string, store: (key: string, body: string) => Promise<void>): Promise<void> {
    const turns = this.#turnsInOrder();
    if (Buffer.byteLength(JSON.stringify(turns)) <= MAX_CARRIED_BYTES) return;
    let number = this.#earlier.length + 1;
    while (this.#earlier.includes(keyOf(number))) number += 1;
    await store(keyOf(number), JSON.stringify({ turns: turns.map(storedTurn) }));
    this.#earlier.push(keyOf(number));
    for (const turn of turns) if (this.#turns.get(turn.turnId) === turn) this.#turns.delete(turn.turnId);
  }

  /** Returns the state for the next process. */
  state(): CallTranscriptState {
    return { turns: this.#turnsInOrder(), earlier: [...this.#earlier] };
  }

  /**
   * Returns the JSON document of the transcript. `startedAt` is epoch ms. `conversationBeginMs` is ms of the recording, and the
   * times of turns count from there.
   */
  document(call: {
    job: TranscriberJob;
    startedAt: number;
    audioMs: number;
    /** When the conversation began, in ms of the audio; null when no agent joined. Absent = with the audio. */
    conversationMs?: number | null;
    score: ContactScore;
    categories: readonly string[];
    incompleteReasons: readonly string[];
    /** Keys of the WAV objects. A contact whose streaming began anew after its end has several. */
    recordings: readonly string[];
    /** Options that the speech service refused. Absent = none. */
    refusedOptions?: readonly string[];
    /** The bucket of the recordings and of this document. */
    bucket: string;
    privacy: ArchivePrivacy;
  }): string {
    const { job, startedAt, audioMs, score, categories, incompleteReasons } = call;
    const { recordings, bucket, privacy, refusedOptions = [] } = call;
    return JSON.stringify({
      contactId: job.contactId,
      initialContactId: job.initialContactId,
      startedAt,
      audioMs,
      conversationBeginMs: call.conversationMs ?? (call.conversationMs === null ? null : 0),
      language: job.language.languageCode,
      bucket,
      recording: recordings[0] ?? null,
      ...(recordings.length > 1 && { laterRecordings: recordings.slice(1) }),
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
