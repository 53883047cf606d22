import { isRedactable } from "../transcribe/languages.ts";
import type { LanguagePlan } from "./languages.ts";
import type { SpeechFailure, SpeechOption } from "./speech.ts";

/** A rejection may be an accident of one request. The same request is sent this many times before an option is suspected. */
const REJECTIONS_TO_BELIEVE = 2;

/**
 * Finds out which option of a call's sessions the speech service refuses, so that the call goes on without it. The service does
 * not say which option it means in a documented form, so options are left out one at a time, the suspected one first, and all of
 * them at last.
 */
export class RefusedOptions {
  /** Options that the service has refused. */
  #dropped: ReadonlySet<SpeechOption>;
  /** What the running session leaves out. */
  #without: ReadonlySet<SpeechOption>;
  #trials: ReadonlySet<SpeechOption>[] = [];
  #rejections = 0;

  /** @param dropped the options that earlier invocations of the call found refused */
  constructor(dropped: readonly SpeechOption[]) {
    this.#dropped = new Set(dropped);
    this.#without = this.#dropped;
  }

  /** The options to leave out of the next session. */
  get without(): ReadonlySet<SpeechOption> {
    return this.#without;
  }

  /** The options that the service has refused, for the next invocation. */
  get dropped(): SpeechOption[] {
    return [...this.#dropped];
  }

  /** Call when the service accepted a session: it returned a result. Returns the options that it is the first to do without. */
  noteAccepted(): SpeechOption[] {
    const news = [...this.#without].filter((option) => !this.#dropped.has(option));
    this.#dropped = this.#without;
    this.#trials = [];
    this.#rejections = 0;
    return news;
  }

  /** Call when the service rejected a session without any result. Returns whether another session is worth trying. */
  noteRejected({ options }: SpeechFailure): boolean {
    this.#rejections += 1;
    if (this.#rejections < REJECTIONS_TO_BELIEVE) return true;
    if (this.#rejections === REJECTIONS_TO_BELIEVE) {
      const alone = options.map((option) => new Set([...this.#dropped, option]));
      this.#trials = options.length > 1 ? [...alone, new Set([...this.#dropped, ...options])] : alone;
    }
    const next = this.#trials.shift();
    if (next === undefined) return false;
    this.#without = next;
    return true;
  }
}

/**
 * Returns the plan without the options that concern it: standard streaming, and the preferred language. What can be masked then is
 * looked up again, because the engines mask different languages, and a job of an earlier version knew fewer of them.
 */
export function planWithout(plan: LanguagePlan, without: ReadonlySet<SpeechOption>): LanguagePlan {
  const service = without.has("call-analytics") ? "standard" : plan.service;
  const identify = without.has("identification") ? [] : plan.identify;
  return { ...plan, service, identify, redaction: identify.length === 0 && isRedactable(plan.languageCode, service) };
}
