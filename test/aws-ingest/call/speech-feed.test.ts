import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReplayBuffer } from "../../../aws-ingest/call/replay-buffer.ts";
import { SpeechFeed } from "../../../aws-ingest/call/speech-feed.ts";
import { frames } from "../../../aws-ingest/media/audio-units.ts";

const BYTES_PER_FRAME = 4;
/** 100 ms at 8 kHz. */
const CHUNK = 800;

function feedOf(buffer: ReplayBuffer, catchUpSpeed: number) {
  const stop = new AbortController();
  const mute = { customerUntil: frames(0), agentUntil: frames(0) };
  const feed = new SpeechFeed({ buffer, from: frames(0), mute, catchUpSpeed, failWithoutResult: true, stop: stop.signal });
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
    for await (const _ of feed.audio(stop.signal)) if (feed.sent >= 16_000) setTimeout(() => stop.abort(), 20);
    expect(feed.ending).toBe("stopped");
    expect(feed.sent).toBeLessThanOrEqual(16_000 + CHUNK);
  });
});
