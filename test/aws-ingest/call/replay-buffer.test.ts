import { getEventListeners } from "node:events";
import { describe, expect, test, vi } from "vitest";
import { ReplayBuffer } from "../../../aws-ingest/call/replay-buffer.ts";
import { frames } from "../../../aws-ingest/media/audio-units.ts";

const UNMUTED = { customerUntil: frames(0), agentUntil: frames(0) };
/** The reader may be this far ahead of transcription: a minute. */
const MAX_AHEAD = 480_000;

/** A chunk of the frames [from, to), each with its position + 1 as the customer's sample and its negative as the agent's. */
function chunk(from: number, to: number) {
  const samples = Int16Array.from({ length: (to - from) * 2 }, (_, index) => {
    const sample = from + Math.floor(index / 2) + 1;
    return index % 2 === 0 ? sample : -sample;
  });
  return { firstFrame: frames(from), pcm: new Uint8Array(samples.buffer) };
}

function bufferOf(first: number, ...chunks: [from: number, to: number][]): ReplayBuffer {
  const buffer = new ReplayBuffer(frames(first));
  for (const [from, to] of chunks) buffer.appendChunk(chunk(from, to));
  return buffer;
}

function read(buffer: ReplayBuffer, from: number, count: number, mute = UNMUTED) {
  const samples = new Int16Array(buffer.readFrames(frames(from), frames(count), mute).buffer);
  return { customer: [...samples.filter((_, i) => i % 2 === 0)], agent: [...samples.filter((_, i) => i % 2 === 1)] };
}

describe("The replay buffer", () => {
  test("returns the frames of several chunks, and fewer at its end.", () => {
    const buffer = bufferOf(10, [10, 12], [12, 13], [13, 16]);
    expect(read(buffer, 11, 3)).toEqual({ customer: [12, 13, 14], agent: [-12, -13, -14] });
    expect(read(buffer, 14, 100).customer).toEqual([15, 16]);
    expect(read(buffer, 16, 100).customer).toEqual([]);
  });

  test("appends only what lies behind its end, and fills a gap with silence.", () => {
    const buffer = bufferOf(10, [5, 12], [8, 11], [11, 14], [16, 18]);
    expect([buffer.firstFrame, buffer.endFrame]).toEqual([10, 18]);
    expect(bufferOf(10, [5, 12], [8, 11]).endFrame).toBe(12);
    expect(read(buffer, 10, 8).customer).toEqual([11, 12, 13, 14, 0, 0, 17, 18]);
  });

  test("returns silence for frames before its first one.", () => {
    expect(read(bufferOf(10, [10, 12]), 8, 4).customer).toEqual([0, 0, 11, 12]);
  });

  test("returns copies.", () => {
    const buffer = bufferOf(0, [0, 2]);
    buffer.readFrames(frames(0), frames(2), UNMUTED).fill(9);
    expect(read(buffer, 0, 2).customer).toEqual([1, 2]);
  });

  test("mutes each side up to its own position.", () => {
    const mute = { customerUntil: frames(12), agentUntil: frames(14) };
    expect(read(bufferOf(10, [10, 16]), 11, 4, mute)).toEqual({ customer: [0, 13, 14, 15], agent: [0, 0, 0, -15] });
    expect(read(bufferOf(10, [10, 16]), 14, 2, mute)).toEqual({ customer: [15, 16], agent: [-15, -16] });
  });

  test("drops chunks before a position, keeps the chunk around it, and never goes back.", () => {
    const buffer = bufferOf(0, [0, 4], [4, 8], [8, 12]);
    buffer.dropBefore(frames(8));
    expect(buffer.firstFrame).toBe(8);
    expect(read(buffer, 6, 4).customer).toEqual([0, 0, 9, 10]);
    buffer.dropBefore(frames(2));
    expect(buffer.firstFrame).toBe(8);
    buffer.dropBefore(frames(99));
    expect([buffer.firstFrame, buffer.endFrame]).toEqual([12, 12]);
    expect(read(buffer, 8, 4).customer).toEqual([0, 0, 0, 0]);
  });

  test("ignores chunks after its end is declared.", () => {
    const buffer = bufferOf(0, [0, 4]);
    buffer.close();
    buffer.appendChunk(chunk(4, 8));
    expect([buffer.closed, buffer.endFrame]).toEqual([true, 4]);
  });
});

describe("Waiting for frames", () => {
  const never = Number.POSITIVE_INFINITY;

  test("ends with the frames, and leaves no timer behind.", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const buffer = bufferOf(0, [0, 3]);
    const waiting = buffer.waitForFrames(frames(0), frames(4), 60_000, new AbortController().signal);
    buffer.appendChunk(chunk(3, 4));
    expect(await waiting).toBe("audio");
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test("ends with the frames, and leaves no listener behind.", async () => {
    const buffer = bufferOf(0, [0, 3]);
    const abort = new AbortController();
    expect(await buffer.waitForFrames(frames(0), frames(3), never, abort.signal)).toBe("audio");
    const waiting = buffer.waitForFrames(frames(0), frames(4), never, abort.signal);
    buffer.appendChunk(chunk(3, 4));
    expect(await waiting).toBe("audio");
    expect(getEventListeners(abort.signal, "abort")).toEqual([]);
  });

  test("ends with the rest of a closed buffer, and then with its end.", async () => {
    const buffer = bufferOf(0, [0, 3]);
    const { signal } = new AbortController();
    const waiting = buffer.waitForFrames(frames(2), frames(5), never, signal);
    buffer.close();
    expect(await waiting).toBe("audio");
    expect(await buffer.waitForFrames(frames(3), frames(1), never, signal)).toBe("closed");
  });

  test("ends without audio after the time limit or at the abort.", async () => {
    const buffer = bufferOf(0, [0, 3]);
    const abort = new AbortController();
    expect(await buffer.waitForFrames(frames(0), frames(4), 1, abort.signal)).toBe("idle");
    const waiting = buffer.waitForFrames(frames(0), frames(4), never, abort.signal);
    abort.abort();
    expect(await waiting).toBe("aborted");
    expect(await buffer.waitForFrames(frames(0), frames(1), never, abort.signal)).toBe("aborted");
  });
});

describe("Waiting for room", () => {
  /** Whether `waiting` has ended once all callbacks that were due have run. */
  async function hasEnded(waiting: Promise<void>): Promise<boolean> {
    let ended = false;
    void waiting.then(() => {
      ended = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    return ended;
  }
  /** A buffer that is as far ahead as the reader may be. */
  function fullBuffer(): ReplayBuffer {
    const buffer = new ReplayBuffer(frames(0));
    buffer.appendChunk({ firstFrame: frames(0), pcm: new Uint8Array(MAX_AHEAD * 4) });
    return buffer;
  }

  test("goes on until transcription reads a frame.", async () => {
    const buffer = fullBuffer();
    const waiting = buffer.waitForRoom(new AbortController().signal);
    expect(await hasEnded(waiting)).toBe(false);
    buffer.readFrames(frames(0), frames(1), UNMUTED);
    expect(await hasEnded(waiting)).toBe(true);
  });

  test("ends at the abort and when the buffer is closed.", async () => {
    const abort = new AbortController();
    const aborted = fullBuffer().waitForRoom(abort.signal);
    expect(await hasEnded(aborted)).toBe(false);
    abort.abort();
    expect(await hasEnded(aborted)).toBe(true);
    const buffer = fullBuffer();
    const waiting = buffer.waitForRoom(new AbortController().signal);
    buffer.close();
    expect(await hasEnded(waiting)).toBe(true);
  });
});
