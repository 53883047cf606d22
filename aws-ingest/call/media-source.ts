import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../protocol/backoff.ts";
import { bytesToFrames, type Frames, frames, framesToMs } from "../media/audio-units.ts";
import { type ChannelInterleaver, InterleaverError, type JoinPoints, type StereoChunk } from "../media/channel-interleaver.ts";
import { belongsTo, type Fragment } from "../media/fragment.ts";
import { FragmentReader } from "../media/fragments.ts";
import type { MediaPort, MediaStart } from "./call-ports.ts";
import { muteChannel, type ReplayBuffer } from "./replay-buffer.ts";

/** Reading is given up after so many failed or empty connections in a row. */
const MAX_FAILURES = 5;
/** Waits half a second on average after the first failure and four seconds after the fourth. */
const RETRY_BACKOFF = { firstMs: 1000, longestMs: 8000 };
/** In-band error of GetMedia: the fragment has expired. A second request for it gets the same answer. */
const EXPIRED_FRAGMENT = "4000";
/** A connection ended without one fragment, sooner than silence would have ended it. */
const ENDED_AT_ONCE = "ended_at_once";

/** A place to read the stream from: every frame from `nextFrame` on comes behind `afterFragment`. */
export interface ReadMark {
  nextFrame: Frames;
  afterFragment: string | null;
  /** Where the first blocks behind `afterFragment` join the audio before them. */
  joinAt: JoinPoints;
}

export interface MediaSourceOptions {
  media: MediaPort;
  interleaver: ChannelInterleaver;
  buffer: ReplayBuffer;
  contactIds: readonly string[];
  /** Epoch ms of the contact's first audio. */
  startTimestamp: number;
  startFragment: string | null;
  /** How long a connection stays silent before the port ends it. */
  idleMs: number;
  signal: AbortSignal;
  /** The sides that may be used. The others are silenced before anything else gets their audio. Absent = both. */
  sides?: { customer: boolean; agent: boolean };
  /** Receives the same chunks as the buffer, in order. */
  onChunk(chunk: StereoChunk): void;
  /** Returns the first frame that something besides the buffer may read again. */
  keepFrom(): number;
  /** Receives the epoch ms of frame 0, as soon as it is known. */
  onStartKnown(t0Ms: number): void;
  /** Receives how many ms a fragment was behind the newest of the stream. */
  onFragmentRead(msBehindLive: number): void;
}

/** `silent`: two connections in a row brought nothing. `foreign`: the stream went on with another contact. */
export type MediaSourceEnd = { why: "silent" | "foreign" | "aborted" } | { why: "failed"; fault: string };

/** Reads one contact's audio from its stream into the replay buffer, over several connections if needed. Drops other contacts' audio. */
export class MediaSource {
  readonly #options: MediaSourceOptions;
  #inherited: ReadonlyMap<string, string> = new Map();
  #marks: ReadMark[];
  /** A fragment of this contact has been read. */
  #begun = false;
  /** Fragments that this connection brought and the interleaver placed. */
  #fragmentsRead = 0;
  #fault: string | null = null;
  #foreign = false;
  #cutFragment: Fragment | null = null;
  #fragmentExpired = false;
  #timeRefused = false;

  constructor(options: MediaSourceOptions) {
    this.#options = options;
    const { nextFrame, afterFragment, joinAt, t0Ms } = options.interleaver.state();
    this.#marks = [{ nextFrame, afterFragment, joinAt }];
    this.#begun = t0Ms !== null;
  }

  /** Returns a place from which every frame from `position` on is read. */
  readMarkFor(position: Frames): ReadMark {
    return (
      this.#marks.findLast((mark) => mark.nextFrame <= position) ?? {
        nextFrame: frames(0),
        afterFragment: null,
        joinAt: [null, null],
      }
    );
  }

  /** Reads until the contact's audio is over. Never throws. Closes the buffer, except when `signal` aborted. */
  async run(): Promise<MediaSourceEnd> {
    const end = await this.#readConnections();
    if (end.why === "aborted") return end;
    // No later connection brought the cut fragment whole, so its part is all there is.
    if (this.#cutFragment !== null) this.#interleaveFragment(this.#cutFragment);
    this.#appendChunks(this.#options.interleaver.flushChunks());
    this.#options.buffer.close();
    return end;
  }

  async #readConnections(): Promise<MediaSourceEnd> {
    const { signal, idleMs } = this.#options;
    let silences = 0;
    let failures = 0;
    for (;;) {
      this.#fragmentsRead = 0;
      this.#fault = null;
      const openedAt = Date.now();
      await this.#readConnection();
      if (signal.aborted) return { why: "aborted" };
      if (this.#foreign) return { why: "foreign" };
      if (this.#fragmentsRead > 0) [silences, failures] = [0, 0];
      else if (this.#fault === null && Date.now() - openedAt < idleMs / 2) this.#fault = ENDED_AT_ONCE;
      if (this.#fault === null) {
        // The first silence may be a pause of the stream, or the service ended the connection. The second one is the end.
        silences += 1;
        if (silences >= 2) return { why: "silent" };
        continue;
      }
      failures += 1;
      if (failures >= MAX_FAILURES)
        return this.#fault === ENDED_AT_ONCE ? { why: "silent" } : { why: "failed", fault: this.#fault };
      await sleep(backoffMs(failures - 1, RETRY_BACKOFF, Math.random()), undefined, { signal }).catch(() => {});
    }
  }

  async #readConnection(): Promise<void> {
    const { media, signal, buffer } = this.#options;
    const reader = new FragmentReader({ inherited: this.#inherited });
    try {
      for await (const bytes of media.readMedia(this.#nextStart(), signal)) {
        for (const fragment of reader.addBytes(bytes)) {
          this.#acceptFragment(fragment);
          if (this.#foreign || this.#fault !== null || signal.aborted) return;
        }
        this.#inherited = reader.inherited;
        await buffer.waitForRoom(signal);
      }
      for (const fragment of reader.endBytes()) this.#acceptFragment(fragment);
    } catch (error) {
      this.#fault = error instanceof Error ? error.name : "unknown";
      if (this.#fault === "InvalidArgumentException") this.#timeRefused = true;
    }
  }

  #nextStart(): MediaStart {
    const { interleaver, startTimestamp, startFragment } = this.#options;
    const { afterFragment, t0Ms, nextFrame } = interleaver.state();
    if (this.#fragmentExpired) return { from: "time", epochMs: Math.floor((t0Ms ?? startTimestamp) + framesToMs(nextFrame)) };
    if (afterFragment !== null) return { from: "fragment", after: afterFragment };
    // GetMedia leaves the named fragment out. One second of the call is lost, and the rest is read.
    if (this.#timeRefused && startFragment !== null) return { from: "fragment", after: startFragment };
    return { from: "time", epochMs: startTimestamp };
  }

  #acceptFragment(fragment: Fragment): void {
    const { contactIds, onFragmentRead } = this.#options;
    if (fragment.error !== null) {
      this.#fault = `stream_error_${fragment.error.id ?? fragment.error.code}`;
      if (fragment.error.id === EXPIRED_FRAGMENT) this.#fragmentExpired = true;
      return;
    }
    if (!belongsTo(contactIds, fragment)) {
      // The last fragments of the stream's previous contact may come before this contact's first one.
      this.#foreign = this.#begun && fragment.contactId !== null;
      return;
    }
    if (fragment.millisBehindNow !== null) onFragmentRead(fragment.millisBehindNow);
    if (!fragment.complete) {
      this.#cutFragment = fragment;
      return;
    }
    this.#cutFragment = null;
    this.#begun = true;
    this.#fragmentExpired = false;
    this.#interleaveFragment(fragment);
  }

  #interleaveFragment(fragment: Fragment): void {
    const { interleaver, onStartKnown, buffer, keepFrom } = this.#options;
    try {
      const chunks = interleaver.addFragment(fragment);
      const { t0Ms, nextFrame, afterFragment, joinAt } = interleaver.state();
      if (t0Ms !== null) onStartKnown(t0Ms);
      this.#appendChunks(chunks);
      this.#marks.push({ nextFrame, afterFragment, joinAt });
      const newestUseful = this.#marks.findLastIndex((mark) => mark.nextFrame <= Math.min(buffer.firstFrame, keepFrom()));
      if (newestUseful > 0) this.#marks.splice(0, newestUseful);
      // A fragment that cannot be placed is no progress, or the source would read it again for ever.
      this.#fragmentsRead += 1;
    } catch (error) {
      if (!(error instanceof InterleaverError)) throw error;
      this.#fault = "broken_timestamp";
    }
  }

  #appendChunks(chunks: readonly StereoChunk[]): void {
    const { sides } = this.#options;
    for (const chunk of chunks) {
      if (sides?.customer === false) muteChannel(chunk.pcm, 0, bytesToFrames(chunk.pcm.length));
      if (sides?.agent === false) muteChannel(chunk.pcm, 1, bytesToFrames(chunk.pcm.length));
      this.#options.buffer.appendChunk(chunk);
      this.#options.onChunk(chunk);
    }
  }
}
