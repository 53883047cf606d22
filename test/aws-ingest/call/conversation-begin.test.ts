import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runCall } from "../../../aws-ingest/call/call-pipeline.ts";
import type { AgentJoin, CallPorts } from "../../../aws-ingest/call/call-ports.ts";
import { parseTranscriberJob } from "../../../aws-ingest/call/transcriber-job.ts";
import type { ContactTurn, Update } from "../../../protocol/updates.ts";
import { seeded } from "../../support/call-sound.ts";
import {
  expectEveryTurnOnce,
  JOB,
  type ScriptedTurn,
  speechService,
  streamOf,
  T0,
  writeScript,
} from "../../support/scripted-call.ts";

// Waits between two questions are short here.
beforeAll(() => void vi.spyOn(Math, "random").mockReturnValue(0.01));
afterAll(() => void vi.restoreAllMocks());

const never = () => Number.POSITIVE_INFINITY;
const later = (script: readonly ScriptedTurn[], ms: number) =>
  script.map((turn) => ({ ...turn, beginMs: turn.beginMs + ms, endMs: turn.endMs + ms }));
/** What the caller hears while nobody is there: prompts on the agent's side. Their numbers are those of no turn. */
const prompts = (untilMs: number): ScriptedTurn[] => {
  const beginnings = Array.from({ length: Math.floor(untilMs / 4000) }, (_, index) => index * 4000);
  return beginnings.map((beginMs) => ({ role: "agent", number: 500, beginMs, endMs: beginMs + 2500 }));
};

/** Runs a call that is over. `answers` are Amazon Connect's answers in order; the last one stays. */
async function runWith(
  script: readonly ScriptedTurn[],
  lengthMs: number,
  answers: readonly AgentJoin[] | null,
  { state = null, handOverAtOnce = 0 }: { state?: unknown; handOverAtOnce?: number } = {},
) {
  const updates: Update[] = [];
  const left = [...(answers ?? [])];
  const asked: AgentJoin[] = [];
  let sessions = 0;
  const transcribe = speechService(never);
  const states: unknown[] = [state];
  let outcome: Awaited<ReturnType<typeof runCall>> | null = null;
  for (let runs = 0; states.length > 0; runs += 1) {
    const time = new AbortController();
    const askJoined = async () => {
      if (runs < handOverAtOnce) time.abort();
      const answer = (left.length > 1 ? left.shift() : left[0]) ?? { kind: "unavailable" };
      asked.push(answer);
      return answer;
    };
    const ports: CallPorts = {
      media: { readMedia: streamOf(script, lengthMs, never) },
      speech: {
        transcribe(request) {
          sessions += 1;
          return transcribe(request);
        },
      },
      sentiment: { sentimentOf: async () => null },
      hub: {
        async postUpdates(batch) {
          updates.push(...batch);
          return { watched: [], undelivered: 0 };
        },
      },
      handOver: async (next) => void states.push(JSON.parse(JSON.stringify(next.state))),
      observer: { fragmentRead() {}, audioSent() {}, sessionRestarted() {} },
      recordings: null,
      agents: answers === null ? null : { askJoined },
    };
    const job = parseTranscriberJob({ ...JOB, state: states.shift() });
    const settings = { timeToHandOver: time.signal, maxHandovers: 9, catchUpSpeed: 1_000_000, idleMs: 100 };
    outcome = await runCall(job, ports, settings);
  }
  return { updates, outcome, asked, sessions };
}

const LENGTH = 60_000;
const conversation = writeScript(seeded(3), LENGTH);
const joined = (ms: number): AgentJoin => ({ kind: "joined", atMs: T0 + ms });
const waiting: AgentJoin = { kind: "waiting" };
const turnsOf = (updates: readonly Update[]) =>
  updates.flatMap((update): ContactTurn[] => (update.type === "contact.turn" && update.final ? [update] : []));

test.each([10_000, 31_234, 200_000])("TRF-7 A wait of %d ms with prompts changes neither turns nor score.", async (waitMs) => {
  const script = [...prompts(waitMs), ...later(conversation, waitMs)];
  const { updates, outcome } = await runWith(script, waitMs + LENGTH, [waiting, joined(waitMs)]);
  expect(outcome).toMatchObject({ result: "ended", incompleteReasons: [] });
  expectEveryTurnOnce(conversation, updates);
  const score = (all: readonly Update[]) => all.findLast((update) => update.type === "contact.sentiment");
  const { occurredAt: _, ...shown } = score(updates) ?? { occurredAt: 0 };
  expect(score((await runWith(conversation, LENGTH, null)).updates)).toMatchObject(shown);
});

test("TRF-7 A turn keeps the time at which it was spoken as its `occurredAt`.", async () => {
  const [first] = conversation;
  const { updates } = await runWith(later(conversation, 20_000), 20_000 + LENGTH, [joined(20_000)]);
  const beginnings = turnsOf(updates).map(({ occurredAt, endMs }) => occurredAt - endMs);
  expect(first).toBeDefined();
  expect(new Set(beginnings)).toEqual(new Set([T0 + 20_000]));
});

test("TRF-7 A call that ends without an agent has no turns, and no transcription is paid.", async () => {
  const { updates, outcome, sessions } = await runWith(prompts(90_000), 90_000, [waiting]);
  expect(outcome).toMatchObject({ result: "ended", turns: 0, agentJoined: false, incompleteReasons: [] });
  expect(sessions).toBe(0);
  expect(updates.map(({ type }) => type)).toContain("contact.ended");
  expect(turnsOf(updates)).toEqual([]);
});

test("TRF-7 An agent who joins shortly before the end is heard, although the question comes after it.", async () => {
  const { updates, asked } = await runWith(later(conversation, 15_000), 15_000 + LENGTH, [waiting, joined(15_000)]);
  expect(asked).toHaveLength(2);
  expectEveryTurnOnce(conversation, updates);
});

test.each<[string, AgentJoin[] | null]>([
  ["nobody can say when an agent joined", [{ kind: "unavailable" }]],
  ["no port says so", null],
  ["the agent joined before the stream began", [joined(-8000)]],
])("TRF-8 The conversation begins with the audio when %s.", async (_, answers) => {
  expectEveryTurnOnce(conversation, (await runWith(conversation, LENGTH, answers)).updates);
});

test("TRF-8 A question that gets no answer for a moment is asked again.", async () => {
  const script = [...prompts(12_000), ...later(conversation, 12_000)];
  const { updates } = await runWith(script, 12_000 + LENGTH, [{ kind: "later" }, { kind: "later" }, joined(12_000)]);
  expectEveryTurnOnce(conversation, updates);
});

test("TRF-8 A call whose end nobody answers for is transcribed from its first sound.", async () => {
  const { updates, outcome } = await runWith(conversation, 20_000, [{ kind: "later" }]);
  expect(outcome).toMatchObject({ result: "ended" });
  expect(turnsOf(updates).length).toBeGreaterThan(0);
});

test("TRF-7 The wait and the begin of the conversation outlast hand-overs.", async () => {
  const script = [...prompts(70_000), ...later(conversation, 70_000)];
  const answers = [waiting, waiting, joined(70_000)];
  const { updates, outcome } = await runWith(script, 70_000 + LENGTH, answers, { handOverAtOnce: 2 });
  expect(outcome).toMatchObject({ result: "ended", incompleteReasons: [] });
  expectEveryTurnOnce(conversation, updates);
});

test("A state of a version that counted from the first audio goes on counting from there, without a question.", async () => {
  const state = {
    handoverCount: 1,
    t0Ms: T0,
    transcribedUntil: { customer: 0, agent: 0 },
    afterFragment: null,
    lateSamples: 0,
    pendingTurns: [],
    turns: [],
    categories: [],
    newestSentiment: 0,
    recording: null,
    transcript: null,
    incompleteReasons: [],
  };
  const { updates, asked } = await runWith(conversation, LENGTH, [joined(30_000)], { state });
  expect(asked).toEqual([]);
  expectEveryTurnOnce(conversation, updates);
});
