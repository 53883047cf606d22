import type { Home } from "./agent-event.ts";
import type { Call } from "./call.ts";
import { createCallAudio, type SimulatedCallAudio } from "./call-audio.ts";
import type { CallPlan } from "./call-plan.ts";
import { flowEvent } from "./flow-event.ts";

/** A Kinesis video stream that a call's sound is put on. */
export interface MediaStream {
  readonly arn: string;
  /** Returns the number of the first fragment begun. */
  write(audio: { contactId: string; atMs: number; fromCustomer: Int16Array; toCustomer: Int16Array }): string;
}

/** Invokes the contact flow's Lambda block. */
export type InvokeFlow = (event: object) => Promise<unknown>;

/** Amazon Connect writes about a second at a time. */
const FRAGMENT_MS = 1024;

/** One call on the air: its sound goes out second by second as it happens, and its contact flow asks for the transcription. */
export class LiveCall {
  readonly stream: MediaStream;
  readonly call: Call;
  readonly #home: Home;
  readonly #beganAt: number;
  readonly #startFlow: InvokeFlow;
  readonly #audio: SimulatedCallAudio = createCallAudio();
  /** How much of the sound has been written, ms. */
  #writtenMs = 0;

  constructor(home: Home, call: Call, beganAt: number, stream: MediaStream, startFlow: InvokeFlow) {
    this.stream = stream;
    this.#home = home;
    this.call = call;
    this.#beganAt = beganAt;
    this.#startFlow = startFlow;
  }

  connectAgent(at: number, plan: CallPlan): void {
    this.#audio.startConversation(at - this.#beganAt, plan);
  }

  /** Writes the whole fragments whose time has passed. Returns how late the oldest of them was, ms. */
  writeDueAudio(now: number): number {
    const late = now - (this.#beganAt + this.#writtenMs + FRAGMENT_MS);
    while (this.#beganAt + this.#writtenMs + FRAGMENT_MS <= now) this.#writeFragment(FRAGMENT_MS);
    return Math.max(0, late);
  }

  /** Writes what is left of the sound up to the end of the call. */
  endAudio(now: number): void {
    this.writeDueAudio(now);
    const left = Math.floor(now - this.#beganAt - this.#writtenMs);
    if (left > 0) this.#writeFragment(left);
  }

  #writeFragment(lengthMs: number): void {
    const first = this.#writtenMs === 0;
    const sound = this.#audio.renderAudio(this.#writtenMs, this.#writtenMs + lengthMs);
    const startFragment = this.stream.write({ contactId: this.call.contactId, atMs: this.#beganAt + this.#writtenMs, ...sound });
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
    // A contact flow that fails leaves the caller alone with the agent: the call goes on without a transcription.
    this.#startFlow(event).catch((error: unknown) => console.error("The contact flow's Lambda failed:", error));
  }
}
