import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { selectPhrases } from "../../../local/phrases/phrase-book.ts";
import { AnalysedCall, type AnalysisRecord } from "../../../local/simulator/analysed-call.ts";
import type { Call } from "../../../local/simulator/call.ts";
import type { CallPlan } from "../../../local/simulator/call-plan.ts";
import { hireAgents } from "../../../local/simulator/staff.ts";
import { read } from "../../support/lens-records.ts";

const HOME = { accountId: "111122223333", region: "us-east-1", instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99" };
const CONNECTED = 1_714_363_532_120;
const [agent] = hireAgents(1);
if (agent === undefined) throw new Error("The simulated staff is empty.");

const CALL: Call = {
  contactId: randomUUID(),
  kind: "pstn",
  languageCode: "es-MX",
  customerNumber: "+15555550100",
  recorded: false,
  queue: agent.team.queues[0],
  arc: "flat",
};
const phrases = selectPhrases({ language: "es" });
const greeting = phrases.find(({ role, stage }) => role === "agent" && stage === "greeting");
const issue = phrases.find(({ role, stage, category }) => role === "customer" && stage === "issue" && category !== null);
const named = phrases.find(({ personalData }) => personalData.length > 0);
if (greeting === undefined || issue === undefined || named === undefined) throw new Error("The phrase book lacks a phrase.");
const PLAN: CallPlan = {
  utterances: [
    { phrase: greeting, beginMs: 500 },
    { phrase: issue, beginMs: 10_000 },
    { phrase: named, beginMs: 30_000 },
  ],
  holds: [],
  durationMs: 50_000,
};

function play(untilMs: number): { records: AnalysisRecord[]; call: AnalysedCall } {
  const records: AnalysisRecord[] = [];
  const call = new AnalysedCall(HOME, CALL, (record) => records.push(record));
  call.writeDue(CONNECTED - 5_000);
  call.connectAgent(CONNECTED, PLAN);
  for (let now = CONNECTED; now <= CONNECTED + untilMs; now += 100) call.writeDue(now);
  call.writeEnd(CONNECTED + untilMs);
  return { records, call };
}
const segmentsOf = (records: readonly AnalysisRecord[]) => records.flatMap((record) => read({ ...record }).Segments ?? []);

test("An analysed call begins when the agent answers, and its times count from there.", () => {
  const { records, call } = play(50_000);
  expect(records.map(({ EventType }) => EventType).filter((type) => type !== "SEGMENTS")).toEqual(["STARTED", "COMPLETED"]);
  expect(records[0]?.EventType).toBe("STARTED");
  const turns = segmentsOf(records).flatMap(({ Transcript }) => Transcript ?? []);
  expect(turns.map(({ BeginOffsetMillis }) => BeginOffsetMillis)).toEqual([500, 10_000, 30_000]);
  expect(call.writtenUtterances().map(({ phrase }) => phrase)).toEqual([greeting, issue, named]);
});

test("An analysed call has no personal data, in its turns and in their pieces.", () => {
  const { text, personalData } = named;
  const written = JSON.stringify(play(50_000).records);
  for (const { begin, end, type } of personalData) {
    expect(written).not.toContain(text.slice(begin, end));
    expect(written).toContain(`[${type}]`);
  }
});

test("The pieces of a turn come before it and have all its words.", () => {
  const segments = segmentsOf(play(50_000).records);
  for (const { Transcript: turn } of segments) {
    if (!turn) continue;
    const before = segments.slice(
      0,
      segments.findIndex(({ Transcript }) => Transcript === turn),
    );
    const pieces = before.flatMap(({ Utterance }) => (Utterance?.TranscriptId === turn.Id ? [Utterance.PartialContent] : []));
    expect(pieces.join(" ")).toBe(turn.Content);
  }
});

test("The customer's problem is marked as an issue, and its category follows.", () => {
  const segments = segmentsOf(play(50_000).records);
  const turn = segments.find(({ Transcript }) => Transcript?.BeginOffsetMillis === 10_000)?.Transcript;
  expect(turn?.IssuesDetected).toEqual([{ CharacterOffsets: { BeginOffsetChar: 0, EndOffsetChar: turn?.Content.length } }]);
  expect(segments.flatMap(({ Categories }) => Categories?.MatchedCategories ?? [])).toContain(issue.category);
});

test("A call that ends in the middle of a phrase has only the turns that were said to their end.", () => {
  const { records, call } = play(10_300);
  expect(segmentsOf(records).flatMap(({ Transcript }) => Transcript ?? [])).toHaveLength(1);
  expect(call.writtenUtterances()).toMatchObject([{ phrase: greeting, beginMs: 500 }]);
});

test("A call that nobody answered is never analysed.", () => {
  const records: AnalysisRecord[] = [];
  const call = new AnalysedCall(HOME, CALL, (record) => records.push(record));
  call.writeDue(CONNECTED);
  call.writeEnd(CONNECTED + 1_000);
  expect(records).toEqual([]);
});
