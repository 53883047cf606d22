import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
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
  initialContactId: null,
  streamArn: "arn:aws:kinesisvideo:us-east-1:111122223333:stream/x/1",
  startTimestamp: T0,
  startFragment: null,
  language: { service: "call-analytics", languageCode: "en-US", identify: [], comprehendLanguage: null, redaction: true },
  record: false,
  state: null,
};

/** Speech whose every sample is the number of what is said: a lost or doubled sample shows as another length. */
interface Said {
  role: Role;
  number: number;
  beginMs: number;
  endMs: number;
}

function talk(random: () => number, lengthMs: number): Said[] {
  const said: Said[] = [];
  for (const role of ROLES) {
    let at = Math.floor(random() * 3000);
    while (at < lengthMs - 9000) {
      const endMs = at + 400 + Math.floor(random() * 7000);
      said.push({ role, number: 1000 + said.length, beginMs: at, endMs });
      at = endMs + 300 + Math.floor(random() * 9000);
    }
  }
  return said;
}

function soundAt(said: readonly Said[], role: Role, fromMs: number, toMs: number): Int16Array {
  const samples = new Int16Array((toMs - fromMs) * 8);
  for (const one of said) {
    if (one.role !== role || one.endMs <= fromMs || one.beginMs >= toMs) continue;
    samples.fill(one.number, Math.max(0, one.beginMs - fromMs) * 8, Math.min(toMs, one.endMs) * 8 - fromMs * 8);
  }
  return samples;
}

/** The stream of a call that is over: fragments on demand, from a time or behind a fragment, cut where `cutAfter` says. */
function streamOf(said: readonly Said[], lengthMs: number, cutAfter: () => number) {
  const count = Math.ceil(lengthMs / FRAGMENT_MS);
  const numberOf = (index: number) => String(1000 + index).padStart(47, "0");
  return async function* read(start: MediaStart): AsyncGenerator<Uint8Array> {
    const first = start.from === "time" ? 0 : Number(start.after) - 1000 + 1;
    let left = cutAfter();
    for (let index = first; index < count + 1; index += 1, left -= 1) {
      const [fromMs, toMs] = [index * FRAGMENT_MS, (index + 1) * FRAGMENT_MS];
      // As a network would: timers get their turn.
      await setImmediate();
      const audio = {
        contactId: index < count ? JOB.contactId : "somebody-else",
        atMs: T0 + fromMs,
        fromCustomer: soundAt(said, "customer", fromMs, toMs),
        toCustomer: soundAt(said, "agent", fromMs, toMs),
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

/** Says what it hears: one turn for each stretch of the same number, its words being number and length in samples. */
function recogniser(failAfter: () => number) {
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

interface Play {
  lengthMs: number;
  seed: number;
  handoverAfterMs: number;
  mediaCuts: number[];
  speechFailures: number[];
  startFragment?: string;
  /** A connection brings so many fragments and then no more until it is handed over: the number of hand-overs is no matter of speed. */
  holdAfter?: number;
}

/** A stream that cannot be read from a time, as the service refuses it. */
function withoutTimes(read: CallPorts["media"]["readMedia"]): CallPorts["media"]["readMedia"] {
  return async function* refuse(start, signal) {
    if (start.from === "time") throw Object.assign(new Error("no times here"), { name: "InvalidArgumentException" });
    yield* read(start, signal);
  };
}

function held(read: CallPorts["media"]["readMedia"], fragments: number): CallPorts["media"]["readMedia"] {
  return async function* hold(start, signal) {
    let left = fragments;
    for await (const bytes of read(start, signal)) {
      if (left === 0) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      if (signal.aborted) return;
      left -= 1;
      yield bytes;
    }
  };
}

/** Plays a call through as many invocations as it takes. */
async function play(plan: Play) {
  const { lengthMs, seed, handoverAfterMs, mediaCuts, speechFailures, startFragment, holdAfter } = plan;
  const said = talk(seeded(seed), lengthMs);
  const updates: Update[] = [];
  const jobs: unknown[] = [{ ...JOB, startFragment: startFragment ?? null }];
  const next = (list: number[]) => () => list.shift() ?? Number.POSITIVE_INFINITY;
  const read = streamOf(said, lengthMs, next([...mediaCuts]));
  const timed = startFragment === undefined ? read : withoutTimes(read);
  const ports: CallPorts = {
    media: { readMedia: holdAfter === undefined ? timed : held(timed, holdAfter) },
    speech: { transcribe: recogniser(next([...speechFailures])) },
    sentiment: { sentimentOf: async () => null },
    hub: {
      async postUpdates(batch) {
        updates.push(...batch);
        return { watched: [], undelivered: 0 };
      },
    },
    handOver: async (job) => void jobs.push(JSON.parse(JSON.stringify(job))),
    observer: { fragmentRead() {}, audioSent() {}, sessionRestarted() {} },
    recordings: null,
  };
  let hops = 0;
  let largestJob = 0;
  let outcome = null;
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    largestJob = Math.max(largestJob, JSON.stringify(job).length);
    outcome = await runCall(parseTranscriberJob(job), ports, {
      handoverAfterMs,
      maxHandovers: 1000,
      catchUpSpeed: 1_000_000,
      idleMs: 100,
    });
    hops += 1;
  }
  return { said, updates, outcome, hops, largestJob };
}

function expectEverythingOnce({ said, updates, outcome }: Awaited<ReturnType<typeof play>>): void {
  expect(outcome).toMatchObject({ result: "ended", incompleteReasons: [] });
  const finals = updates.flatMap((update) => (update.type === "contact.turn" && update.final ? [update] : []));
  const told = new Map(finals.map((turn) => [turn.turnId, turn]));
  const order = (a: { beginMs: number; role: Role }, b: { beginMs: number; role: Role }) =>
    a.beginMs - b.beginMs || a.role.localeCompare(b.role);
  expect([...told.values()].sort(order).map(({ role, beginMs, endMs, text }) => ({ role, beginMs, endMs, text }))).toEqual(
    [...said]
      .sort(order)
      .map(({ role, number, beginMs, endMs }) => ({ role, beginMs, endMs, text: `${number}:${(endMs - beginMs) * 8}` })),
  );
  const score = updates.findLast((update) => update.type === "contact.sentiment");
  const all = said.map(({ role, number, beginMs, endMs }) => ({
    turnId: String(number),
    role,
    beginMs,
    endMs,
    sentiment: SENTIMENT_LABELS[number % 4] ?? "mixed",
  }));
  expect(score).toMatchObject(scoreContact(all));
}

test("a call of two hours through more than a dozen hand-overs: every turn once, every sample in it, the score of all of them", async () => {
  const handed = await play({
    lengthMs: 7_200_000,
    seed: 1,
    handoverAfterMs: 400,
    mediaCuts: [],
    speechFailures: [],
    holdAfter: 500,
  });
  expect(handed.hops).toBeGreaterThan(12);
  expectEverythingOnce(handed);
  expect(handed.largestJob).toBeLessThan(256 * 1024);
  // Each was told as final once, and never taken back.
  expect(handed.updates.filter((update) => update.type === "contact.turn" && update.final)).toHaveLength(handed.said.length);
}, 300_000);

test("a stream that cannot be read from a time is read behind the fragment that the call began in", async () => {
  const plan = { lengthMs: 30_000, seed: 5, handoverAfterMs: 60_000, mediaCuts: [], speechFailures: [] };
  const { outcome, updates } = await play({ ...plan, startFragment: String(1000).padStart(47, "0") });
  expect(outcome).toMatchObject({ result: "ended", incompleteReasons: [] });
  expect(outcome?.turns).toBeGreaterThan(1);
  expect(updates.at(-1)).toMatchObject({ type: "contact.ended" });
});

test("for any call and any faults of stream and recogniser, handed over at any moment: every turn once, with every sample", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        lengthMs: fc.integer({ min: 20_000, max: 240_000 }),
        seed: fc.integer({ min: 1, max: 1_000_000 }),
        handoverAfterMs: fc.integer({ min: 30, max: 400 }),
        mediaCuts: fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 3 }),
        speechFailures: fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 2 }),
      }),
      async (plan) => expectEverythingOnce(await play(plan)),
    ),
    { numRuns: 15, endOnFailure: true },
  );
}, 300_000);
