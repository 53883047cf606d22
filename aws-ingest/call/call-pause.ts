import { setTimeout as sleep } from "node:timers/promises";
import type { CallEndPort } from "./call-ports.ts";

/** Amazon Connect answers ten requests a second for the whole account, so a paused call asks once a minute at most. */
const ASK_EVERY_MS = 60_000;
/** The first question of a pause waits up to this long, because many calls may pause at once. */
const JITTER_MS = 5_000;
/** A call without audio and without an answer is given up after this. */
const GIVE_UP_MS = 900_000;
/** An answer may fail by chance, so one question alone never gives a call up. */
const MIN_UNANSWERED = 3;
/** How often the mark of a contact event is looked at while nothing is read. */
const LOOK_EVERY_MS = 10_000;
/** The product's own `idleSeconds`. A shorter one, as in tests, shortens the other times in proportion. */
const USUAL_IDLE_MS = 25_000;

/** `over`: the contact has ended. `going-on`: read again. `unknown`: nobody has known for a quarter of an hour. */
export type PauseEnd = "over" | "going-on" | "unknown";

/**
 * Decides whether a call whose audio has stopped is over. Audio stops when a contact ends, and also when the flow stops media
 * streaming, when the producer has a break, and when the stream goes on with another contact.
 */
export class CallPause {
  readonly #end: CallEndPort;
  readonly #signal: AbortSignal;
  readonly #scale: number;
  /** Epoch ms of the newest audio, or of the newest answer that the contact goes on. */
  #newsAt: number;
  #askAt = 0;
  #asked = false;
  #unanswered = 0;

  /** @param newsAt epoch ms of the newest audio so far @param idleMs how long a connection stays silent before it ends */
  constructor(end: CallEndPort, newsAt: number, idleMs: number, signal: AbortSignal) {
    this.#end = end;
    this.#newsAt = newsAt;
    this.#signal = signal;
    this.#scale = Math.min(1, idleMs / USUAL_IDLE_MS);
  }

  /** Call when audio has come. The pause, if there was one, is over. */
  noteAudio(): void {
    this.#newsAt = Date.now();
    this.#asked = false;
    this.#askAt = 0;
    this.#unanswered = 0;
  }

  /** Call after a silence. @param ask whether Amazon Connect may be asked, or only the mark of a contact event counts */
  async isOver(ask: boolean): Promise<PauseEnd> {
    if (await this.#end.isMarkedOver().catch(() => false)) return "over";
    if (!ask || Date.now() < this.#askAt) return this.#unlessGivenUp();
    if (!this.#asked) await this.#wait(Math.random() * JITTER_MS * this.#scale);
    if (this.#signal.aborted) return "going-on";
    this.#asked = true;
    const answer = await this.#end.askConnect(this.#signal);
    if (answer === "over") return "over";
    this.#unanswered = answer === "unknown" ? this.#unanswered + 1 : 0;
    if (answer === "going-on") this.#newsAt = Date.now();
    const share = answer === "unknown" ? Math.min(1, 2 ** this.#unanswered / 8) : 1;
    this.#askAt = Date.now() + ASK_EVERY_MS * this.#scale * share * (0.75 + Math.random() / 2);
    return this.#unlessGivenUp();
  }

  /** Waits for the end of a contact whose stream has gone on with another contact. There is nothing to read meanwhile. */
  async untilOver(): Promise<"over" | "unknown" | "aborted"> {
    for (;;) {
      const end = await this.isOver(true);
      if (this.#signal.aborted) return "aborted";
      // The stream belongs to somebody else, so without an answer the contact is taken to be over.
      if (end !== "going-on" || this.#unanswered > 0) return end === "unknown" ? "unknown" : "over";
      await this.#wait(LOOK_EVERY_MS * this.#scale);
    }
  }

  #unlessGivenUp(): PauseEnd {
    const givenUp = this.#unanswered >= MIN_UNANSWERED && Date.now() - this.#newsAt >= GIVE_UP_MS * this.#scale;
    return givenUp ? "unknown" : "going-on";
  }

  async #wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#signal }).catch(() => {});
  }
}
