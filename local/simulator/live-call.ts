import type { Phrase } from "../phrases/phrase.ts";
import { selectPhrases } from "../phrases/phrase-book.ts";
import type { Home } from "./agent-event.ts";
import type { Call } from "./call.ts";
import { createCallAudio, type SimulatedCallAudio } from "./call-audio.ts";
import type { CallPlan } from "./call-plan.ts";
import { flowEvent } from "./flow-event.ts";
import { cachedPhraseAudio } from "./phrase-audio.ts";

/** A Kinesis video stream for a call's audio. */
export interface MediaStream {
  readonly arn: string;
  /** Returns the number of the first fragment. */
  write(audio: { contactId: string; atMs: number; fromCustomer: Int16Array; toCustomer: Int16Array }): string;
}

/** One utterance whose sound the stream has from its beginning to its end. Times are ms from the moment in which the agent answered. */
export interface WrittenUtterance {
  phrase: Phrase;
  beginMs: number;
  endMs: number;
}

/** Invokes the contact flow's Lambda block. */
export type InvokeFlow = (event: object) => Promise<unknown>;

/** Amazon Connect writes about a second of audio at a time. */
const FRAGMENT_MS = 1024;
const SAMPLES_PER_MS = 8;

/** Returns what the queue announces while a caller waits, in the language of the call. It sounds like a greeting of an agent. */
function queuePrompt({ languageCode, queue }: Call): Phrase | undefined {
  const language = languageCode.startsWith("es") ? "es" : "en";
  return selectPhrases({ language, topic: queue.topic, role: "agent", stage: "greeting" })[0];
}

/** One call in progress. It writes its audio in real time, and its contact flow starts the transcription. */
export class LiveCall {
  readonly stream: MediaStream;
  readonly call: Call;
  readonly #home: Home;
  readonly #beganAt: number;
  readonly #startFlow: InvokeFlow;
  readonly #audio: SimulatedCallAudio;
  /** When the agent answered, in ms of the audio. */
  #connectedMs = 0;
  /** The audio written so far, ms. */
  #writtenMs = 0;
  #utterances: readonly WrittenUtterance[] = [];

  constructor(home: Home, call: Call, beganAt: number, stream: MediaStream, startFlow: InvokeFlow) {
    this.stream = stream;
    this.#home = home;
    this.call = call;
    this.#beganAt = beganAt;
    this.#startFlow = startFlow;
    const prompt = queuePrompt(call);
    this.#audio = createCallAudio(prompt === undefined ? undefined : cachedPhraseAudio(prompt));
  }

  connectAgent(at: number, plan: CallPlan): void {
    this.#connectedMs = at - this.#beganAt;
    this.#audio.startConversation(this.#connectedMs, plan);
    this.#utterances = plan.utterances.map(({ phrase, beginMs }) => {
      return { phrase, beginMs, endMs: beginMs + cachedPhraseAudio(phrase).length / SAMPLES_PER_MS };
    });
  }

  /** Returns the utterances of the script that were written to their end. The prompts of the wait are nobody's. */
  writtenUtterances(): WrittenUtterance[] {
    return this.#utterances.filter(({ endMs }) => this.#connectedMs + endMs <= this.#writtenMs);
  }

  /** Writes the whole fragments that are due. Returns the delay of the oldest one, ms. */
  writeDue(now: number): number {
    const late = now - (this.#beganAt + this.#writtenMs + FRAGMENT_MS);
    while (this.#beganAt + this.#writtenMs + FRAGMENT_MS <= now) this.#writeFragment(FRAGMENT_MS);
    return Math.max(0, late);
  }

  /** Writes the rest of the audio up to the end of the call. */
  writeEnd(now: number): void {
    this.writeDue(now);
    const left = Math.floor(now - this.#beganAt - this.#writtenMs);
    if (left > 0) this.#writeFragment(left);
  }

  #writeFragment(lengthMs: number): void {
    const first = this.#writtenMs === 0;
    const audio = this.#audio.renderAudio(this.#writtenMs, this.#writtenMs + lengthMs);
    const startFragment = this.stream.write({ contactId: this.call.contactId, atMs: this.#beganAt + this.#writtenMs, ...audio });
    this.#writtenMs += lengthMs;
    if (first) this.#enterFlow(startFragment);
  }

  #enterFlow(startFragment: string): void {
    const { contactId, kind, languageCode, queue, customerNumber, recorded } = this.call;
    const event = flowEvent(this.#home, {
      contactId,
      kind,
      languageCode,
      customerNumber,
      recorded,
      queue: kind === "pstn" ? queue : null,
      stream: { arn: this.stream.arn, startFragment, startedAt: this.#beganAt },
    });
    // A failed Lambda block does not end the call. The call goes on without a transcription.
    this.#startFlow(event).catch((error: unknown) => console.error("The contact flow's Lambda failed:", error));
  }
}
