import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../protocol/backoff.ts";
import { bytesToFrames, type Frames, frames, framesToMs } from "../media/audio-units.ts";
import type { ChannelInterleaver, JoinPoints, StereoChunk } from "../media/channel-interleaver.ts";
import { belongsTo, type Fragment } from "../media/fragment.ts";
import { FragmentReader } from "../media/fragments.ts";
import { InterleaverError } from "../media/interleaver-error.ts";
import { CallPause } from "./call-pause.ts";
import type { CallEndPort, MediaPort, MediaStart } from "./call-ports.ts";
import { muteChannel, type ReplayBuffer } from "./replay-buffer.ts";
import type { StreamStart } from "./transcriber-job.ts";

/** Reading is given up after so many failed or empty connections in a row. */
const MAX_FAILURES = 5;
/** Waits half a second on average after the first failure and four seconds after the fourth. */
const RETRY_BACKOFF = { firstMs: 1000, longestMs: 8000 };
/** In-band error of GetMedia: the fragment has expired. A second request for it gets the same answer. */
const EXPIRED_FRAGMENT = "4000";
/** A connection ended without one fragment, sooner than silence would have ended it. */
const ENDED_AT_ONCE = "ended_at_once";
/** Without a port for the end of the call, so many connections in a row without one fragment end it. */
const SILENCES_AT_END = 2;
/** A stream that another one has followed is read to its end. Nothing new comes, so this part of the usual silence is enough. */
const FOLLOWED_IDLE_SHARE = 1 / 5;
/** Connections that end at once are opened again after this part of the usual silence, then after twice as long, and so on. */
const CLOSED_BACKOFF_SHARES = [1 / 5, 2 / 5, 4 / 5, 8 / 5, 12 / 5] as const;

const LONGEST_CLOSED_MS = 60_000;
/** Nobody could say for a quarter of an hour whether the contact is over. */
const END_UNKNOWN = "end_unknown";

/** A place to read a stream from: every frame from `nextFrame` on comes behind `afterFragment` of that stream. */
export interface ReadMark {
  nextFrame: Frames;
  afterFragment: string | null;
  /** Where the first blocks behind `afterFragment` join the audio before them. */
  joinAt: JoinPoints;
  streamIndex: number;
}

const BEGINNING: ReadMark = { nextFrame: frames(0), afterFragment: null, joinAt: [null, null], streamIndex: 0 };

export interface MediaSourceOptions {
  media: MediaPort;
  interleaver: ChannelInterleaver;
  buffer: ReplayBuffer;
  contactIds: readonly string[];
  /** Where the contact's audio began, and where it began again. */
  streams: readonly StreamStart[];
  /** The stream to go on with, of {@link streams}. */
  streamIndex: number;
  /** null: two silences, or another contact's audio, end the call. */
  end: CallEndPort | null;
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

/**
 * `silent`: the contact is over, and its stream is read to the end. `foreign`: the same, and the stream went on with another
 * contact. `failed`: some audio may be missing, or it is unknown whether the contact is over (`end_unknown`).
 */
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
  #streamIndex: number;
  readonly #pause: CallPause | null;

  constructor(options: MediaSourceOptions) {
    this.#options = options;
    const { streams, streamIndex, end, idleMs, signal } = options;
    const { nextFrame, afterFragment, joinAt, t0Ms } = options.interleaver.state();
    this.#streamIndex = Math.min(streamIndex, streams.length - 1);
    this.#marks = [{ nextFrame, afterFragment, joinAt, streamIndex: this.#streamIndex }];
    this.#begun = this.#streamIndex === 0 ? t0Ms !== null : afterFragment !== null;
    const newsAt = t0Ms === null ? this.#stream.startTimestamp : t0Ms + framesToMs(nextFrame);
    this.#pause = end === null ? null : new CallPause(end, newsAt, idleMs, signal);
  }

  /** Returns a place from which every frame from `position` on is read. */
  readMarkFor(position: Frames): ReadMark {
    return this.#marks.findLast((mark) => mark.nextFrame <= position) ?? BEGINNING;
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
      this.#foreign = false;
      const openedAt = Date.now();
      await this.#readConnection();
      if (signal.aborted) return { why: "aborted" };
      if (this.#fragmentsRead > 0) {
        [silences, failures] = [0, 0];
        this.#pause?.noteAudio();
      } else if (this.#fault === null && Date.now() - openedAt < idleMs / 2) this.#fault = ENDED_AT_ONCE;
      if ((this.#foreign || this.#fault === null || this.#fault === ENDED_AT_ONCE) && this.#followStream()) continue;
      if (this.#foreign) {
        const end = await this.#waitForEnd();
        if (end !== null) return end;
        continue;
      }
      if (this.#fault !== null && (this.#fault !== ENDED_AT_ONCE || this.#pause === null)) {
        failures += 1;
        if (failures >= MAX_FAILURES)
          return this.#fault === ENDED_AT_ONCE ? { why: "silent" } : { why: "failed", fault: this.#fault };
        await this.#sleep(backoffMs(failures - 1, RETRY_BACKOFF, Math.random()));
        continue;
      }
      // A silence may be a pause of the stream, or the service ended the connection. The first one behind audio says nothing.
      if (this.#fragmentsRead === 0) silences += 1;
      if (this.#pause === null) {
        if (silences >= SILENCES_AT_END) return { why: "silent" };
        continue;
      }
      const over = await this.#pause.isOver(silences > 0);
      if (signal.aborted) return { why: "aborted" };
      if (over === "over") return { why: "silent" };
      if (over === "unknown") return { why: "failed", fault: END_UNKNOWN };
      const share = CLOSED_BACKOFF_SHARES[Math.min(silences, CLOSED_BACKOFF_SHARES.length) - 1] ?? 0;
      if (this.#fault === ENDED_AT_ONCE) await this.#sleep(Math.min(LONGEST_CLOSED_MS, share * idleMs));
    }
  }

  /** Waits until a contact is over whose stream went on with another contact. Returns null to read on. */
  async #waitForEnd(): Promise<MediaSourceEnd | null> {
    if (this.#pause === null) return { why: "foreign" };
    const end = await this.#pause.untilOver();
    if (end === "aborted") return { why: "aborted" };
    return end === "over" ? { why: "foreign" } : { why: "failed", fault: END_UNKNOWN };
  }

  /** Goes on with the stream that followed this one, if there is one. */
  #followStream(): boolean {
    const { streams, interleaver } = this.#options;
    const next = streams[this.#streamIndex + 1];
    if (next === undefined) return false;
    if (next.streamArn !== this.#stream.streamArn) this.#appendChunks(interleaver.changeStream());
    this.#streamIndex += 1;
    this.#begun = false;
    this.#inherited = new Map();
    this.#marks.push({ ...BEGINNING, nextFrame: interleaver.state().nextFrame, streamIndex: this.#streamIndex });
    return true;
  }

  get #stream(): StreamStart {
    const stream = this.#options.streams[this.#streamIndex];
    if (stream === undefined) throw new RangeError("A call has no stream to read.");
    return stream;
  }

  async #sleep(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#options.signal }).catch(() => {});
  }

  async #readConnection(): Promise<void> {
    const { media, signal, buffer, idleMs, streams } = this.#options;
    const reader = new FragmentReader({ inherited: this.#inherited });
    const isFollowed = this.#streamIndex < streams.length - 1;
    const plan = { streamArn: this.#stream.streamArn, idleMs: isFollowed ? idleMs * FOLLOWED_IDLE_SHARE : idleMs };
    try {
      for await (const bytes of media.readMedia(this.#nextStart(), signal, plan)) {
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
    const { startTimestamp, startFragment } = this.#stream;
    const { afterFragment, t0Ms, nextFrame } = this.#options.interleaver.state();
    // A stream that follows another one is read from its start, also when it is the same stream with other contacts in between.
    if (!this.#begun && this.#streamIndex > 0) return this.#startOf(startTimestamp, startFragment);
    if (this.#fragmentExpired) return { from: "time", epochMs: Math.floor((t0Ms ?? startTimestamp) + framesToMs(nextFrame)) };
    if (afterFragment !== null) return { from: "fragment", after: afterFragment };
    return this.#startOf(startTimestamp, startFragment);
  }

  #startOf(startTimestamp: number, startFragment: string | null): MediaStart {
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
      this.#marks.push({ nextFrame, afterFragment, joinAt, streamIndex: this.#streamIndex });
      const newestUseful = this.#marks.findLastIndex((mark) => mark.nextFrame <= Math.min(buffer.firstFrame, keepFrom()));
      if (newestUseful > 0) this.#marks.splice(0, newestUseful);
      // A fragment that cannot be placed is no progress, or the source would read it again for ever.
      this.#fragmentsRead += 1;
    } catch (error) {
      if (!(error instanceof InterleaverError)) throw error;
      this.#fault = error.reason;
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
