import fc from "fast-check";
import { expect, test } from "vitest";
import { RecordingRedaction } from "../../../aws-ingest/call/recording-redaction.ts";
import { type Frames, frames } from "../../../aws-ingest/media/audio-units.ts";

/** Audio whose every sample says which frame and side it is, so that a lost, moved or silenced one shows. */
function audio(from: number, count: number) {
  const samples = new Int16Array(count * 2).map((_, index) => ((from + (index >> 1)) % 8000) + 1 + (index % 2) * 8000);
  return { firstFrame: frames(from), pcm: new Uint8Array(samples.buffer) };
}

function samplesOf(chunks: readonly { firstFrame: Frames; pcm: Uint8Array }[]): Int16Array {
  return new Int16Array(new Uint8Array(Buffer.concat(chunks.map(({ pcm }) => pcm))).buffer);
}

test("Audio is released once, in order and up to the asked frame, however it is cut.", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }), fc.array(fc.nat(9000)), (lengths, places) => {
      const redaction = new RecordingRedaction(undefined);
      let end = 0;
      for (const length of lengths) {
        redaction.holdChunk(audio(end, length));
        end += length;
      }
      const released = [...places.flatMap((place) => redaction.releaseBefore(frames(place))), ...redaction.releaseAll()];
      expect(samplesOf(released)).toEqual(samplesOf([audio(0, end)]));
      let next = 0;
      for (const { firstFrame, pcm } of released) {
        expect(firstFrame).toBe(next);
        next += pcm.length / 4;
      }
    }),
  );
});

test("Audio behind the asked frame stays held.", () => {
  const redaction = new RecordingRedaction(undefined);
  redaction.holdChunk(audio(0, 1000));
  expect(samplesOf(redaction.releaseBefore(frames(300)))).toHaveLength(600);
  expect(redaction.releaseBefore(frames(300))).toEqual([]);
});

test("A masked word is silent on the side of its speaker, across chunks, and the source of the audio keeps it.", () => {
  const redaction = new RecordingRedaction(undefined);
  const chunks = [audio(0, 400), audio(400, 400)];
  for (const chunk of chunks) redaction.holdChunk(chunk);
  redaction.addSpans("agent", [{ beginMs: 40, endMs: 60 }]);
  const expected = samplesOf([audio(0, 800)]);
  for (let frame = 320; frame < 480; frame += 1) expected[frame * 2 + 1] = 0;
  expect(samplesOf(redaction.releaseAll())).toEqual(expected);
  expect(samplesOf(chunks)).toEqual(samplesOf([audio(0, 800)]));
});

test("The next invocation gets the masked words whose audio it reads again, and silences them.", () => {
  const first = new RecordingRedaction(undefined);
  first.addSpans("customer", [
    { beginMs: 0, endMs: 100 },
    { beginMs: 200, endMs: 300 },
  ]);
  first.noteAudioInClear();
  const state = { ...first.state(1600), textWithheld: false };
  expect(state).toMatchObject({ spans: [["customer", 1600, 2400]], audioInClear: true });
  const next = new RecordingRedaction(state);
  next.holdChunk(audio(1600, 800));
  expect(samplesOf(next.releaseAll()).every((sample, index) => (sample === 0) === (index % 2 === 0))).toBe(true);
  expect(next.audioInClear).toBe(true);
});

test("A word that turns out to be masked when its audio is stored already is said to be in clear.", () => {
  const redaction = new RecordingRedaction(undefined);
  redaction.holdChunk(audio(0, 800));
  redaction.releaseBefore(frames(400));
  redaction.addSpans("agent", [{ beginMs: 60, endMs: 80 }]);
  expect(redaction.audioInClear).toBe(false);
  redaction.addSpans("agent", [{ beginMs: 40, endMs: 80 }]);
  expect(redaction.audioInClear).toBe(true);
});
