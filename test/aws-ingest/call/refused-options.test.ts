import { expect, test } from "vitest";
import type { LanguagePlan } from "../../../aws-ingest/call/languages.ts";
import { planWithout, RefusedOptions } from "../../../aws-ingest/call/refused-options.ts";
import { SpeechFailure, type SpeechOption } from "../../../aws-ingest/call/speech.ts";

/** Plays a service that refuses these options. Returns what each session left out, and the options that were given up. */
function negotiate(asked: readonly SpeechOption[], refuses: readonly SpeechOption[], known: readonly SpeechOption[] = []) {
  const options = new RefusedOptions(known);
  const sessions: string[] = [];
  for (;;) {
    const { without } = options;
    sessions.push([...without].join(" "));
    const used = asked.filter((option) => !without.has(option));
    if (!used.some((option) => refuses.includes(option)))
      return { sessions, news: options.noteAccepted(), dropped: options.dropped };
    if (!options.noteRejected(new SpeechFailure("rejected", "BadRequestException", used)))
      return { sessions, news: null, dropped: [] };
  }
}

const ALL: SpeechOption[] = ["vocabulary", "call-analytics", "identification", "vocabulary-filter", "redaction"];

test.each(ALL)("When the service refuses %s, only that option is given up, and it is named once.", (option) => {
  const { news, dropped } = negotiate(ALL, [option]);
  expect([news, dropped]).toEqual([[option], [option]]);
});

test("A refusal is believed when it comes twice, and then the suspected option is left out first.", () => {
  expect(negotiate(["redaction", "vocabulary", "call-analytics"], ["redaction"]).sessions).toEqual(["", "", "redaction"]);
});

test("A service that refuses several options gets a session without any of them.", () => {
  const { sessions, news } = negotiate(["vocabulary", "call-analytics", "redaction"], ["vocabulary", "redaction"]);
  expect(sessions).toEqual(["", "", "vocabulary", "call-analytics", "redaction", "vocabulary call-analytics redaction"]);
  expect(news).toEqual(["vocabulary", "call-analytics", "redaction"]);
});

test("A service that refuses the session itself is given up after all options were left out.", () => {
  const options = new RefusedOptions([]);
  const failure = new SpeechFailure("rejected", "AccessDeniedException", ["vocabulary", "redaction"]);
  const answers = Array.from({ length: 5 }, () => options.noteRejected(failure));
  expect(answers).toEqual([true, true, true, true, false]);
});

test("A request without options is repeated once and then given up.", () => {
  const options = new RefusedOptions([]);
  const failure = new SpeechFailure("rejected", "BadRequestException");
  expect([options.noteRejected(failure), options.noteRejected(failure)]).toEqual([true, false]);
});

test("What an earlier invocation found refused stays left out, and is no news.", () => {
  expect(negotiate(ALL, ["vocabulary"], ["vocabulary"])).toEqual({ sessions: ["vocabulary"], news: [], dropped: ["vocabulary"] });
  expect(negotiate(ALL, ["vocabulary", "call-analytics"], ["vocabulary"]).news).toEqual(["call-analytics"]);
});

test("A plan without Call Analytics uses standard streaming, and one without identification its preferred language.", () => {
  const plan: LanguagePlan = {
    ...{ service: "call-analytics", languageCode: "es-US", identify: ["es-US", "en-US"] },
    ...{ comprehendLanguage: null, redaction: false },
  };
  expect(planWithout(plan, new Set(["call-analytics", "identification"]))).toMatchObject({ service: "standard", identify: [] });
  expect(planWithout(plan, new Set())).toEqual(plan);
});

test("A plan that falls back to an engine that masks the language asks for masking, also in a job of an earlier version.", () => {
  const plan: LanguagePlan = {
    ...{ service: "call-analytics", languageCode: "de-DE", identify: [], comprehendLanguage: null, redaction: false },
  };
  expect(planWithout(plan, new Set())).toMatchObject({ service: "call-analytics", redaction: false });
  expect(planWithout(plan, new Set(["call-analytics"]))).toMatchObject({ service: "standard", redaction: true });
  expect(planWithout({ ...plan, service: "standard", languageCode: "es-ES" }, new Set())).toMatchObject({ redaction: true });
});
