import { describe, expect, test } from "vitest";
import type { RecordingStore, UploadedPart } from "../../../aws-ingest/call/call-ports.ts";
import { NO_RECORDING, Recording, type RecordingState } from "../../../aws-ingest/call/recording.ts";
import { frames } from "../../../aws-ingest/media/audio-units.ts";
import { audioInWav } from "./wav-audio.ts";

const BASE = "2026/11/23/contact-1";
const KEY = `${BASE}.wav`;
/** The recording uploads a part when it has this much: 164 s. */
const PART_FRAMES = 1_312_000;
/** S3 accepts no shorter part, except the last. */
const MIN_PART_BYTES = 5 * 1024 * 1024;
/** A call of four and a half parts whose every frame says its own position. */
const AUDIO = Buffer.from(Uint32Array.from({ length: PART_FRAMES * 4.5 }, (_, position) => position).buffer);

/** A store in memory that keeps what is asked of it, in order. */
class MemoryStore implements RecordingStore {
  readonly calls: string[] = [];
  readonly objects = new Map<string, Uint8Array>();
  readonly #parts = new Map<string, Map<number, Uint8Array>>();
  #gate: Promise<void> = Promise.resolve();
  failPart: number | null = null;

  /** Holds every part back until the returned function is called. */
  holdParts(): () => void {
    let release = () => {};
    this.#gate = new Promise((resolve) => {
      release = resolve;
    });
    return () => release();
  }

  async putObject(key: string, body: Uint8Array | string): Promise<void> {
    this.calls.push("put");
    this.objects.set(key, Buffer.from(body));
  }

  async beginUpload(): Promise<string> {
    const uploadId = `upload-${this.#parts.size + 1}`;
    this.calls.push(`begin ${uploadId}`);
    this.#parts.set(uploadId, new Map());
    return uploadId;
  }

  async uploadPart(_key: string, uploadId: string, number: number, body: Uint8Array): Promise<string> {
    await this.#gate;
    if (number === this.failPart) throw Object.assign(new Error("no"), { name: "AccessDenied" });
    this.calls.push(`part ${number}`);
    this.#parts.get(uploadId)?.set(number, Buffer.from(body));
    return `"${uploadId}-${number}"`;
  }

  async completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    const stored = this.#parts.get(uploadId);
    this.calls.push(`complete ${parts.map(([number]) => number).join(" ")}`);
    for (const [number, etag] of parts) expect(etag).toBe(`"${uploadId}-${number}"`);
    const bodies = parts.map(([number]) => stored?.get(number) ?? new Uint8Array());
    for (const body of bodies.slice(0, -1)) expect(body.length).toBeGreaterThanOrEqual(MIN_PART_BYTES);
    this.objects.set(key, Buffer.concat(bodies));
  }

  async abortUpload(_key: string, uploadId: string): Promise<void> {
    this.calls.push(`abort ${uploadId}`);
  }
}

function recordingIn(store: RecordingStore, state: RecordingState = NO_RECORDING) {
  const errors: unknown[] = [];
  return { recording: new Recording(store, BASE, state, (error) => errors.push(error)), errors };
}

/** Appends the audio [from, to) in chunks of 100 ms, as the interleaver cuts it. */
function append(recording: Recording, from: number, to: number): void {
  for (let at = from; at < to; at += 800) {
    recording.appendChunk({ firstFrame: frames(at), pcm: AUDIO.subarray(at * 4, Math.min(to, at + 800) * 4) });
  }
}

function expectAudio(store: MemoryStore, toFrame: number): void {
  const audio = audioInWav(store.objects.get(KEY) ?? new Uint8Array());
  expect(audio.length).toBe(toFrame * 4);
  expect(audio.equals(AUDIO.subarray(0, toFrame * 4))).toBe(true);
}

/** The state as the next invocation reads it. */
async function handedOver(recording: Recording): Promise<RecordingState> {
  return JSON.parse(JSON.stringify(await recording.suspend()));
}

describe("A recording", () => {
  test("appends only the rest of a chunk that it knows in part.", async () => {
    const store = new MemoryStore();
    const { recording } = recordingIn(store);
    for (const [from, to] of [
      [0, 8],
      [4, 12],
      [6, 10],
      [12, 20],
    ] as const)
      recording.appendChunk({ firstFrame: frames(from), pcm: AUDIO.subarray(from * 4, to * 4) });
    expect(await recording.finish()).toBe(KEY);
    expectAudio(store, 20);
  });

  test("needs no upload when the call is shorter than a part.", async () => {
    const store = new MemoryStore();
    const { recording } = recordingIn(store);
    append(recording, 0, PART_FRAMES - 800);
    await recording.finish();
    expect(store.calls).toEqual(["put"]);
    expectAudio(store, PART_FRAMES - 800);
  });

  test("joins header, first audio, parts and rest in order.", async () => {
    const store = new MemoryStore();
    const { recording } = recordingIn(store);
    append(recording, 0, PART_FRAMES * 3.5);
    expect(await recording.finish()).toBe(KEY);
    expect(store.calls).toEqual(["begin upload-1", "part 2", "part 3", "part 4", "part 1", "part 5", "complete 1 3 4 5"]);
    expectAudio(store, PART_FRAMES * 3.5);
  });

  test("needs no last part when the call ends with a whole one.", async () => {
    const store = new MemoryStore();
    const { recording } = recordingIn(store);
    append(recording, 0, PART_FRAMES * 2);
    await recording.finish();
    expect(store.calls.at(-1)).toBe("complete 1 3");
    expectAudio(store, PART_FRAMES * 2);
  });

  test("has no object when the call had no audio.", async () => {
    const store = new MemoryStore();
    expect(await recordingIn(store).recording.finish()).toBeNull();
    expect(store.calls).toEqual([]);
  });
});

describe("A recording that is handed over", () => {
  test("goes on behind the uploaded audio and records no frame twice, however far back the stream is read again.", async () => {
    const store = new MemoryStore();
    const first = recordingIn(store).recording;
    append(first, 0, PART_FRAMES * 2.5);
    const state = await handedOver(first);
    expect(state).toEqual({
      uploadId: "upload-1",
      parts: [
        [2, '"upload-1-2"'],
        [3, '"upload-1-3"'],
      ],
      nextFrame: PART_FRAMES * 2,
      broken: false,
    });
    const second = recordingIn(store, state).recording;
    expect(second.keepFrom).toBe(PART_FRAMES * 2);
    append(second, PART_FRAMES * 2 - 80_000, PART_FRAMES * 3.25);
    expect(await handedOver(second)).toMatchObject({ uploadId: "upload-1", nextFrame: PART_FRAMES * 3 });
    const third = recordingIn(store, await handedOver(second)).recording;
    append(third, PART_FRAMES * 3 - 800, PART_FRAMES * 4.5);
    await third.finish();
    expect(store.calls.filter((call) => call.startsWith("begin"))).toHaveLength(1);
    expect(store.calls.at(-1)).toBe("complete 1 2 3 4 5 6");
    expectAudio(store, PART_FRAMES * 4.5);
  });

  test("passes on nothing when the audio is too short for a part.", async () => {
    const store = new MemoryStore();
    const { recording } = recordingIn(store);
    append(recording, 0, PART_FRAMES - 800);
    expect(await handedOver(recording)).toEqual({ uploadId: null, parts: [], nextFrame: 0, broken: false });
    expect(store.calls).toEqual([]);
  });

  test("waits for the uploads that are still running.", async () => {
    const store = new MemoryStore();
    const { recording } = recordingIn(store);
    const release = store.holdParts();
    append(recording, 0, PART_FRAMES * 2);
    expect(recording.keepFrom).toBe(0);
    const suspended = recording.suspend();
    release();
    const { nextFrame, parts } = await suspended;
    expect(nextFrame).toBe(PART_FRAMES * 2);
    expect(parts.map(([number]) => number)).toEqual([2, 3]);
  });
});

test("A recording whose hand-over failed ends with every frame once.", async () => {
  const store = new MemoryStore();
  const { recording } = recordingIn(store);
  append(recording, 0, PART_FRAMES * 1.5);
  await recording.suspend();
  expect(await recording.finish()).toBe(KEY);
  expectAudio(store, PART_FRAMES * 1.5);
});

test("A recording that ends waits for the uploads that are still running.", async () => {
  const store = new MemoryStore();
  const { recording } = recordingIn(store);
  const release = store.holdParts();
  append(recording, 0, PART_FRAMES * 2.5);
  const finished = recording.finish();
  release();
  expect(await finished).toBe(KEY);
  expectAudio(store, PART_FRAMES * 2.5);
});

describe("A recording that another transcriber continues", () => {
  test("aborts the upload that this invocation began, when its running part is through.", async () => {
    const store = new MemoryStore();
    const { recording } = recordingIn(store);
    const release = store.holdParts();
    append(recording, 0, PART_FRAMES * 2);
    const abandoned = recording.abandon();
    release();
    await abandoned;
    expect(store.calls).toEqual(["begin upload-1", "part 2", "part 3", "abort upload-1"]);
  });

  test("leaves the upload that an earlier invocation began for both.", async () => {
    const store = new MemoryStore();
    const uploadId = await store.beginUpload();
    const { recording } = recordingIn(store, { uploadId, parts: [[2, "a"]], nextFrame: frames(PART_FRAMES), broken: false });
    append(recording, PART_FRAMES, PART_FRAMES * 2);
    await recording.abandon();
    expect(store.calls).toEqual(["begin upload-1", "part 3"]);
  });

  test("has nothing to abort while nothing is uploaded.", async () => {
    const store = new MemoryStore();
    const { recording } = recordingIn(store);
    append(recording, 0, 8000);
    await recording.abandon();
    expect(store.calls).toEqual([]);
  });

  test("bears a store that cannot abort.", async () => {
    const store = new MemoryStore();
    const { recording } = recordingIn({
      putObject: () => Promise.reject(new Error("no object")),
      beginUpload: () => store.beginUpload(),
      uploadPart: (...part) => store.uploadPart(...part),
      completeUpload: () => Promise.reject(new Error("no completion")),
      abortUpload: () => Promise.reject(new Error("no abort")),
    });
    append(recording, 0, PART_FRAMES * 2);
    await expect(recording.abandon()).resolves.toBeUndefined();
  });
});

describe("A recording whose store fails", () => {
  test("stops at the failed part, says so once, and stays broken behind a hand-over.", async () => {
    const store = new MemoryStore();
    store.failPart = 4;
    const { recording, errors } = recordingIn(store);
    append(recording, 0, PART_FRAMES * 3);
    const state = await handedOver(recording);
    expect(state.broken).toBe(true);
    expect(errors).toMatchObject([{ name: "AccessDenied" }]);
    expect(recording.keepFrom).toBe(Number.POSITIVE_INFINITY);
    append(recording, PART_FRAMES * 3, PART_FRAMES * 4);
    expect(await recording.finish()).toBeNull();

    const next = recordingIn(store, state);
    expect(next.recording.keepFrom).toBe(Number.POSITIVE_INFINITY);
    append(next.recording, PART_FRAMES * 3, PART_FRAMES * 4.5);
    expect(await next.recording.finish()).toBeNull();
    expect(next.errors).toEqual([]);
    expect(store.calls).toEqual(["begin upload-1", "part 2", "part 3"]);
  });

  test("has no object when the last part fails.", async () => {
    const store = new MemoryStore();
    store.failPart = 1;
    const { recording, errors } = recordingIn(store);
    append(recording, 0, PART_FRAMES * 2.5);
    expect(await recording.finish()).toBeNull();
    expect(errors).toHaveLength(1);
    expect(recording.broken).toBe(true);
    expect(store.objects.size).toBe(0);
  });
});
