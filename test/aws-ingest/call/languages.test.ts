import { CallAnalyticsLanguageCode, LanguageCode } from "@aws-sdk/client-transcribe-streaming";
import { expect, test } from "vitest";
import { chooseLanguage, usableLanguage } from "../../../aws-ingest/call/languages.ts";

const NONE = { languageMap: {}, identifyAmong: [] };

function chosen(asked: string | null, settings: Parameters<typeof chooseLanguage>[1] = NONE) {
  const choice = chooseLanguage(asked, settings);
  return choice.ok ? choice.plan : choice.reason;
}

test("Call Analytics serves its nine languages as they are.", () => {
  for (const code of Object.values(CallAnalyticsLanguageCode)) {
    expect(chosen(code)).toMatchObject({ service: "call-analytics", languageCode: code, comprehendLanguage: null, identify: [] });
  }
});

test("Standard streaming serves every other streaming language, except Spanish, as it is.", () => {
  const analytics: readonly string[] = Object.values(CallAnalyticsLanguageCode);
  const others = Object.values(LanguageCode).filter((code) => !analytics.includes(code) && !code.startsWith("es-"));
  expect(others.length).toBeGreaterThan(80);
  for (const code of others) expect(chosen(code)).toMatchObject({ service: "standard", languageCode: code });
});

test.each([
  ["es-MX", "es-US"],
  ["es-ES", "es-US"],
  ["es", "es-US"],
  ["es_CO", "es-US"],
  ["ES-419", "es-US"],
  ["en", "en-US"],
  ["en-CA", "en-US"],
  ["en-gb", "en-GB"],
  ["pt", "pt-BR"],
  ["pt-PT", "pt-PT"],
  ["fr", "fr-FR"],
  ["de", "de-DE"],
  ["ja", "ja-JP"],
  ["zh", "zh-CN"],
])("A contact that asks for %s is transcribed in %s.", (asked, used) => {
  expect(chosen(asked)).toMatchObject({ languageCode: used });
});

test("The operator's own choice wins, also with a language that Call Analytics does not have.", () => {
  expect(chosen("es-ES", { languageMap: { "es-es": "es-ES" }, identifyAmong: [] })).toEqual({
    service: "standard",
    languageCode: "es-ES",
    identify: [],
    comprehendLanguage: "es",
    redaction: false,
  });
});

test("A language that Comprehend does not know has no language for sentiment in its plan.", () => {
  expect(chosen("nl-NL")).toMatchObject({ service: "standard", comprehendLanguage: null });
  expect(chosen("zh-TW")).toMatchObject({ comprehendLanguage: "zh-TW" });
});

test("A plan has redaction only if every language of the plan has it.", () => {
  expect(chosen("es-MX")).toMatchObject({ redaction: true });
  expect(chosen("de-DE")).toMatchObject({ redaction: false });
  expect(chosen("auto", { languageMap: {}, identifyAmong: ["es-US", "fr-CA"] })).toMatchObject({ redaction: false });
});

test("A contact that asks for auto or for no language is served if the operator gave languages to identify among.", () => {
  const settings = { languageMap: {}, identifyAmong: ["es-US", "en-US"] };
  const plan = { service: "call-analytics", languageCode: "es-US", identify: ["es-US", "en-US"] };
  expect(chosen(null, settings)).toMatchObject(plan);
  expect(chosen("auto", settings)).toMatchObject(plan);
  expect(chosen("auto", { languageMap: {}, identifyAmong: ["es-US", "nl-NL"] })).toMatchObject({ service: "standard" });
  expect(chosen(null)).toBe("language_missing");
});

test("An unknown language is refused.", () => {
  for (const asked of ["tlh", "xx-XX", "??", "auto"]) expect(chosen(asked)).toBe("language_unknown");
  expect(usableLanguage("es-XX")).toBeNull();
});
