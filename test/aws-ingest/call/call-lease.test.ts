import { describe, expect, test } from "vitest";
import { decideStart, MAX_FRUITLESS_STARTS, shouldStartAgain } from "../../../aws-ingest/call/call-lease.ts";
import type { Checkpoint } from "../../../aws-ingest/call/checkpoint.ts";
import { type CallState, INITIAL_STATE, type TranscriberJob } from "../../../aws-ingest/call/transcriber-job.ts";
import { frames } from "../../../aws-ingest/media/audio-units.ts";
import { JOB, T0 } from "../../support/scripted-call.ts";

const TIMES = { leaseMs: 45_000, lookMs: 5_000 };
const MINUTE = 60_000;
const STATE: CallState = { ...INITIAL_STATE, t0Ms: T0, transcribedUntil: { customer: 20_000, agent: 30_000 } };
const CHECKPOINT: Checkpoint = {
  version: 1,
  number: 7,
  requestId: "first",
  run: "run-1",
  phase: "running",
  fruitlessStarts: 0,
  begunAt: 0,
  job: JOB,
  state: STATE,
};
const found = (fields: Partial<Checkpoint> = {}, ageMs = 0) => ({ checkpoint: { ...CHECKPOINT, ...fields }, ageMs });
const decide = (at: ReturnType<typeof found> | null, seen: number | null = null, job = JOB, requestId = "second") =>
  decideStart(job, requestId, at, seen, TIMES);

describe("A run of a call", () => {
  test("begins when nothing is known of the call, or nothing that it can read.", () => {
    expect(decide(null)).toEqual({ kind: "begin" });
    expect(decideStart(JOB, "second", { checkpoint: null, ageMs: 0 }, null, TIMES)).toEqual({ kind: "begin" });
  });

  test("goes on at once when it is Lambda's retry of the run that wrote the checkpoint.", () => {
    expect(decide(found(), null, JOB, "first")).toMatchObject({ kind: "go-on", state: STATE });
  });

  test("goes on at once when the call was handed over, whoever starts it.", () => {
    expect(decide(found({ phase: "handed-over" }))).toMatchObject({ kind: "go-on", state: STATE });
  });

  test("waits while another run may be alive, never longer than its lease.", () => {
    expect(decide(found({}, 10_000))).toEqual({ kind: "wait", ms: 5_000 });
    expect(decide(found({}, 43_000))).toEqual({ kind: "wait", ms: 2_000 });
    expect(decide(found({}, 45_000))).toMatchObject({ kind: "go-on" });
  });

  test("leaves when the other run renewed its checkpoint meanwhile, and when the call is over.", () => {
    expect(decide(found({ number: 8 }), 7)).toEqual({ kind: "leave", why: "alive" });
    expect(decide(found({ phase: "done" }, MINUTE))).toEqual({ kind: "leave", why: "over" });
    expect(decide(found({ phase: "done" }), null, JOB, "first")).toEqual({ kind: "leave", why: "over" });
  });

  test("trusts a hand-over that knows more than the checkpoint, because the last one could not be written.", () => {
    const state = { ...STATE, handoverCount: 1, transcribedUntil: { customer: 50_000, agent: 50_000 } };
    expect(decide(found({}, MINUTE), null, { ...JOB, state })).toMatchObject({ kind: "go-on", state });
    expect(decide(found({ state: { ...STATE, handoverCount: 2 } }, MINUTE), null, { ...JOB, state })).toMatchObject({
      state: { handoverCount: 2, transcribedUntil: STATE.transcribedUntil },
    });
  });

  test("counts the runs that got no further, and begins anew after one that did.", () => {
    const begunAt = 50_000;
    expect(decide(found({ begunAt, fruitlessStarts: 2 }, MINUTE))).toMatchObject({ fruitlessStarts: 3 });
    expect(decide(found({ begunAt: begunAt - 1, fruitlessStarts: 2 }, MINUTE))).toMatchObject({ fruitlessStarts: 0 });
    expect(decide(found({ begunAt, fruitlessStarts: 2, phase: "handed-over" }))).toMatchObject({ fruitlessStarts: 0 });
  });
});

describe("A second start of streaming", () => {
  const later = { ...JOB, startTimestamp: T0 + 10 * MINUTE, streamArn: `${JOB.streamArn}2`, record: true };
  const stream = { streamArn: later.streamArn, startTimestamp: later.startTimestamp, startFragment: null };

  test("goes on with the call at once, with both streams, and with a recording if one of the flows asked for it.", () => {
    const language = { ...JOB.language, languageCode: "es-US" };
    const decision = decide(found(), null, { ...later, language });
    expect(decision).toMatchObject({ kind: "go-on", state: STATE });
    expect(decision).toMatchObject({ job: { streamArn: JOB.streamArn, laterStreams: [stream], record: true, language } });
  });

  test("of a call that was over goes on a second before its first audio, with a recording of its own.", () => {
    const recording = { uploadId: null, parts: [], nextFrame: frames(240_000), broken: false, finished: ["a.wav"] };
    const decision = decide(found({ phase: "done", state: { ...STATE, recording } }), null, later);
    const at = 599_000;
    expect(decision).toMatchObject({
      state: {
        transcribedUntil: { customer: at, agent: at },
        streamIndex: 1,
        afterFragment: null,
        recording: { finished: ["a.wav"], nextFrame: at * 8, firstFrame: at * 8 },
      },
    });
  });

  test("hears the sides that the flow permits now, and what is left of the stream before by the stricter of both wishes.", () => {
    const [quietAgent, quietCustomer] = [
      { customer: true, agent: false },
      { customer: false, agent: true },
    ];
    const jobOf = (phase: Checkpoint["phase"], now: TranscriberJob, before: TranscriberJob = JOB) => {
      const decision = decide(found({ phase, job: before }), null, now);
      return decision.kind === "go-on" ? decision.job : null;
    };
    const before = { ...JOB, sides: quietAgent, record: true };
    expect(jobOf("done", later, before)?.sides).toBeUndefined();
    expect(jobOf("done", { ...later, sides: quietCustomer }, before)?.sides).toEqual(quietCustomer);
    expect(jobOf("running", later, before)?.sides).toEqual(quietAgent);
    expect(jobOf("running", { ...later, sides: quietCustomer })?.sides).toEqual(quietCustomer);
    expect(jobOf("running", { ...later, sides: quietCustomer }, before)?.sides).toEqual({ customer: false, agent: false });
    expect(jobOf("done", { ...later, record: false }, before)?.record).toBe(false);
    expect(jobOf("running", { ...later, record: false }, before)?.record).toBe(true);
  });

  test("that is repeated is no third one.", () => {
    const joined = { ...JOB, laterStreams: [stream] };
    expect(decide(found({ phase: "done", job: joined }), null, later)).toEqual({ kind: "leave", why: "over" });
    expect(decide(found({ job: joined }), null, later)).toMatchObject({ kind: "wait" });
  });
});

describe("The watchdog's decision", () => {
  const day = 24 * 60 * MINUTE;
  const decision = (fields: Partial<Checkpoint>, ageMs: number) =>
    shouldStartAgain({ ...CHECKPOINT, ...fields }, ageMs, MINUTE, day);

  test("starts a call again when its checkpoint is a minute old, and not before.", () => {
    expect([decision({}, MINUTE - 1), decision({}, MINUTE)]).toEqual([false, true]);
    expect(decision({ phase: "handed-over" }, MINUTE)).toBe(true);
    expect(decision({ phase: "done" }, MINUTE)).toBe(false);
  });

  test("waits longer after each run that got no further, an hour at most, and gives up after six.", () => {
    expect([decision({ fruitlessStarts: 2 }, 4 * MINUTE - 1), decision({ fruitlessStarts: 2 }, 4 * MINUTE)]).toEqual([
      false,
      true,
    ]);
    expect(decision({ fruitlessStarts: MAX_FRUITLESS_STARTS }, 23 * 60 * MINUTE)).toBe(false);
  });

  test("ends when the stream has lost the sound.", () => {
    expect([decision({}, day - 1), decision({}, day)]).toEqual([true, false]);
  });
});
