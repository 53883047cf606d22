import { EventStreamCodec } from "@smithy/eventstream-codec";
import { fromUtf8, toUtf8 } from "@smithy/util-utf8";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { TranscribeRequest } from "../../../local/aws/transcribe-request.ts";
import { type StreamOptions, TranscribeStream } from "../../../local/aws/transcribe-stream.ts";
import { stereoAudio } from "./stereo-audio.ts";

const codec = new EventStreamCodec(toUtf8, fromUtf8);
const request: TranscribeRequest = {
  operation: "standard",
  sessionId: "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9",
  sampleRate: 8000,
  languages: ["es-US"],
  identifyLanguage: false,
  channels: 2,
  personalData: null,
  partialStability: false,
  vocabularies: [],
  vocabularyFilters: [],
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start(options: Partial<StreamOptions> = {}) {
  const written: string[] = [];
  let ended = false;
  let ids = 0;
  const stream = new TranscribeStream({
    request,
    idleTimeoutMs: 15_000,
    maxAudioMs: 60_000,
    answerDelayMs: 0,
    fault: null,
    tap: null,
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    write: (frame) => {
      const { headers, body } = codec.decode(frame);
      written.push(`${headers[":exception-type"]?.value ?? headers[":event-type"]?.value} ${toUtf8(body)}`);
    },
    endStream: () => {
      ended = true;
    },
    cutConnection: () => {},
    ...options,
  });
  return { stream, written, ended: () => ended };
}

function frame(chunk: Uint8Array): Uint8Array {
  const inner = codec.encode({ headers: { ":event-type": { type: "string", value: "AudioEvent" } }, body: chunk });
  return codec.encode({ headers: { ":chunk-signature": { type: "binary", value: new Uint8Array(32) } }, body: inner });
}

test("A stream stays open while audio arrives, and ends after 15 s without audio.", () => {
  const { stream, written, ended } = start();
  for (let count = 0; count < 4; count += 1) {
    vi.advanceTimersByTime(14_999);
    stream.receiveBytes(frame(new Uint8Array(3200)));
  }
  expect(stream.open).toBe(true);
  vi.advanceTimersByTime(15_000);
  expect(written).toEqual([expect.stringMatching(/^BadRequestException .*no new audio was received for 15 seconds/)]);
  expect(ended()).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("A stream reads frames in pieces of any size.", () => {
  const audio = stereoAudio([{ text: "Está bien, espero en la línea.", channel: 0, at: 0 }]);
  const bytes = Buffer.concat(
    Array.from({ length: Math.ceil(audio.length / 3200) }, (_, index) => frame(audio.subarray(index * 3200, (index + 1) * 3200))),
  );
  const whole = start();
  whole.stream.receiveBytes(bytes);
  expect(whole.written.at(-1)).toContain("Está bien, espero en la línea.");
  for (const size of [1, 2, 3, 7, 4096]) {
    const { stream, written } = start();
    for (let at = 0; at < bytes.length; at += size) stream.receiveBytes(bytes.subarray(at, at + size));
    expect(written).toEqual(whole.written);
    stream.abandon();
  }
  whole.stream.abandon();
});

test("A stream answers BadRequestException to damaged frames and impossible lengths.", () => {
  const damaged = frame(new Uint8Array(3200));
  damaged[40] = (damaged[40] ?? 0) ^ 1;
  for (const bytes of [damaged, new Uint8Array(16), new Uint8Array([255, 255, 255, 255, 0])]) {
    const { stream, written, ended } = start();
    stream.receiveBytes(bytes);
    expect(written).toEqual([expect.stringMatching(/^BadRequestException .*can't be read/)]);
    expect(ended()).toBe(true);
  }
});

test("A stream sends delayed results before its end, and a stream with a closed connection leaves no timer.", () => {
  const { stream, written, ended } = start({ answerDelayMs: 2000 });
  const audio = stereoAudio([{ text: "Está bien, espero en la línea.", channel: 0, at: 0 }]);
  for (let at = 0; at < audio.length; at += 3200) stream.receiveBytes(frame(audio.subarray(at, at + 3200)));
  stream.finish();
  vi.advanceTimersByTime(1999);
  expect([written.length, ended()]).toEqual([0, false]);
  vi.advanceTimersByTime(1);
  expect(written.at(-1)).toContain('"IsPartial":false');
  expect(ended()).toBe(true);

  const gone = start({ answerDelayMs: 2000 });
  gone.stream.receiveBytes(frame(audio.subarray(0, 32_000)));
  gone.stream.abandon();
  expect(vi.getTimerCount()).toBe(0);
  expect(gone.stream.report().outcome).toBe("cut");
});

test("The tap is called for each audio chunk, and for each final result when it is written.", () => {
  const calls: string[] = [];
  const tap = {
    onAudio: (sessionId: string, audioMs: number) => calls.push(`${sessionId} ${audioMs}`),
    onFinalResult: (sessionId: string, { phrase }: { phrase: { text: string } | null }) =>
      calls.push(`${sessionId} ${phrase?.text}`),
  };
  const { stream } = start({ tap, answerDelayMs: 2000 });
  const audio = stereoAudio([{ text: "Está bien, espero en la línea.", channel: 0, at: 0 }]);
  stream.receiveBytes(frame(audio.subarray(0, 3200)));
  stream.receiveBytes(frame(audio.subarray(3200, 8000)));
  expect(calls).toEqual([`${stream.sessionId} 100`, `${stream.sessionId} 250`]);
  for (let at = 8000; at < audio.length; at += 3200) stream.receiveBytes(frame(audio.subarray(at, at + 3200)));
  const before = calls.length;
  vi.advanceTimersByTime(2000);
  expect(calls.slice(before)).toEqual([`${stream.sessionId} Está bien, espero en la línea.`]);
  stream.abandon();
});
