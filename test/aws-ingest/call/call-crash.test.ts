import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CallOutcome } from "../../../aws-ingest/call/call-outcome.ts";
import { runCall } from "../../../aws-ingest/call/call-pipeline.ts";
import type { CallPorts, MediaStart } from "../../../aws-ingest/call/call-ports.ts";
import { joinCall } from "../../../aws-ingest/call/join-call.ts";
import type { TranscriberJob } from "../../../aws-ingest/call/transcriber-job.ts";
import type { Update } from "../../../protocol/updates.ts";
import { seeded } from "../../support/call-sound.ts";
import { MemoryCheckpoints } from "../../support/memory-checkpoints.ts";
import { MemoryRecordings } from "../../support/memory-recordings.ts";
import { expectEveryTurnOnce, JOB, speechService, streamOf, writeScript } from "../../support/scripted-call.ts";
import { audioInWav } from "./wav-audio.ts";

// Back-off takes no time, so that a dead process ends soon.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(() => vi.restoreAllMocks());

interface CrashPlan {
  lengthMs: number;
  seed: number;
  record: boolean;
  /** One process each: after so many of its port calls, the process is dead. The process after the last one lives. */
  deaths: readonly number[];
  /** How late the sessions place their turns, in turn. Zeros from then on. */
  shiftsMs: readonly number[];
}

/** Everything outside the processes of one call. */
class World {
  readonly updates: Update[] = [];
  readonly checkpoints = new MemoryCheckpoints();
  readonly recordings = new MemoryRecordings();
  readonly starts: MediaStart[] = [];
  readonly readMedia: CallPorts["media"]["readMedia"];
  #lastOutcome: CallOutcome | null = null;
  readonly transcribe: ReturnType<typeof speechService>;

  constructor({ lengthMs, seed, shiftsMs }: CrashPlan) {
    const script = writeScript(seeded(seed), lengthMs);
    const shifts = [...shiftsMs];
    this.readMedia = streamOf(script, lengthMs, () => Number.POSITIVE_INFINITY);
    this.transcribe = speechService(
      () => Number.POSITIVE_INFINITY,
      () => shifts.shift() ?? 0,
    );
  }

  /** Runs one process that dies after `lives` calls of its ports: nothing that it asks for happens any more. Returns null when it died. */
  async run(job: TranscriberJob, requestId: string, lives: number): Promise<CallOutcome | null> {
    let left = lives;
    const isDead = () => left <= 0;
    const alive = async <Result>(act: () => Promise<Result>): Promise<Result> => {
      if (isDead()) throw new Error("The process is dead.");
      left -= 1;
      const result = await act();
      if (isDead()) throw new Error("The process died before it got the answer.");
      return result;
    };
    const { checkpoints, recordings } = this;
    const store = {
      readCheckpoint: (id: string) => alive(() => checkpoints.readCheckpoint(id)),
      writeCheckpoint: (id: string, body: string, previous: string | null) =>
        alive(() => checkpoints.writeCheckpoint(id, body, previous)),
    };
    const times = { leaseMs: 45_000, lookMs: 1, intervalMs: 20_000, places: null };
    const joined = await joinCall(job, { store, requestId, run: randomUUID(), ...times, onWrite() {} });
    if (joined.kind === "leave") {
      // The process before this one died behind its last step.
      expect(joined.why).toBe("over");
      return this.#lastOutcome;
    }
    if (isDead()) return null;
    const world = this;
    const ports: CallPorts = {
      media: {
        async *readMedia(start, signal, plan) {
          if (isDead()) return;
          world.starts.push(start);
          for await (const bytes of world.readMedia(start, signal, plan)) {
            await alive(async () => {});
            yield bytes;
          }
        },
      },
      speech: {
        async *transcribe(request) {
          for await (const event of world.transcribe(request)) {
            if (isDead()) return;
            yield event;
          }
        },
      },
      sentiment: { sentimentOf: async () => null },
      hub: {
        async postUpdates(batch) {
          await alive(async () => void world.updates.push(...batch)).catch(() => {});
          return { watched: [], undelivered: 0 };
        },
      },
      handOver: null,
      observer: { fragmentRead() {}, audioSent() {}, sessionRestarted() {} },
      recordings: {
        bucket: recordings.bucket,
        putObject: (key, body) => alive(() => recordings.putObject(key, body)),
        beginUpload: () => alive(() => recordings.beginUpload()),
        uploadPart: (...args) => alive(() => recordings.uploadPart(...args)),
        completeUpload: (...args) => alive(() => recordings.completeUpload(...args)),
        abortUpload: (...args) => alive(() => recordings.abortUpload(...args)),
      },
      checkpoints: joined.checkpoints,
      end: { isMarkedOver: async () => true, askConnect: async () => "over" },
    };
    const settings = { timeToHandOver: new AbortController().signal, maxHandovers: 60, catchUpSpeed: 1_000_000, idleMs: 10 };
    const outcome = await runCall(joined.job, ports, settings).catch(() => null);
    this.#lastOutcome = outcome;
    return isDead() ? null : outcome;
  }
}

/** Runs a call whose processes die, until one lives to its end. */
async function runMortalCall(plan: CrashPlan) {
  const world = new World(plan);
  const job = { ...JOB, record: plan.record };
  const deaths = [...plan.deaths];
  let outcome: CallOutcome | null = null;
  for (let process = 0; outcome === null; process += 1) {
    expect(process).toBeLessThanOrEqual(plan.deaths.length);
    outcome = await world.run(job, "request-1", deaths.shift() ?? Number.POSITIVE_INFINITY);
  }
  return { world, outcome, script: writeScript(seeded(plan.seed), plan.lengthMs) };
}

/** Expects that the call is as if no process had died. */
async function expectUndisturbed(plan: CrashPlan): Promise<void> {
  const { world, outcome, script } = await runMortalCall(plan);
  expect(outcome).toMatchObject({ result: "ended", incompleteReasons: [] });
  expectEveryTurnOnce(script, world.updates, Math.max(0, ...plan.shiftsMs));
  if (!plan.record) return;
  const calm = new World(plan);
  await calm.run({ ...JOB, record: true }, "request-2", Number.POSITIVE_INFINITY);
  const [wav, transcript] = [world.recordings.find(".wav"), world.recordings.find(".json")];
  const audio = audioInWav(calm.recordings.find(".wav"));
  expect(audioInWav(wav).equals(audio)).toBe(true);
  const texts = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString()).turns.map(({ text }: { text: string }) => text);
  expect(texts(transcript).toSorted()).toEqual(texts(calm.recordings.find(".json")).toSorted());
  expect(world.recordings.openUploads).toBe(0);
}

test("A call whose processes die at any moment has every turn once under one id, one score, one transcript and one recording.", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        lengthMs: fc.integer({ min: 20_000, max: 180_000 }),
        seed: fc.integer({ min: 1, max: 1_000_000 }),
        record: fc.boolean(),
        deaths: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 }),
        shiftsMs: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 7 }),
      }),
      expectUndisturbed,
    ),
    { numRuns: 10, endOnFailure: true },
  );
}, 300_000);

test("A retry reads and transcribes from the checkpoint on, and not from the beginning.", async () => {
  const { world, outcome } = await runMortalCall({ lengthMs: 240_000, seed: 7, record: false, deaths: [220], shiftsMs: [] });
  expect(outcome).toMatchObject({ result: "ended" });
  expect(world.starts.map(({ from }) => from)).toEqual(["time", "fragment"]);
  const finals = world.updates.filter((update) => update.type === "contact.turn" && update.final);
  expect(new Set(finals).size - new Set(finals.map((turn) => ("turnId" in turn ? turn.turnId : ""))).size).toBeLessThan(4);
});

test.each([false, true])(
  "A call whose process dies at each of its steps in turn is as if it had lived (recorded: %j).",
  async (record) => {
    for (let death = 1; death <= 45; death += 1)
      await expectUndisturbed({ lengthMs: 20_000, seed: 11, record, deaths: [death], shiftsMs: [0, 15] });
  },
);
