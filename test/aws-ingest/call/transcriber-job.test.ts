import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseTranscriberJob } from "../../../aws-ingest/call/transcriber-job.ts";

/** A hand-over of a recorded call, serialised by version 0.1.0 between two cut-off turns. Never edit it: it stands for jobs in flight. */
const EARLIER = fileURLToPath(new URL("handover-of-0.1.json", import.meta.url));

test("A hand-over of version 0.1.0 is read with today's names, and no value changes.", () => {
  const earlier = JSON.parse(readFileSync(EARLIER, "utf8"));
  const { state, ...job } = parseTranscriberJob(earlier);
  expect(job).toEqual({ ...earlier, state: undefined });
  expect(state).toEqual({
    handoverCount: 1,
    t0Ms: 1_790_000_000_000,
    transcribedUntil: { customer: 198_700, agent: 202_776 },
    afterFragment: "00000000000000000000000000000000000000000001159",
    joinAt: [null, null],
    lateSamples: 8192,
    pendingTurns: [
      { turnId: "customer-199000", role: "customer", beginMs: 199_000, endMs: 203_776 },
      { turnId: "agent-203500", role: "agent", beginMs: 203_500, endMs: 203_776 },
    ],
    turns: earlier.state.turns,
    categories: ["greeting"],
    newestSentiment: 1_790_000_103_000,
    recording: { uploadId: "upload-1", parts: [[2, '"tag-2"']], nextFrame: 1_312_000, broken: false },
    transcript: earlier.state.transcript,
    incompleteReasons: ["late_audio"],
  });
});

test("A job that has today's names comes through parsing and JSON unchanged.", () => {
  const job = parseTranscriberJob(JSON.parse(readFileSync(EARLIER, "utf8")));
  expect(parseTranscriberJob(JSON.parse(JSON.stringify(job)))).toEqual(job);
});

test.each([
  ["contactId", { contactId: "" }],
  ["state.t0Ms", { state: { hop: 1 } }],
  ["state.handoverCount", { state: { hop: -1 } }],
])("A job whose %s is wrong is refused with that place.", (place, wrong) => {
  const job = JSON.parse(readFileSync(EARLIER, "utf8"));
  expect(() => parseTranscriberJob({ ...job, ...wrong })).toThrow(place);
});
