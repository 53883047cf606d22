import fc from "fast-check";
import { expect, test } from "vitest";
import { eventsOfAnalytics } from "../../../aws-ingest/clients/transcribe-events.ts";
import { issuesIn } from "../../../aws-ingest/connect/issues.ts";
import { MAX_ISSUES } from "../../../protocol/updates.ts";

const marked = (text: string, begin: number, end: number) =>
  issuesIn(text, [{ begin, end }]).map((issue) => text.slice(issue.begin, issue.end));

test("The samples of the developer guides are read correctly, whether they count from zero or one.", () => {
  expect(marked("Well, I would like to cancel my recipe subscription.", 7, 51)).toEqual([
    "I would like to cancel my recipe subscription",
  ]);
  expect(marked("Wang Xiulan I'm tired of the network issues my phone is having.", 26, 62)).toEqual([
    "the network issues my phone is having",
  ]);
  expect(marked("I will send an email with all the details.", 0, 41)).toEqual(["I will send an email with all the details"]);
  expect(marked("I cannot submit the form and nobody answers.", 9, 24)).toEqual(["submit the form"]);
});

test("Every issue lies within its text and comes once, for any offsets.", () => {
  const number = fc.oneof(fc.integer({ min: -3, max: 60 }), fc.constantFrom(undefined, Number.NaN, 2.5, 1e9));
  const offsets = fc.array(fc.record({ begin: number, end: number }), { maxLength: 40 });
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), offsets, (text, sent) => {
      const issues = issuesIn(text, sent);
      expect(issues.length).toBeLessThanOrEqual(MAX_ISSUES);
      expect(new Set(issues.map(({ begin, end }) => `${begin}-${end}`)).size).toBe(issues.length);
      for (const { begin, end } of issues) {
        expect(begin).toBeGreaterThanOrEqual(0);
        expect(begin).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    }),
  );
});

test("An utterance of Call Analytics keeps its issues that lie within the text.", () => {
  const UtteranceEvent = {
    UtteranceId: "u-1",
    ParticipantRole: "CUSTOMER" as const,
    IsPartial: false,
    Transcript: "I am tired of the network issues.",
    IssuesDetected: [{ CharacterOffsets: { Begin: 14, End: 32 } }, { CharacterOffsets: { Begin: 40, End: 50 } }, {}],
  };
  expect(eventsOfAnalytics({ UtteranceEvent })).toMatchObject([{ issues: [{ begin: 14, end: 32 }] }]);
});
