import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { MediaStart } from "../../../aws-ingest/call/call-ports.ts";
import { MediaSource, type MediaSourceOptions } from "../../../aws-ingest/call/media-source.ts";
import { ReplayBuffer } from "../../../aws-ingest/call/replay-buffer.ts";
import { frames } from "../../../aws-ingest/media/audio-units.ts";
import { ChannelInterleaver, START_OF_CONTACT } from "../../../aws-ingest/media/channel-interleaver.ts";
import { writeError } from "../../../local/aws/kinesis-video-fragment.ts";
import { CONTACT, connectFragment, fragmentNumber, T0, voice } from "../media/capture.ts";

const INITIAL_CONTACT = "0f6d8a51-7a3c-4c5e-9d64-0a8f4a0b2c11";
const OTHER_CONTACT = "11111111-2222-3333-4444-555555555555";
const STREAM = "arn:aws:kinesisvideo:us-east-1:111122223333:stream/x/1";
const FRAGMENT_FRAMES = 8192;
/** Index of a fragment that lies more than four hours behind the first. No call has such a gap. */
const HOURS_AHEAD = 20_000;
/** The contact's start as the flow knows it, a moment before its first fragment. */
const STARTED = T0 - 250;

// Back-off takes no time, so that a test waits only for what it asks about.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(() => vi.restoreAllMocks());

/** One connection: bytes in order, then its end. An error is thrown when its turn comes. `hang` waits for the abort. */
type Connection = readonly (Uint8Array | Error | "hang")[];

function sourceOf(connections: readonly Connection[], options: Partial<MediaSourceOptions> = {}) {
  const starts: MediaStart[] = [];
  const behind: number[] = [];
  const chunks: Uint8Array[] = [];
  const clockStarts: number[] = [];
  const abort = new AbortController();
  const buffer = new ReplayBuffer(frames(0));
  const interleaver = new ChannelInterleaver();
  const source = new MediaSource({
    media: {
      async *readMedia(start, signal) {
        const connection = connections[starts.length] ?? [];
        starts.push(start);
        for (const step of connection) {
          if (step instanceof Error) throw step;
          if (step !== "hang") yield step;
          else await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        }
      },
    },
    interleaver,
    buffer,
    contactIds: [CONTACT, INITIAL_CONTACT],
    streams: [{ streamArn: STREAM, startTimestamp: STARTED, startFragment: null }],
    streamIndex: 0,
    end: null,
    // Every connection without a fragment counts as silent, however soon it ends.
    idleMs: 0,
    signal: abort.signal,
    onChunk: (chunk) => chunks.push(chunk.pcm),
    keepFrom: () => 0,
    onStartKnown: (t0Ms) => clockStarts.push(t0Ms),
    onFragmentRead: (msBehindLive) => behind.push(msBehindLive),
    ...options,
  });
  return { source, buffer, interleaver, abort, starts, behind, chunks, clockStarts };
}

function named(name: string): Error {
  return Object.assign(new Error("refused"), { name });
}

const UNMUTED = { customerUntil: frames(0), agentUntil: frames(0) };

function customerSamples(buffer: ReplayBuffer, from: number, count: number): Int16Array {
  const pcm = buffer.readFrames(frames(from), frames(count), UNMUTED);
  return new Int16Array(pcm.buffer).filter((_, index) => index % 2 === 0);
}

describe("The media source", () => {
  test("reads the fragments of the contact and of the contact it began as, until another contact comes.", async () => {
    const bytes = [connectFragment(0, {}, INITIAL_CONTACT), connectFragment(1), connectFragment(2, {}, OTHER_CONTACT)];
    const { source, buffer, starts, behind, chunks, clockStarts } = sourceOf([bytes]);
    expect(await source.run()).toEqual({ why: "foreign" });
    expect(starts).toEqual([{ from: "time", epochMs: STARTED }]);
    expect(buffer.closed).toBe(true);
    expect(customerSamples(buffer, 0, 2 * FRAGMENT_FRAMES)).toEqual(voice("customer", 0, 2 * FRAGMENT_FRAMES));
    // The last chunk is handed out and padded to 100 ms.
    expect(buffer.endFrame).toBe(21 * 800);
    expect(Buffer.concat(chunks).equals(buffer.readFrames(frames(0), buffer.endFrame, UNMUTED))).toBe(true);
    expect(behind).toEqual([0, 0]);
    expect(clockStarts).toEqual([T0, T0]);
  });

  test("skips the end of the stream's previous contact.", async () => {
    const { source, buffer } = sourceOf([[connectFragment(0, {}, OTHER_CONTACT), connectFragment(1)]]);
    expect(await source.run()).toEqual({ why: "silent" });
    expect(customerSamples(buffer, 0, 10)).toEqual(voice("customer", FRAGMENT_FRAMES, 10));
  });

  test("reads nothing behind another contact's fragment, nor behind an error in the same connection.", async () => {
    const foreign = sourceOf([[connectFragment(0), connectFragment(1, {}, OTHER_CONTACT), connectFragment(2)]]);
    await foreign.source.run();
    expect(foreign.buffer.endFrame).toBe(11 * 800);
    const failing = sourceOf([[connectFragment(0), writeError(5000, "internal"), connectFragment(1)]]);
    await failing.source.run();
    expect(failing.buffer.endFrame).toBe(11 * 800);
    expect(failing.starts[1]).toEqual({ from: "fragment", after: fragmentNumber(0) });
  });

  test("stops a minute ahead of transcription, and goes on when transcription reads.", async () => {
    const { source, buffer } = sourceOf([Array.from({ length: 80 }, (_, index) => connectFragment(index))]);
    const running = source.run();
    await expect.poll(() => buffer.endFrame).toBeGreaterThanOrEqual(480_000);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(buffer.endFrame).toBeLessThan(480_000 + FRAGMENT_FRAMES);
    buffer.readFrames(frames(0), frames(300_000), UNMUTED);
    expect(await running).toEqual({ why: "silent" });
    expect(buffer.endFrame).toBeGreaterThanOrEqual(80 * FRAGMENT_FRAMES);
  });

  test("ends at another contact's first fragment when an earlier invocation has read this contact.", async () => {
    const state = { t0Ms: T0, nextFrame: frames(0), afterFragment: null, joinAt: START_OF_CONTACT.joinAt, lateSamples: 0 };
    const interleaver = new ChannelInterleaver(state);
    const { source, buffer } = sourceOf([[connectFragment(0, {}, OTHER_CONTACT), connectFragment(1)]], { interleaver });
    expect(await source.run()).toEqual({ why: "foreign" });
    expect(buffer.endFrame).toBe(0);
  });

  test("leaves out a fragment without a contact id, and reads on.", async () => {
    const { source, buffer } = sourceOf([[connectFragment(0, { producerTags: "none" }), connectFragment(1)]]);
    await source.run();
    expect(customerSamples(buffer, 0, 10)).toEqual(voice("customer", FRAGMENT_FRAMES, 10));
  });

  test("goes on behind the last fragment in a new connection, with the tags of the last one.", async () => {
    const connections = [[connectFragment(0)], [connectFragment(1, { producerTags: "none" })]];
    const { source, buffer, starts } = sourceOf(connections);
    expect(await source.run()).toEqual({ why: "silent" });
    expect(starts).toEqual([
      { from: "time", epochMs: STARTED },
      { from: "fragment", after: fragmentNumber(0) },
      { from: "fragment", after: fragmentNumber(1) },
      { from: "fragment", after: fragmentNumber(1) },
    ]);
    expect(customerSamples(buffer, 0, 2 * FRAGMENT_FRAMES)).toEqual(voice("customer", 0, 2 * FRAGMENT_FRAMES));
  });

  test("reads a cut fragment again in the next connection.", async () => {
    const connections = [[connectFragment(0), connectFragment(1).subarray(0, 20_000)], [connectFragment(1)]];
    const { source, buffer } = sourceOf(connections);
    await source.run();
    expect(customerSamples(buffer, 0, 2 * FRAGMENT_FRAMES)).toEqual(voice("customer", 0, 2 * FRAGMENT_FRAMES));
  });

  test("keeps the part of a cut fragment that never comes again.", async () => {
    const { source, buffer } = sourceOf([[connectFragment(0), connectFragment(1).subarray(0, 20_000)]]);
    await source.run();
    expect(buffer.endFrame).toBeGreaterThan(FRAGMENT_FRAMES + 3000);
    expect(customerSamples(buffer, FRAGMENT_FRAMES, 3000)).toEqual(voice("customer", FRAGMENT_FRAMES, 3000));
  });

  test("ends as aborted, and leaves the buffer open, when a connection hangs until the abort.", async () => {
    const { source, buffer, abort } = sourceOf([[connectFragment(0), "hang"]]);
    const running = source.run();
    await expect.poll(() => buffer.endFrame).toBeGreaterThan(0);
    abort.abort();
    expect(await running).toEqual({ why: "aborted" });
    expect(buffer.closed).toBe(false);
  });

  test("reads from a time when the fragment to go on from has expired.", async () => {
    const { source, starts } = sourceOf([[connectFragment(0)], [writeError(4000, "expired")], [connectFragment(5)]]);
    await source.run();
    expect(starts.slice(1, 4)).toEqual([
      { from: "fragment", after: fragmentNumber(0) },
      { from: "time", epochMs: T0 + 1024 },
      { from: "fragment", after: fragmentNumber(5) },
    ]);
  });

  test("reads behind the first fragment when the stream cannot be read from a time.", async () => {
    const { source, starts } = sourceOf([[named("InvalidArgumentException")], [connectFragment(1)]], {
      streams: [{ streamArn: STREAM, startTimestamp: STARTED, startFragment: fragmentNumber(0) }],
    });
    await source.run();
    expect(starts[1]).toEqual({ from: "fragment", after: fragmentNumber(0) });
  });

  test.each([
    ["the name of the error", [named("AccessDeniedException")], "AccessDeniedException"],
    ["the id of an in-band error", [writeError(5000, "internal")], "stream_error_5000"],
  ])("gives up with %s after five failures in a row.", async (_name, failing: Connection, fault) => {
    const { source, buffer, starts } = sourceOf(Array.from({ length: 6 }, () => failing));
    expect(await source.run()).toEqual({ why: "failed", fault });
    expect(starts).toHaveLength(5);
    expect(buffer.closed).toBe(true);
  });

  test("gives up a fragment with a broken timestamp after five attempts in a row.", async () => {
    const [begin, broken] = [[connectFragment(0)], [connectFragment(HOURS_AHEAD)]];
    const { source, buffer, starts } = sourceOf([begin, ...Array.from({ length: 6 }, () => broken)]);
    expect(await source.run()).toEqual({ why: "failed", fault: "broken_timestamp" });
    expect(starts).toEqual([
      { from: "time", epochMs: STARTED },
      ...Array.from({ length: 5 }, () => ({ from: "fragment", after: fragmentNumber(0) })),
    ]);
    expect(buffer.endFrame).toBeLessThan(2 * FRAGMENT_FRAMES);
  });

  test.each([false, true])(
    "gives up a stream whose sound would be noise, and says so (tracks without a name: %s).",
    async (unnamed) => {
      const sides = unnamed ? (["AUDIO_FROM_CUSTOMER"] as const) : undefined;
      const bytes = connectFragment(0, { unnamed, ...(sides !== undefined && { sides }) });
      // Another codec of the same length.
      const compressed = Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("A_AAC", "A_AC3"), "latin1");
      const { source, buffer } = sourceOf(Array.from({ length: 5 }, () => [new Uint8Array(compressed)]));
      expect(await source.run()).toEqual({ why: "failed", fault: "UnsupportedSound" });
      expect(buffer.endFrame).toBe(0);
    },
  );

  test("names an error of its own by its name, and not as a broken timestamp.", async () => {
    const onStartKnown = () => {
      throw named("RangeError");
    };
    const { source } = sourceOf(
      Array.from({ length: 5 }, (_, index) => [connectFragment(index)]),
      { onStartKnown },
    );
    expect(await source.run()).toEqual({ why: "failed", fault: "RangeError" });
  });

  test("counts its failures anew after every fragment.", async () => {
    const fails: Connection[] = Array.from({ length: 4 }, () => [named("ServiceUnavailableException")]);
    const { source, buffer } = sourceOf([...fails, [connectFragment(0)], ...fails, [connectFragment(1)]]);
    expect(await source.run()).toEqual({ why: "silent" });
    expect(buffer.endFrame).toBeGreaterThanOrEqual(2 * FRAGMENT_FRAMES);
  });

  test("takes five connections that end at once for the end of the call.", async () => {
    const { source, starts } = sourceOf([[connectFragment(0)]], { idleMs: 600_000 });
    expect(await source.run()).toEqual({ why: "silent" });
    expect(starts).toHaveLength(6);
  });
});

test("A read mark lies at or before the wanted frame, and the source keeps the marks that the recording needs.", async () => {
  const bytes = [0, 1, 2, 3].map((index) => connectFragment(index));
  const { source } = sourceOf([bytes], { keepFrom: () => Number.POSITIVE_INFINITY });
  await source.run();
  expect(source.readMarkFor(frames(0))).toMatchObject({ nextFrame: 0, afterFragment: null });
  expect(source.readMarkFor(frames(FRAGMENT_FRAMES - 1)).afterFragment).toBeNull();
  expect(source.readMarkFor(frames(FRAGMENT_FRAMES))).toMatchObject({
    nextFrame: FRAGMENT_FRAMES,
    afterFragment: fragmentNumber(0),
  });
  expect(source.readMarkFor(frames(3 * FRAGMENT_FRAMES + 5))).toMatchObject({ afterFragment: fragmentNumber(2) });

  // The buffer of another source has dropped the first two fragments, and its recording needs frames from the second one on.
  const later = sourceOf([bytes], { keepFrom: () => FRAGMENT_FRAMES + 5 });
  later.buffer.appendChunk({ firstFrame: frames(0), pcm: new Uint8Array(2 * FRAGMENT_FRAMES * 4) });
  later.buffer.dropBefore(frames(2 * FRAGMENT_FRAMES));
  await later.source.run();
  expect(later.source.readMarkFor(frames(FRAGMENT_FRAMES + 5)).afterFragment).toBe(fragmentNumber(0));
  expect(later.source.readMarkFor(frames(FRAGMENT_FRAMES - 1))).toMatchObject({ nextFrame: 0, afterFragment: null });
});
