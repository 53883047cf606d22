import fc from "fast-check";
import { expect, test } from "vitest";
import type { CallOutcome } from "../../../aws-ingest/call/call-outcome.ts";
import { runCall } from "../../../aws-ingest/call/call-pipeline.ts";
import type { CallPorts } from "../../../aws-ingest/call/call-ports.ts";
import { parseTranscriberJob } from "../../../aws-ingest/call/transcriber-job.ts";
import type { Update } from "../../../protocol/updates.ts";
import { seeded } from "../../support/call-sound.ts";
import { expectEveryTurnOnce, JOB, speechService, streamOf, writeScript } from "../../support/scripted-call.ts";

/** When an invocation hands over: after so many items of its own, counted where they pass. */
interface HandOverMoment {
  after: "fragments read" | "chunks transcribed";
  count: number;
}

/** Passes the items on, and aborts `controller` as soon as `count` of them have passed and the next one is asked for. */
async function* abortAfter<Item>(count: number, items: AsyncIterable<Item>, controller: AbortController): AsyncGenerator<Item> {
  let left = count;
  for await (const item of items) {
    yield item;
    left -= 1;
    if (left <= 0) controller.abort();
  }
}

interface CallPlan {
  lengthMs: number;
  seed: number;
  /** One for each hand-over. The invocation after the last one goes on to the end of the call. */
  handOvers: readonly HandOverMoment[];
  mediaCuts: readonly number[];
  speechFailures: readonly number[];
  startFragment?: string;
}

/** Makes the stream refuse to be read from a time, as Kinesis refuses it. */
function withoutTimes(readMedia: CallPorts["media"]["readMedia"]): CallPorts["media"]["readMedia"] {
  return async function* refuse(start, signal, plan) {
    if (start.from === "time") throw Object.assign(new Error("no times here"), { name: "InvalidArgumentException" });
    yield* readMedia(start, signal, plan);
  };
}

/** Runs a call through all its invocations. */
async function runWholeCall({ lengthMs, seed, handOvers, mediaCuts, speechFailures, startFragment }: CallPlan) {
  const script = writeScript(seeded(seed), lengthMs);
  const updates: Update[] = [];
  const jobs: unknown[] = [{ ...JOB, startFragment: startFragment ?? null }];
  const moments = [...handOvers];
  const eachOf = (list: readonly number[]) => {
    const left = [...list];
    return () => left.shift() ?? Number.POSITIVE_INFINITY;
  };
  const stream = streamOf(script, lengthMs, eachOf(mediaCuts));
  const readMedia = startFragment === undefined ? stream : withoutTimes(stream);
  const transcribe = speechService(eachOf(speechFailures));
  let invocations = 0;
  let largestJob = 0;
  let outcome: CallOutcome | null = null;
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    largestJob = Math.max(largestJob, JSON.stringify(job).length);
    const time = new AbortController();
    const moment = moments.shift();
    const fragments = moment?.after === "fragments read" ? moment.count : Number.POSITIVE_INFINITY;
    const chunks = moment?.after === "chunks transcribed" ? moment.count : Number.POSITIVE_INFINITY;
    const ports: CallPorts = {
      media: { readMedia: (...asked) => abortAfter(fragments, readMedia(...asked), time) },
      speech: { transcribe: (request) => transcribe({ ...request, audio: abortAfter(chunks, request.audio, time) }) },
      sentiment: { sentimentOf: async () => null },
      hub: {
        async postUpdates(batch) {
          updates.push(...batch);
          return { watched: [], undelivered: 0 };
        },
      },
      handOver: async (next) => void jobs.push(JSON.parse(JSON.stringify(next))),
      observer: { fragmentRead() {}, audioSent() {}, sessionRestarted() {} },
      recordings: null,
    };
    outcome = await runCall(parseTranscriberJob(job), ports, {
      timeToHandOver: time.signal,
      maxHandovers: 1000,
      catchUpSpeed: 1_000_000,
      idleMs: 100,
    });
    invocations += 1;
  }
  return { script, updates, outcome, invocations, largestJob };
}

function expectComplete({ script, updates, outcome }: Awaited<ReturnType<typeof runWholeCall>>): void {
  expect(outcome).toMatchObject({ result: "ended", incompleteReasons: [] });
  expectEveryTurnOnce(script, updates);
}

test("A call of two hours keeps every turn, with every sample, and the score of all turns through thirteen hand-overs.", async () => {
  const handOvers = Array.from({ length: 13 }, () => ({ after: "fragments read" as const, count: 500 }));
  const call = await runWholeCall({ lengthMs: 7_200_000, seed: 1, handOvers, mediaCuts: [], speechFailures: [] });
  expect(call.invocations).toBe(14);
  expectComplete(call);
  expect(call.largestJob).toBeLessThan(256 * 1024);
  // No turn is posted as final twice.
  const finals = call.updates.filter((update) => update.type === "contact.turn" && update.final);
  expect(finals).toHaveLength(call.script.length);
}, 300_000);

test("A stream that cannot be read from a time is read behind the fragment in which the call began.", async () => {
  const plan = { lengthMs: 30_000, seed: 5, handOvers: [], mediaCuts: [], speechFailures: [] };
  const { outcome, updates } = await runWholeCall({ ...plan, startFragment: String(1000).padStart(47, "0") });
  expect(outcome).toMatchObject({ result: "ended", incompleteReasons: [] });
  expect(outcome?.turns).toBeGreaterThan(1);
  expect(updates.at(-1)).toMatchObject({ type: "contact.ended" });
});

const handOverMoment: fc.Arbitrary<HandOverMoment> = fc.oneof(
  fc.record({ after: fc.constant("fragments read" as const), count: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ after: fc.constant("chunks transcribed" as const), count: fc.integer({ min: 1, max: 900 }) }),
);

test("A call keeps every turn, with every sample, whatever faults the stream and the speech service have and whenever it is handed over.", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        lengthMs: fc.integer({ min: 20_000, max: 240_000 }),
        seed: fc.integer({ min: 1, max: 1_000_000 }),
        handOvers: fc.array(handOverMoment, { maxLength: 8 }),
        mediaCuts: fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 3 }),
        speechFailures: fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 2 }),
      }),
      async (plan) => expectComplete(await runWholeCall(plan)),
    ),
    { numRuns: 15, endOnFailure: true },
  );
}, 300_000);
