import { CallAnalyticsLanguageCode, LanguageCode } from "@aws-sdk/client-transcribe-streaming";
import { expect, test } from "vitest";
import { chooseLanguage, usableLanguage } from "../../../aws-ingest/call/languages.ts";

const NONE = { languageMap: {}, identifyAmong: [] };

function chosen(asked: string | null, settings: Parameters<typeof chooseLanguage>[1] = NONE) {
  const choice = chooseLanguage(asked, settings);
  return choice.ok ? choice.plan : choice.reason;
}

test("the nine languages of Call Analytics are heard by it, as they are", () => {
  for (const code of Object.values(CallAnalyticsLanguageCode)) {
    expect(chosen(code)).toMatchObject({ service: "call-analytics", languageCode: code, comprehendLanguage: null, identify: [] });
  }
});

test("every other streaming language but Spanish is heard by standard streaming, as it is", () => {
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
])("who asks for %s is heard in %s", (asked, used) => {
  expect(chosen(asked)).toMatchObject({ languageCode: used });
});

test("the operator's own choice wins, and may be a language without Call Analytics", () => {
  expect(chosen("es-ES", { languageMap: { "es-es": "es-ES" }, identifyAmong: [] })).toEqual({
    service: "standard",
    languageCode: "es-ES",
    identify: [],
    comprehendLanguage: "es",
    redaction: false,
  });
});

test("a language that Comprehend does not know is transcribed without sentiment", () => {
  expect(chosen("nl-NL")).toMatchObject({ service: "standard", comprehendLanguage: null });
  expect(chosen("zh-TW")).toMatchObject({ comprehendLanguage: "zh-TW" });
});

test("redaction is asked for only where every language of the plan has it", () => {
  expect(chosen("es-MX")).toMatchObject({ redaction: true });
  expect(chosen("de-DE")).toMatchObject({ redaction: false });
  expect(chosen("auto", { languageMap: {}, identifyAmong: ["es-US", "fr-CA"] })).toMatchObject({ redaction: false });
});

test("a contact that asks for none, or for auto, is listened to if the operator gave languages to choose from", () => {
  const settings = { languageMap: {}, identifyAmong: ["es-US", "en-US"] };
  const plan = { service: "call-analytics", languageCode: "es-US", identify: ["es-US", "en-US"] };
  expect(chosen(null, settings)).toMatchObject(plan);
  expect(chosen("auto", settings)).toMatchObject(plan);
  expect(chosen("auto", { languageMap: {}, identifyAmong: ["es-US", "nl-NL"] })).toMatchObject({ service: "standard" });
  expect(chosen(null)).toBe("language_missing");
});

test("an unknown language is refused", () => {
  for (const asked of ["tlh", "xx-XX", "??", "auto"]) expect(chosen(asked)).toBe("language_unknown");
  expect(usableLanguage("es-XX")).toBeNull();
});
