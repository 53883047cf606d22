import { expect, test } from "vitest";
import { eventsOfAnalytics, eventsOfTranscript } from "../../aws-ingest/clients/transcribe-events.ts";
import { listIn, samplesOf } from "./samples.ts";

test.each(samplesOf("transcribe"))("The transcriber reads the published result $name.", ({ sample, expected }) => {
  const analytics = "UtteranceEvent" in sample || "CategoryEvent" in sample;
  const events = analytics ? eventsOfAnalytics(Object(sample), true) : eventsOfTranscript(Object(sample), true);
  expect(events).toMatchObject(listIn(expected, "events"));
});

test("A published result with a masked word says when the word was spoken.", () => {
  const final = samplesOf("transcribe").find(({ name }) => name === "utterance-final");
  const [turn] = eventsOfAnalytics(Object(final?.sample), true);
  const spans = turn?.kind === "turn" ? turn.maskedSpans : [];
  // The word and its entity name the same time.
  expect(new Set(spans?.map(({ beginMs, endMs }) => `${beginMs}-${endMs}`))).toEqual(new Set(["20400-20900"]));
});
