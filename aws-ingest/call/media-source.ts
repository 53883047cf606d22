import { setTimeout as sleep } from "node:timers/promises";
import { type ChannelInterleaver, InterleaverError, type StereoChunk } from "../media/channel-interleaver.ts";
import { belongsTo, type Fragment } from "../media/fragment.ts";
import { FragmentReader } from "../media/fragments.ts";
import type { ReplayBuffer } from "./replay-buffer.ts";
import { SAMPLE_RATE } from "./speech.ts";

/** A stream that fails, or ends at once, this often without one new fragment in between is given up. */
const MAX_FAILURES = 5;
const BACKOFF_MS = 250;
/** In-band error of GetMedia: the fragment asked for has expired. Asking for it again gives the same. */
const EXPIRED = "4000";
/** Not one fragment and no waiting for one. */
const ENDED_AT_ONCE = "ended_at_once";

/** Where to read a stream from: a time (epoch ms), or the fragment behind the named one, which itself is not sent again. */
export type MediaStart = { from: "time"; epochMs: number } | { from: "fragment"; after: string };

export interface MediaPort {
  /** The stream's bytes; they end when the connection does, or after some seconds without any. Throws when it cannot be opened. */
  read(start: MediaStart, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Where one may start to read again: behind `afterFragment` comes every sample from `nextSample` on. */
export interface ReadMark {
  nextSample: number;
  afterFragment: string | null;
}

export interface MediaSourceOptions {
  media: MediaPort;
  interleaver: ChannelInterleaver;
  buffer: ReplayBuffer;
  contactIds: readonly string[];
  /** Epoch ms: the contact's first sound. */
  startTimestamp: number;
  startFragment: string | null;
  /** How long a connection is quiet before the port ends it. */
  idleMs: number;
  signal: AbortSignal;
  /** Sound in order, as the buffer gets it. */
  onChunk(chunk: StereoChunk): void;
  /** The first sample that somebody besides the buffer may want to read again. */
  keepFrom(): number;
  /** Epoch ms of sample 0, once it is known. */
  onStartKnown(t0Ms: number): void;
  /** How far a fragment was behind the stream's newest, ms. */
  onBehind(ms: number): void;
}

/** `silent`: nothing more came, twice; `foreign`: the stream went on with another contact; `failed`: with a word for the fault. */
export type MediaEnd = { why: "silent" | "foreign" | "aborted" } | { why: "failed"; fault: string };

/** Reads one contact's sound from its stream onto the buffer, over as many connections as it takes. Nobody else's sound is let in. */
export class MediaSource {
  readonly #options: MediaSourceOptions;
  #inherited: ReadonlyMap<string, string> = new Map();
  #marks: ReadMark[];
  #begun = false;
  #news = 0;
  #fault: string | null = null;
  #foreign = false;
  #cut: Fragment | null = null;
  #expired = false;
  #timeRefused = false;

  constructor(options: MediaSourceOptions) {
    this.#options = options;
    const { nextSample, afterFragment, t0Ms } = options.interleaver.state();
    this.#marks = [{ nextSample, afterFragment }];
    this.#begun = t0Ms !== null;
  }

  /** From where to read so that `sample` and all behind it come. */
  markFor(sample: number): ReadMark {
    return this.#marks.findLast((mark) => mark.nextSample <= sample) ?? { nextSample: 0, afterFragment: null };
  }

  /** Reads until the contact is over. Never throws. The buffer is closed then, unless `aborted`. */
  async run(): Promise<MediaEnd> {
    const end = await this.#connections();
    if (end.why === "aborted") return end;
    // The rest of a connection that broke off inside a fragment, when no further one brought that fragment whole.
    if (this.#cut !== null) this.#hear(this.#cut);
    this.#put(this.#options.interleaver.flushChunks());
    this.#options.buffer.close();
    return end;
  }

  async #connections(): Promise<MediaEnd> {
    const { signal } = this.#options;
    let quiet = 0;
    let failures = 0;
    for (;;) {
      this.#news = 0;
      this.#fault = null;
      const openedAt = Date.now();
      await this.#connection();
      if (signal.aborted) return { why: "aborted" };
      if (this.#foreign) return { why: "foreign" };
      if (this.#news > 0) [quiet, failures] = [0, 0];
      else if (this.#fault === null && Date.now() - openedAt < this.#options.idleMs / 2) this.#fault = ENDED_AT_ONCE;
      if (this.#fault === null) {
        // The first silence may be a pause of the streaming or the service's own end of the connection; a second one is the end.
        quiet += 1;
        if (quiet >= 2) return { why: "silent" };
        continue;
      }
      failures += 1;
      if (failures >= MAX_FAILURES)
        return this.#fault === ENDED_AT_ONCE ? { why: "silent" } : { why: "failed", fault: this.#fault };
      await sleep(BACKOFF_MS * 2 ** failures, undefined, { signal }).catch(() => {});
    }
  }

  async #connection(): Promise<void> {
    const { media, signal, buffer } = this.#options;
    const reader = new FragmentReader({ inherited: this.#inherited });
    try {
      for await (const bytes of media.read(this.#start(), signal)) {
        for (const fragment of reader.push(bytes)) {
          this.#take(fragment);
          if (this.#foreign || this.#fault !== null || signal.aborted) return;
        }
        this.#inherited = reader.inherited;
        await buffer.waitForRoom(signal);
      }
      for (const fragment of reader.end()) this.#take(fragment);
    } catch (error) {
      this.#fault = error instanceof Error ? error.name : "unknown";
      if (this.#fault === "InvalidArgumentException") this.#timeRefused = true;
    }
  }

  #start(): MediaStart {
    const { interleaver, startTimestamp, startFragment } = this.#options;
    const { afterFragment, t0Ms, nextSample } = interleaver.state();
    if (this.#expired) return { from: "time", epochMs: Math.floor((t0Ms ?? startTimestamp) + (nextSample * 1000) / SAMPLE_RATE) };
    if (afterFragment !== null) return { from: "fragment", after: afterFragment };
    // Reading "after" a fragment leaves that one out, a second of the call: better than all of it.
    if (this.#timeRefused && startFragment !== null) return { from: "fragment", after: startFragment };
    return { from: "time", epochMs: startTimestamp };
  }

  #take(fragment: Fragment): void {
    const { contactIds, onBehind } = this.#options;
    if (fragment.error !== null) {
      this.#fault = `stream_error_${fragment.error.id ?? fragment.error.code ?? "unknown"}`;
      if (fragment.error.id === EXPIRED) this.#expired = true;
      return;
    }
    if (!belongsTo(contactIds, fragment)) {
      // Before the contact's own first fragment there may be the end of the stream's last one.
      this.#foreign = this.#begun && fragment.contactId !== null;
      return;
    }
    if (fragment.millisBehindNow !== null) onBehind(fragment.millisBehindNow);
    if (!fragment.complete) {
      this.#cut = fragment;
      return;
    }
    this.#cut = null;
    this.#begun = true;
    this.#expired = false;
    this.#news += 1;
    this.#hear(fragment);
  }

  #hear(fragment: Fragment): void {
    const { interleaver, onStartKnown, buffer, keepFrom } = this.#options;
    try {
      const chunks = interleaver.addFragment(fragment);
      const { t0Ms, nextSample, afterFragment } = interleaver.state();
      if (t0Ms !== null) onStartKnown(t0Ms);
      this.#put(chunks);
      this.#marks.push({ nextSample, afterFragment });
      const used = this.#marks.findLastIndex((mark) => mark.nextSample <= Math.min(buffer.firstFrame, keepFrom()));
      if (used > 0) this.#marks.splice(0, used);
    } catch (error) {
      if (!(error instanceof InterleaverError)) throw error;
      this.#fault = "broken_timestamp";
    }
  }

  #put(chunks: readonly StereoChunk[]): void {
    for (const chunk of chunks) {
      this.#options.buffer.appendChunk(chunk);
      this.#options.onChunk(chunk);
    }
  }
}
