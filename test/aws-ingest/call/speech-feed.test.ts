import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ReplayBuffer } from "../../../aws-ingest/call/replay-buffer.ts";
import { SpeechFeed } from "../../../aws-ingest/call/speech-feed.ts";
import { frames } from "../../../aws-ingest/media/audio-units.ts";

const BYTES_PER_FRAME = 4;
/** 100 ms at 8 kHz. */
const CHUNK = 800;

function feedOf(buffer: ReplayBuffer, catchUpSpeed: number, failWithoutResult = true) {
  const stop = new AbortController();
  const mute = { customerUntil: frames(0), agentUntil: frames(0) };
  const feed = new SpeechFeed({ buffer, from: frames(0), mute, catchUpSpeed, failWithoutResult, stop: stop.signal });
  return { feed, stop };
}

function append(buffer: ReplayBuffer, count: number): void {
  buffer.appendChunk({ firstFrame: buffer.endFrame, pcm: new Uint8Array(count * BYTES_PER_FRAME) });
}

describe("The speech feed", () => {
  it("sends all of a live fragment at once, in equal chunks of at least 100 ms.", async () => {
    const buffer = new ReplayBuffer(frames(0));
    append(buffer, 8192);
    const { feed, stop } = feedOf(buffer, 4);
    const chunks: number[] = [];
    for await (const pcm of feed.audio(stop.signal)) {
      chunks.push(pcm.length / BYTES_PER_FRAME);
      if (feed.sent === buffer.endFrame) stop.abort();
    }
    expect(feed.sent).toBe(8192);
    expect(chunks).toEqual([820, 820, 819, 819, 819, 819, 819, 819, 819, 819]);
  });

  it("sends every frame once in chunks of 100 to 200 ms, and only the last one shorter, whatever audio comes when.", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12_000 }), { minLength: 1, maxLength: 8 }), async (lengths) => {
        const buffer = new ReplayBuffer(frames(0));
        const { feed, stop } = feedOf(buffer, 1000);
        const waiting = [...lengths];
        append(buffer, waiting.shift() ?? 0);
        if (waiting.length === 0) buffer.close();
        const chunks: number[] = [];
        const more = () => {
          for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
            append(buffer, next);
            if (buffer.endFrame - feed.sent >= CHUNK) break;
          }
          if (waiting.length === 0) buffer.close();
        };
        if (buffer.endFrame < CHUNK) more();
        for await (const pcm of feed.audio(stop.signal)) {
          chunks.push(pcm.length / BYTES_PER_FRAME);
          if (buffer.endFrame - feed.sent < CHUNK) more();
        }
        expect(feed.ending).toBe("finished");
        expect(chunks.reduce((sum, length) => sum + length, 0)).toBe(lengths.reduce((sum, length) => sum + length, 0));
        for (const length of chunks) expect(length).toBeLessThan(2 * CHUNK);
        for (const length of chunks.slice(0, -1)) expect(length).toBeGreaterThanOrEqual(CHUNK);
      }),
    );
  });

  it("sends two seconds of piled-up audio at once and the rest at the catch-up speed.", async () => {
    const buffer = new ReplayBuffer(frames(0));
    append(buffer, 40_000);
    // At this speed the first paced chunk would go after more than a minute.
    const { feed, stop } = feedOf(buffer, 0.001);
    for await (const _ of feed.audio(new AbortController().signal)) if (feed.sent >= 16_000) setTimeout(() => stop.abort(), 20);
    expect(feed.ending).toBe("stopped");
    expect(feed.sent).toBeLessThanOrEqual(16_000 + CHUNK);
  });
});

describe("The speech feed's watch over its session", () => {
  afterEach(() => void vi.useRealTimers());
  const NOW = 1_790_000_000_000;
  const quietSample = 300;
  const voicedSample = 301;

  /** Appends frames whose samples of one side all have this amplitude. */
  function appendTone(buffer: ReplayBuffer, seconds: number, amplitude: number, side: 0 | 1): void {
    const samples = new Int16Array(seconds * 8000 * 2).map((_, index) => (index % 2 === side ? -amplitude : 0));
    buffer.appendChunk({ firstFrame: buffer.endFrame, pcm: new Uint8Array(samples.buffer) });
  }

  async function sendAll(buffer: ReplayBuffer, failWithoutResult = true) {
    vi.useFakeTimers({ now: NOW, toFake: ["Date", "setTimeout", "clearTimeout"] });
    const { feed, stop } = feedOf(buffer, 1_000_000, failWithoutResult);
    const audio = feed.audio(stop.signal);
    while (feed.sent < buffer.endFrame) await audio.next();
    return { feed, stop, audio };
  }

  it.each([0, 1] as const)("reports a minute of voice on channel %i without a result.", async (side) => {
    const buffer = new ReplayBuffer(frames(0));
    appendTone(buffer, 60, voicedSample, side);
    const { feed } = await sendAll(buffer);
    expect(feed.faultAt(NOW)).toBe("NoResult");
    expect(feed.silentUntil).toBe(0);
    feed.noteResult();
    expect(feed.faultAt(NOW)).toBeNull();
    expect(feed.silentUntil).toBe(480_000);
  });

  it("reports no missing result below a minute of voice, in silence, or when it is switched off.", async () => {
    const short = new ReplayBuffer(frames(0));
    appendTone(short, 59, voicedSample, 0);
    expect((await sendAll(short)).feed.faultAt(NOW)).toBeNull();
    const quiet = new ReplayBuffer(frames(0));
    appendTone(quiet, 70, quietSample, 0);
    const { feed } = await sendAll(quiet);
    expect([feed.faultAt(NOW), feed.silentUntil]).toEqual([null, 560_000]);
    const music = new ReplayBuffer(frames(0));
    appendTone(music, 70, voicedSample, 1);
    expect((await sendAll(music, false)).feed.faultAt(NOW)).toBeNull();
  });

  it("counts silence only up to the first voice after a result.", async () => {
    const buffer = new ReplayBuffer(frames(0));
    appendTone(buffer, 2, quietSample, 0);
    appendTone(buffer, 2, voicedSample, 0);
    const { feed } = await sendAll(buffer);
    expect(feed.silentUntil).toBe(16_000);
  });

  it("reports a session that accepts no audio for 15 s, but not one that waits for audio.", async () => {
    const buffer = new ReplayBuffer(frames(0));
    append(buffer, 8000);
    const { feed, stop, audio } = await sendAll(buffer);
    expect([feed.faultAt(NOW + 15_000), feed.faultAt(NOW + 15_001)]).toEqual([null, "Stuck"]);
    vi.setSystemTime(NOW + 14_000);
    append(buffer, 800);
    await audio.next();
    expect([feed.faultAt(NOW + 29_000), feed.faultAt(NOW + 29_001)]).toEqual([null, "Stuck"]);
    const waiting = audio.next();
    expect(feed.faultAt(NOW + 60_000)).toBeNull();
    stop.abort();
    await waiting;
  });

  it("reports a session that does not end within 15 s after its audio.", async () => {
    const buffer = new ReplayBuffer(frames(0));
    append(buffer, 8000);
    buffer.close();
    const { feed, audio } = await sendAll(buffer);
    expect(await audio.next()).toMatchObject({ done: true });
    expect(feed.ending).toBe("finished");
    expect([feed.faultAt(NOW + 15_000), feed.faultAt(NOW + 15_001)]).toEqual([null, "NoEnd"]);
  });

  it("ends the audio as paused after eight seconds without any.", async () => {
    const buffer = new ReplayBuffer(frames(0));
    append(buffer, 8000);
    const { feed, audio } = await sendAll(buffer);
    const next = audio.next();
    await vi.advanceTimersByTimeAsync(7999);
    expect(feed.ending).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(await next).toMatchObject({ done: true });
    expect(feed.ending).toBe("paused");
  });
});
