import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CallOutcome } from "../../../aws-ingest/call/call-outcome.ts";
import { runCall } from "../../../aws-ingest/call/call-pipeline.ts";
import type { CallPorts, MediaStart } from "../../../aws-ingest/call/call-ports.ts";
import { type SpeechEvent, SpeechFailure, type SpeechRequest } from "../../../aws-ingest/call/speech.ts";
import { parseTranscriberJob, type TranscriberJob } from "../../../aws-ingest/call/transcriber-job.ts";
import { scoreContact } from "../../../aws-ingest/scoring/sentiment-score.ts";
import { writeFragment } from "../../../local/aws/kinesis-video-fragment.ts";
import type { Role, SentimentLabel, Update } from "../../../protocol/updates.ts";
import { seeded } from "../../support/call-sound.ts";

const T0 = 1_790_000_000_000;
const FRAGMENT_MS = 1024;
const ROLES: readonly Role[] = ["customer", "agent"];
const SENTIMENT_LABELS: readonly SentimentLabel[] = ["positive", "neutral", "negative", "mixed"];
const JOB: TranscriberJob = {
  contactId: "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9",
  initialContactId: "0f6d8a51-7a3c-4c5e-9d64-0a8f4a0b2c11",
  streamArn: "arn:aws:kinesisvideo:us-east-1:111122223333:stream/x/1",
  startTimestamp: T0,
  startFragment: null,
  language: { service: "call-analytics", languageCode: "en-US", identify: [], comprehendLanguage: null, redaction: true },
  record: false,
  state: null,
};

/** A turn of the script. Every sample of its audio is its number, so a lost or doubled sample shows as another length. */
interface ScriptedTurn {
  role: Role;
  number: number;
  beginMs: number;
  endMs: number;
}

function writeScript(random: () => number, lengthMs: number): ScriptedTurn[] {
  const script: ScriptedTurn[] = [];
  for (const role of ROLES) {
    let at = Math.floor(random() * 3000);
    while (at < lengthMs - 9000) {
      const endMs = at + 400 + Math.floor(random() * 7000);
      script.push({ role, number: 1000 + script.length, beginMs: at, endMs });
      at = endMs + 300 + Math.floor(random() * 9000);
    }
  }
  return script;
}

function audioOf(script: readonly ScriptedTurn[], role: Role, fromMs: number, toMs: number): Int16Array {
  const samples = new Int16Array((toMs - fromMs) * 8);
  for (const turn of script) {
    if (turn.role !== role || turn.endMs <= fromMs || turn.beginMs >= toMs) continue;
    samples.fill(turn.number, Math.max(0, turn.beginMs - fromMs) * 8, Math.min(toMs, turn.endMs) * 8 - fromMs * 8);
  }
  return samples;
}

/** The stream of a call that is over: fragments from a time or behind a fragment. Each connection is cut after `cutAfter()` fragments. */
function streamOf(script: readonly ScriptedTurn[], lengthMs: number, cutAfter: () => number) {
  const count = Math.ceil(lengthMs / FRAGMENT_MS);
  const numberOf = (index: number) => String(1000 + index).padStart(47, "0");
  return async function* readMedia(start: MediaStart): AsyncGenerator<Uint8Array> {
    const first = start.from === "time" ? 0 : Number(start.after) - 1000 + 1;
    let left = cutAfter();
    for (let index = first; index < count + 1; index += 1, left -= 1) {
      const [fromMs, toMs] = [index * FRAGMENT_MS, (index + 1) * FRAGMENT_MS];
      // A network lets timers run between two fragments.
      await setImmediate();
      const audio = {
        contactId: index < count ? JOB.contactId : "somebody-else",
        atMs: T0 + fromMs,
        fromCustomer: audioOf(script, "customer", fromMs, toMs),
        toCustomer: audioOf(script, "agent", fromMs, toMs),
      };
      const identity = { fragmentNumber: numberOf(index), serverMs: T0 + toMs, instanceId: "i" };
      const bytes = writeFragment(audio, identity);
      if (left === 0) {
        yield bytes.subarray(0, bytes.length / 2);
        return;
      }
      yield bytes;
    }
  };
}

/** A speech service that returns one turn for each stretch of one number. Its text is the number and the length in samples. */
function speechService(failAfter: () => number) {
  return async function* transcribe({ audio }: SpeechRequest): AsyncGenerator<SpeechEvent> {
    const runs = ROLES.map(() => ({ number: 0, begin: 0, shown: false }));
    let at = 0;
    let left = failAfter();
    const turn = (side: number, run: { number: number; begin: number }, final: boolean): SpeechEvent => ({
      kind: "turn",
      utteranceId: `${side}-${run.begin}-${left}`,
      role: side === 0 ? "customer" : "agent",
      beginMs: Math.round(run.begin / 8),
      endMs: Math.round(at / 8),
      text: `${run.number}:${at - run.begin}`,
      final,
      sentiment: final ? (SENTIMENT_LABELS[run.number % 4] ?? null) : null,
      languageCode: null,
    });
    for await (const pcm of audio) {
      const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2);
      const chunkAt = at;
      for (let side = 0; side < 2; side += 1) {
        let run = runs[side] ?? { number: 0, begin: 0, shown: false };
        for (let index = side; index < samples.length; index += 2) {
          const number = samples[index] ?? 0;
          if (number === run.number) continue;
          at = chunkAt + (index - side) / 2;
          if (run.number !== 0) yield turn(side, run, true);
          run = { number, begin: at, shown: false };
        }
        runs[side] = run;
      }
      at = chunkAt + samples.length / 2;
      for (const [side, run] of runs.entries()) {
        if (run.number === 0 || run.shown || at - run.begin < 4000) continue;
        run.shown = true;
        yield turn(side, run, false);
      }
      left -= 1;
      if (left === 0) throw new SpeechFailure(at % 2 === 0 ? "throttled" : "unavailable", "Ordered");
    }
    for (const [side, run] of runs.entries()) if (run.number !== 0) yield turn(side, run, true);
  };
}

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

function expectEveryTurnOnce({ script, updates, outcome }: Awaited<ReturnType<typeof runWholeCall>>): void {
  expect(outcome).toMatchObject({ result: "ended", incompleteReasons: [] });
  const finals = updates.flatMap((update) => (update.type === "contact.turn" && update.final ? [update] : []));
  const newest = new Map(finals.map((turn) => [turn.turnId, turn]));
  const order = (a: { beginMs: number; role: Role }, b: { beginMs: number; role: Role }) =>
    a.beginMs - b.beginMs || a.role.localeCompare(b.role);
  expect([...newest.values()].sort(order).map(({ role, beginMs, endMs, text }) => ({ role, beginMs, endMs, text }))).toEqual(
    [...script]
      .sort(order)
      .map(({ role, number, beginMs, endMs }) => ({ role, beginMs, endMs, text: `${number}:${(endMs - beginMs) * 8}` })),
  );
  const score = updates.findLast((update) => update.type === "contact.sentiment");
  const all = script.map(({ role, number, beginMs, endMs }) => ({
    turnId: String(number),
    role,
    beginMs,
    endMs,
    sentiment: SENTIMENT_LABELS[number % 4] ?? "mixed",
  }));
  expect(score).toMatchObject(scoreContact(all));
}

test("A call of two hours keeps every turn, with every sample, and the score of all turns through thirteen hand-overs.", async () => {
  const handOvers = Array.from({ length: 13 }, () => ({ after: "fragments read" as const, count: 500 }));
  const call = await runWholeCall({ lengthMs: 7_200_000, seed: 1, handOvers, mediaCuts: [], speechFailures: [] });
  expect(call.invocations).toBe(14);
  expectEveryTurnOnce(call);
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
      async (plan) => expectEveryTurnOnce(await runWholeCall(plan)),
    ),
    { numRuns: 15, endOnFailure: true },
  );
}, 300_000);
