import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CallArchive } from "../../../aws-ingest/call/call-archive.ts";
import type { CallSettings } from "../../../aws-ingest/call/call-outcome.ts";
import { runCall } from "../../../aws-ingest/call/call-pipeline.ts";
import type { CallPorts, MediaStart, RecordingBucket } from "../../../aws-ingest/call/call-ports.ts";
import { type SpeechEvent, SpeechFailure, type SpeechRequest } from "../../../aws-ingest/call/speech.ts";
import { parseTranscriberJob, type TranscriberJob } from "../../../aws-ingest/call/transcriber-job.ts";
import type { ContactTranscription, Role, Update } from "../../../protocol/updates.ts";
import { CONTACT, connectFragment, fragmentNumber, T0 } from "../media/capture.ts";

const FIRST_CONTACT = "0f6d8a51-7a3c-4c5e-9d64-0a8f4a0b2c11";
const OTHER_CONTACT = "11111111-2222-3333-4444-555555555555";
const JOB: TranscriberJob = {
  contactId: CONTACT,
  initialContactId: FIRST_CONTACT,
  streamArn: "arn:aws:kinesisvideo:us-east-1:111122223333:stream/x/1",
  startTimestamp: T0,
  startFragment: null,
  language: { service: "call-analytics", languageCode: "en-US", identify: [], comprehendLanguage: null, redaction: true },
  record: false,
  state: null,
};

// Back-off takes no time, so that a test waits only for what it asks about.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

type Session = (request: SpeechRequest) => AsyncIterable<SpeechEvent>;

interface CallPlan {
  /** Each reads one session's audio. The last one runs again for every further session. */
  sessions: readonly Session[];
  /** The contact's audio, in fragments of 1,024 ms. */
  fragments?: number;
  ports?: Partial<CallPorts>;
  settings?: Partial<CallSettings>;
  job?: Partial<TranscriberJob>;
}

/** Runs one invocation of a call whose stream goes on with another contact. `transcription` has the states that it posts. */
function startCall({ sessions, fragments = 6, ports = {}, settings = {}, job = {} }: CallPlan) {
  const updates: Update[] = [];
  const transcription: ContactTranscription["state"][] = [];
  const handedOver: unknown[] = [];
  const restarts: string[] = [];
  const refused: string[] = [];
  const failures: string[] = [];
  const requests: SpeechRequest[] = [];
  const behind: number[] = [];
  const time = new AbortController();
  let begun = 0;
  const outcome = runCall(
    { ...JOB, ...job },
    {
      media: { readMedia: (start) => fragmentsFrom(start, fragments) },
      speech: {
        transcribe(request) {
          const session = sessions[Math.min(begun, sessions.length - 1)];
          begun += 1;
          requests.push(request);
          return session?.(request) ?? listening(request);
        },
      },
      sentiment: { sentimentOf: async () => null },
      hub: {
        async postUpdates(batch) {
          for (const update of batch) {
            if (update.type === "contact.transcription") transcription.push(update.state);
            else updates.push(update);
          }
          return { watched: [], undelivered: 0 };
        },
      },
      handOver: async (next) => void handedOver.push(JSON.parse(JSON.stringify(next))),
      observer: {
        fragmentRead: (ms) => void behind.push(ms),
        audioSent() {},
        sessionRestarted: (reason, code) => void restarts.push(`${reason} ${code}`),
        optionRefused: (option) => void refused.push(option),
        transcriptionFailed: (code) => void failures.push(code),
      },
      recordings: null,
      ...ports,
    },
    { timeToHandOver: time.signal, maxHandovers: 60, catchUpSpeed: 1_000_000, idleMs: 600_000, ...settings },
  );
  const sessionCount = () => begun;
  return { outcome, updates, transcription, handedOver, restarts, refused, failures, requests, behind, time, sessionCount };
}

async function* fragmentsFrom(start: MediaStart, count: number): AsyncGenerator<Uint8Array> {
  const first = start.from === "time" ? 0 : (Array.from({ length: count }, (_, i) => i).find((i) => isAt(start, i)) ?? count);
  for (let index = first; index < count; index += 1) yield connectFragment(index);
  yield connectFragment(count, {}, OTHER_CONTACT);
}
const isAt = (start: MediaStart, index: number) => start.from === "fragment" && start.after === fragmentNumber(index - 1);

/** A stream that brings so many fragments, and the others up to `count` only when `goOn` is called. */
function pausingStream(before: number, count: number) {
  let goOn = () => {};
  const paused = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  async function* readMedia() {
    for (let index = 0; index < count; index += 1) {
      if (index === before) await paused;
      yield connectFragment(index);
    }
    yield connectFragment(count, {}, OTHER_CONTACT);
  }
  return { readMedia, goOn: () => goOn() };
}

function turn(role: Role, beginMs: number, endMs: number, text = "Buenos días"): SpeechEvent {
  const utteranceId = `${role}-${beginMs}`;
  return { kind: "turn", utteranceId, role, beginMs, endMs, text, final: true, sentiment: "positive", languageCode: null };
}

/** A session that reads all its audio, and then returns these events. */
const answering = (...events: SpeechEvent[]): Session =>
  async function* transcribe({ audio }) {
    for await (const _ of audio);
    yield* events;
  };
const listening = answering();

/** A session that returns these events at its first audio, and then breaks off. */
const failing = (failure: SpeechFailure, ...events: SpeechEvent[]): Session =>
  async function* transcribe({ audio }) {
    for await (const _ of audio) break;
    yield* events;
    throw failure;
  };
/** A session that calls `received` with the number of frames so far until it returns true, and ends with this failure or properly. */
const receiving = (received: (frames: number) => boolean, failure: SpeechFailure | null = null): Session =>
  async function* transcribe({ audio }) {
    let frames = 0;
    for await (const pcm of audio) {
      frames += pcm.length / 4;
      if (received(frames)) break;
    }
    if (failure !== null) throw failure;
    yield* [];
  };
const THROTTLED = new SpeechFailure("throttled", "LimitExceededException");
const named = (name: string) => Object.assign(new Error("refused"), { name });
const typesOf = (updates: readonly Update[]) => updates.map(({ type }) => type);

describe("A call", () => {
  test("ends when its audio is over, and every update carries both ids of a transferred contact.", async () => {
    const { outcome, updates, transcription, behind, time } = startCall({
      sessions: [answering(turn("customer", 500, 1500))],
    });
    expect(await outcome).toEqual({
      result: "ended",
      turns: 1,
      newTurns: 1,
      audioMs: 6200,
      newAudioMs: 6200,
      incompleteReasons: [],
      undelivered: 0,
    });
    expect(typesOf(updates)).toEqual(["contact.turn", "contact.sentiment", "contact.ended"]);
    for (const update of updates) expect(update).toMatchObject({ contactId: CONTACT, initialContactId: FIRST_CONTACT });
    expect(updates.at(-1)).toMatchObject({ occurredAt: T0 + 6200 });
    expect(transcription).toEqual(["live", "ended"]);
    expect(behind).toHaveLength(6);
    expect(getEventListeners(time.signal, "abort")).toEqual([]);
  });

  test("reads the audio that its initial contact has in the stream.", async () => {
    async function* readMedia() {
      yield connectFragment(0, {}, FIRST_CONTACT);
      yield connectFragment(1);
      yield connectFragment(2, {}, OTHER_CONTACT);
    }
    const { outcome } = startCall({ sessions: [listening], ports: { media: { readMedia } } });
    expect(await outcome).toMatchObject({ result: "ended", audioMs: 2100 });
  });

  test("waits for its last posts, and counts the updates that the hub did not accept.", async () => {
    const hub = {
      async postUpdates(batch: readonly Update[]) {
        await new Promise((resolve) => setImmediate(resolve));
        return { watched: [], undelivered: batch.length };
      },
    };
    const { outcome } = startCall({ sessions: [answering(turn("agent", 500, 1500))], ports: { hub } });
    expect(await outcome).toMatchObject({ result: "ended", undelivered: 5 });
  });

  test("is not over for the hub when another transcriber took it over.", async () => {
    const superseded = failing(new SpeechFailure("superseded", "ConflictException"));
    const { outcome, updates, transcription, sessionCount, restarts } = startCall({ sessions: [superseded] });
    expect(await outcome).toMatchObject({ result: "superseded", incompleteReasons: [] });
    expect(transcription).toEqual(["live"]);
    expect([updates, sessionCount(), restarts]).toEqual([[], 1, []]);
  });

  test("belongs to the run that took it over while its last posts were under way.", async () => {
    const checkpoints: CallPorts["checkpoints"] = {
      lost: new AbortController().signal,
      fruitlessStarts: 0,
      start() {},
      stop() {},
      noteChange() {},
      writeNow: async () => {},
      write: async (phase) => (phase === "done" ? "lost" : "written"),
    };
    const { outcome } = startCall({ sessions: [answering(turn("agent", 500, 1500))], ports: { checkpoints } });
    expect(await outcome).toMatchObject({ result: "superseded" });
  });

  test("waits until its recording is abandoned when another transcriber took it over.", async () => {
    let isAbandoned = false;
    vi.spyOn(CallArchive.prototype, "abandon").mockImplementation(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      isAbandoned = true;
    });
    const superseded = failing(new SpeechFailure("superseded", "ConflictException"));
    const refuse = () => Promise.reject(named("AccessDenied"));
    const recordings: RecordingBucket = {
      bucket: "recordings",
      putObject: refuse,
      beginUpload: refuse,
      uploadPart: refuse,
      completeUpload: refuse,
      abortUpload: refuse,
    };
    const { outcome } = startCall({ sessions: [superseded], ports: { recordings }, job: { record: true } });
    expect(await outcome).toMatchObject({ result: "superseded", incompleteReasons: [] });
    expect(isAbandoned).toBe(true);
  });

  test("is not over for the hub when the speech service rejects every session of it, and the outcome names the reason.", async () => {
    const rejected = failing(new SpeechFailure("rejected", "BadRequestException"));
    const { outcome, updates, transcription, sessionCount, failures } = startCall({ sessions: [rejected] });
    const incompleteReasons = ["recogniser_rejected_BadRequestException"];
    expect(await outcome).toMatchObject({ result: "failed", turns: 0, incompleteReasons });
    expect([updates, sessionCount(), failures]).toEqual([[], 2, ["BadRequestException"]]);
    expect(transcription).toEqual(["live", "failed"]);
  });

  test("ends its transcription when the service rejects four accepted sessions in a row without progress.", async () => {
    const rejected = failing(new SpeechFailure("rejected", "BadRequestException"), turn("customer", 0, 900));
    const { outcome, sessionCount } = startCall({ sessions: [rejected] });
    expect(await outcome).toMatchObject({ result: "failed", turns: 1 });
    expect(sessionCount()).toBe(4);
  });

  test("fails with the stream's error when its audio cannot be read to the end.", async () => {
    async function* readMedia() {
      yield new Uint8Array();
      throw named("AccessDeniedException");
    }
    const { outcome, updates, transcription } = startCall({ sessions: [listening], ports: { media: { readMedia } } });
    expect(await outcome).toMatchObject({ result: "failed", incompleteReasons: ["media_AccessDeniedException"] });
    expect([updates, transcription]).toEqual([[], ["live", "failed"]]);
  });
});

describe("A call whose speech service breaks off", () => {
  test("gives up after eight failures in a row behind its end.", async () => {
    const { outcome, restarts } = startCall({ sessions: [failing(THROTTLED)] });
    const incompleteReasons = ["recogniser_throttled_LimitExceededException"];
    expect(await outcome).toMatchObject({ result: "failed", incompleteReasons });
    expect(restarts).toEqual(Array.from({ length: 8 }, () => "throttled LimitExceededException"));
  });

  test("waits for the service as long as its audio goes on.", async () => {
    const { readMedia, goOn } = pausingStream(1, 2);
    const late: Session = (request) => {
      goOn();
      return listening(request);
    };
    const sessions = [...Array.from({ length: 12 }, () => failing(THROTTLED)), late];
    const { outcome, restarts } = startCall({ sessions, ports: { media: { readMedia } } });
    expect(await outcome).toMatchObject({ result: "ended", incompleteReasons: [] });
    expect(restarts).toHaveLength(12);
  });

  test("counts its failures anew after a session that got further on both sides.", async () => {
    const fails = Array.from({ length: 7 }, () => failing(THROTTLED));
    const further = failing(THROTTLED, turn("customer", 0, 2000), turn("agent", 0, 2500));
    const { outcome, sessionCount } = startCall({ sessions: [...fails, further, ...fails.slice(1), listening] });
    expect(await outcome).toMatchObject({ result: "ended", turns: 2, incompleteReasons: [] });
    expect(sessionCount()).toBe(15);
  });

  test("fails once for a minute of voice without a result, and not again in the next session, because it may be music.", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    // Voice of more than a minute without a result breaks the first session off. The second one receives it to its end.
    const unanswered = receiving(() => {
      vi.advanceTimersByTime(500);
      return false;
    });
    const { outcome, restarts, sessionCount } = startCall({ sessions: [unanswered], fragments: 70 });
    expect(await outcome).toMatchObject({ result: "ended", incompleteReasons: [] });
    expect([restarts, sessionCount()]).toEqual([["unavailable NoResult"], 2]);
  });

  test("gives up lost audio in whole milliseconds, so that the next invocation can read the state.", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    // The buffer keeps two minutes (960,000 frames) of a session without a result.
    const unanswered = receiving((frames) => {
      if (frames < 1_000_000 || frames % 8 === 0) return false;
      vi.advanceTimersByTime(500);
      return true;
    }, THROTTLED);
    const stopping = receiving(() => {
      call.time.abort();
      return false;
    });
    const call = startCall({ sessions: [unanswered, stopping], fragments: 140 });
    expect(await call.outcome).toMatchObject({ result: "handed-over", incompleteReasons: ["recogniser_away_too_long"] });
    const { state } = parseTranscriberJob(call.handedOver[0]);
    expect(state?.transcribedUntil.customer).toBeGreaterThan(5000);
  });
});

describe("A call that is to be handed over", () => {
  const soon = (call: () => { time: AbortController }): Session =>
    async function* transcribe({ audio }) {
      let chunks = 0;
      for await (const _ of audio) if (++chunks === 40) call().time.abort();
      yield turn("customer", 500, 700);
      yield turn("agent", 3000, 3900);
    };

  test("passes its state on, keeps back the turn at the cut, and is not over for the hub.", async () => {
    const call = startCall({ sessions: [soon(() => call)], fragments: 60 });
    expect(await call.outcome).toMatchObject({ result: "handed-over", turns: 1, newTurns: 1 });
    const next = parseTranscriberJob(call.handedOver[0]);
    expect(next).toMatchObject({ ...JOB, state: { handoverCount: 1, t0Ms: T0 } });
    expect(next.state?.pendingTurns).toMatchObject([{ turnId: "agent-3000" }]);
    expect([typesOf(call.updates), call.transcription]).toEqual([["contact.turn", "contact.sentiment"], ["live"]]);
    expect(getEventListeners(call.time.signal, "abort")).toEqual([]);

    const { outcome, updates } = startCall({ sessions: [listening], fragments: 60, job: next });
    expect(await outcome).toMatchObject({ result: "ended", turns: 1, newTurns: 0, audioMs: 61_500 });
    expect(typesOf(updates)).toEqual(["contact.ended"]);
  });

  test("fails when the next invocation does not start, and posts the turn at the cut.", async () => {
    const handOver = () => Promise.reject(named("TooManyRequestsException"));
    const call = startCall({ sessions: [soon(() => call)], fragments: 60, ports: { handOver } });
    const incompleteReasons = ["handover_TooManyRequestsException"];
    expect(await call.outcome).toMatchObject({ result: "failed", turns: 2, incompleteReasons });
    expect(typesOf(call.updates)).toEqual(["contact.turn", "contact.sentiment", "contact.turn", "contact.sentiment"]);
  });

  test("fails when it has been handed over too often.", async () => {
    const call = startCall({ sessions: [soon(() => call)], fragments: 60, settings: { maxHandovers: 0 } });
    expect(await call.outcome).toMatchObject({ result: "failed", incompleteReasons: ["handover_limit"] });
    expect(call.handedOver).toEqual([]);
  });

  test("goes on to its end when nothing can take it over.", async () => {
    const call = startCall({ sessions: [soon(() => call)], ports: { handOver: null } });
    expect(await call.outcome).toMatchObject({ result: "ended", turns: 2 });
  });

  test("is handed over at once when the time was up before it began.", async () => {
    const settings = { timeToHandOver: AbortSignal.abort() };
    const { outcome, handedOver, sessionCount } = startCall({ sessions: [listening], settings });
    expect(await outcome).toMatchObject({ result: "handed-over", newTurns: 0 });
    expect([handedOver.length, sessionCount()]).toEqual([1, 0]);
  });
});

test("A call that pauses posts the turn before the pause, and goes on with the audio behind it.", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { readMedia, goOn } = pausingStream(3, 5);
  const sessions = [answering(turn("customer", 1000, 2900)), answering(turn("agent", 500, 900))];
  const { outcome, updates, sessionCount } = startCall({ sessions, ports: { media: { readMedia } } });
  for (let round = 0; round < 100; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(500);
  }
  expect(sessionCount()).toBe(1);
  expect(typesOf(updates)).toEqual(["contact.turn", "contact.sentiment"]);
  goOn();
  expect(await outcome).toMatchObject({ result: "ended", turns: 2, incompleteReasons: [] });
});
