import { expect, test } from "vitest";
import {
  bytesToFrames,
  frames,
  framesToBytes,
  framesToMs,
  framesToWholeMs,
  msToFrames,
  startOfSecond,
} from "../../../aws-ingest/media/audio-units.ts";

test("A second has 8,000 frames of four bytes.", () => {
  expect([msToFrames(1000), framesToMs(frames(8000)), framesToBytes(frames(8000)), bytesToFrames(32_000)]).toEqual([
    8000, 1000, 32_000, 8000,
  ]);
});

test("Milliseconds become the nearest frame, and frames become exact or whole milliseconds.", () => {
  expect([msToFrames(0.06), msToFrames(0.07), msToFrames(-0.2)]).toEqual([0, 1, -2]);
  expect([framesToMs(frames(3)), framesToWholeMs(frames(3)), framesToWholeMs(frames(4))]).toEqual([0.375, 0, 1]);
});

test("A position goes back to the start of its second.", () => {
  expect([0, 7999, 8000, 23_999].map((position) => startOfSecond(frames(position)))).toEqual([0, 0, 8000, 16_000]);
});
