import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { FrameSplitter } from "../../../local/aws/transcribe-frames.ts";
import { TranscribeRegister } from "../../../local/aws/transcribe-register.ts";
import { TranscribeStream } from "../../../local/aws/transcribe-stream.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function openStream(): TranscribeStream {
  return new TranscribeStream({
    request: {
      operation: "standard",
      sessionId: randomUUID(),
      sampleRate: 8000,
      languages: ["es-US"],
      identifyLanguage: false,
      channels: 2,
      personalData: null,
      partialStability: false,
      vocabularies: [],
      vocabularyFilters: [],
    },
    idleTimeoutMs: 15_000,
    maxAudioMs: 60_000,
    answerDelayMs: 0,
    fault: null,
    tap: null,
    newId: randomUUID,
    write: () => {},
    endStream: () => {},
    cutConnection: () => {},
  });
}

test("Of a stream that has ended, only the report is kept, and its memory is free.", async () => {
  const register = new TranscribeRegister();
  const streams = Array.from({ length: 5 }, () => {
    const stream = openStream();
    register.add(stream);
    stream.finish();
    register.replaceByReport(stream);
    return new WeakRef(stream);
  });
  // A weak reference is strong until the work of this turn is over.
  await pause(1);
  collectGarbage();
  expect(streams.filter((stream) => stream.deref() !== undefined)).toEqual([]);
  expect(register.reports().map(({ outcome }) => outcome)).toEqual(Array(5).fill("complete"));
});

test("The oldest reports are forgotten above the limit, and open streams are not.", () => {
  const register = new TranscribeRegister(2);
  const [first, ...others] = Array.from({ length: 5 }, openStream);
  for (const stream of [first, ...others]) if (stream !== undefined) register.add(stream);
  for (const stream of others) {
    stream.finish();
    register.replaceByReport(stream);
  }
  expect(register.open).toEqual([first]);
  expect(register.reports().map(({ sessionId }) => sessionId)).toEqual(
    [first, ...others.slice(2)].map((stream) => stream?.sessionId),
  );
  register.abandonAll();
  expect(register.open).toEqual([]);
});

test("A part of a frame is kept as a copy, not with the whole block that came from the connection.", () => {
  const block = Buffer.alloc(64 * 1024);
  block.writeUInt32BE(16);
  block.writeUInt32BE(100, 16);
  const splitter = new FrameSplitter();
  expect(splitter.splitFrames(block.subarray(0, 24))).toHaveLength(1);
  expect(splitter.waitingBytes.buffer.byteLength).toBe(8);
});
