import { expect, test } from "vitest";
import { skipGap } from "../../../aws-ingest/call/gap.ts";
import { mayReadOn } from "../../../aws-ingest/call/passing-fault.ts";
import { ReplayBuffer } from "../../../aws-ingest/call/replay-buffer.ts";
import { INITIAL_STATE } from "../../../aws-ingest/call/transcriber-job.ts";
import { TurnTracker } from "../../../aws-ingest/call/turn-tracker.ts";
import { frames, framesToBytes, msToFrames } from "../../../aws-ingest/media/audio-units.ts";

/** A buffer of silence in which one sample is not zero. */
function bufferWithSoundAt(soundMs: number, lengthMs: number): ReplayBuffer {
  const buffer = new ReplayBuffer(frames(0));
  for (let at = 0; at < lengthMs; at += 100) {
    const pcm = new Uint8Array(framesToBytes(msToFrames(100)));
    if (soundMs >= at && soundMs < at + 100) pcm[framesToBytes(msToFrames(soundMs - at)) + 1] = 1;
    buffer.appendChunk({ firstFrame: msToFrames(at), pcm });
  }
  return buffer;
}
const tracker = () => new TurnTracker({ contactId: "c", initialContactId: null }, INITIAL_STATE);

test("A gap is skipped up to the whole second before the next sound.", () => {
  const [buffer, turns] = [bufferWithSoundAt(7350, 8000), tracker()];
  expect(skipGap(buffer, turns, frames(0))).toBe(msToFrames(6000));
  expect([buffer.firstFrame, turns.transcribedUntil]).toEqual([msToFrames(6000), { customer: 6000, agent: 6000 }]);
});

test("A gap without an end yet is skipped up to the last second, so that the reader may go on.", () => {
  const [buffer, turns] = [bufferWithSoundAt(-1, 10_000), tracker()];
  expect(skipGap(buffer, turns, frames(0))).toBe(msToFrames(9000));
});

test("A silence below three seconds is no gap, and nothing changes.", () => {
  const [buffer, turns] = [bufferWithSoundAt(2900, 4000), tracker()];
  expect(skipGap(buffer, turns, frames(0))).toBeNull();
  expect([buffer.firstFrame, turns.transcribedUntil.customer]).toEqual([0, 0]);
});

test("Sound before the place where a session begins does not count.", () => {
  expect(bufferWithSoundAt(500, 9000).firstSound(msToFrames(501))).toBe(msToFrames(9000));
  expect(bufferWithSoundAt(500, 9000).firstSound(msToFrames(500))).toBe(msToFrames(500));
});

test.each([
  ["ServiceUnavailableException", true],
  ["stream_error_5000", true],
  ["TimeoutError", true],
  ["AccessDeniedException", false],
  ["ResourceNotFoundException", false],
  ["stream_error_4500", false],
  ["end_unknown", false],
])("A stream that failed with %s may be read by the next invocation: %j.", (fault, may) => {
  expect(mayReadOn({ why: "failed", fault })).toBe(may);
  expect(mayReadOn({ why: "silent" })).toBe(false);
});
