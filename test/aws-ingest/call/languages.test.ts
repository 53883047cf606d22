import { CallAnalyticsLanguageCode, LanguageCode } from "@aws-sdk/client-transcribe-streaming";
import { expect, test } from "vitest";
import { chooseLanguage } from "../../../aws-ingest/call/languages.ts";

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
    redaction: true,
  });
});

test("A language that Comprehend does not know has no language for sentiment in its plan.", () => {
  expect(chosen("nl-NL")).toMatchObject({ service: "standard", comprehendLanguage: null });
  expect(chosen("zh-TW")).toMatchObject({ comprehendLanguage: "zh-TW" });
});

const MASKED = { ...NONE, redactPii: true };

test.each([
  // The four languages in which Call Analytics masks stay with it.
  ["en-US", "call-analytics", "en-US"],
  ["en-GB", "call-analytics", "en-GB"],
  ["es-MX", "call-analytics", "es-US"],
  ["es-ES", "call-analytics", "es-US"],
  // Standard streaming masks more languages than Call Analytics, so masking decides.
  ["de-DE", "standard", "de-DE"],
  ["de-CH", "standard", "de-CH"],
  ["fr", "standard", "fr-FR"],
  ["fr-CA", "standard", "fr-CA"],
  ["it-IT", "standard", "it-IT"],
  ["pt-BR", "standard", "pt-BR"],
  ["pt-PT", "standard", "pt-PT"],
  ["en-IE", "standard", "en-IE"],
  ["en-NZ", "standard", "en-NZ"],
  ["en-AB", "standard", "en-AB"],
  ["en-ZA", "standard", "en-ZA"],
  ["en-WL", "standard", "en-WL"],
  ["en-IN", "standard", "en-IN"],
])("Where personal data is to be masked, %s is transcribed by %s in %s, which can mask it.", (asked, service, languageCode) => {
  expect(chosen(asked, MASKED)).toMatchObject({ service, languageCode, redaction: true });
});

test("A language that no engine can mask is still transcribed, and its plan says that nothing is masked.", () => {
  expect(chosen("ja-JP", MASKED)).toMatchObject({ service: "standard", languageCode: "ja-JP", redaction: false });
  expect(chosen("es-MX", { ...MASKED, languageMap: { "es-MX": "es-MX" } })).toMatchObject({
    languageCode: "es-MX",
    redaction: false,
  });
});

test("A plan with redaction never identifies the language: the preferred language is transcribed.", () => {
  const settings = { ...MASKED, identifyAmong: ["es-ES", "en-US"] };
  expect(chosen("auto", settings)).toMatchObject({
    service: "call-analytics",
    languageCode: "es-US",
    identify: [],
    redaction: true,
  });
  expect(chosen(null, { ...settings, identifyAmong: ["fr-CA", "en-US"] })).toMatchObject({
    service: "standard",
    languageCode: "fr-CA",
    identify: [],
  });
});

test.each([
  ["en-US", { "en-US": "standard" }, false, "standard", "en-US"],
  ["en-US", { en: "standard" }, false, "standard", "en-US"],
  ["de-DE", { "*": "standard", "de-DE": "call-analytics" }, false, "call-analytics", "de-DE"],
  ["es-MX", { "es-MX": "standard" }, false, "standard", "es-MX"],
  ["es-MX", { "es-US": "standard" }, false, "standard", "es-MX"],
  // es-MX cannot be masked, and es-US can.
  ["es-MX", { "es-MX": "standard" }, true, "standard", "es-US"],
  ["es-CO", { es: "standard" }, true, "standard", "es-US"],
  ["ja-JP", { "*": "call-analytics" }, false, "standard", "ja-JP"],
  // Masking is worth more than the operator's engine.
  ["it-IT", { "it-IT": "call-analytics" }, true, "standard", "it-IT"],
] as const)(
  "For %s with the engines %j and masking %s the plan is %s in %s.",
  (asked, engines, redactPii, service, languageCode) => {
    expect(chosen(asked, { ...NONE, engines, redactPii })).toMatchObject({ service, languageCode });
  },
);

test("A Region without Call Analytics, or without a dialect, gets a plan that it can serve.", () => {
  expect(chosen("en-US", { ...NONE, region: "us-gov-west-1" })).toMatchObject({ service: "standard", comprehendLanguage: "en" });
  expect(chosen("es-MX", { ...NONE, region: "us-gov-west-1" })).toMatchObject({ service: "standard", languageCode: "es-MX" });
  expect(chosen("es-MX", { ...MASKED, region: "us-gov-west-1" })).toMatchObject({ service: "standard", languageCode: "es-US" });
  const tokyo = { ...NONE, region: "ap-northeast-1", engines: { "*": "standard" } } as const;
  expect(chosen("es-MX", tokyo)).toMatchObject({ service: "standard", languageCode: "es-US" });
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
  for (const asked of ["tlh", "xx-XX", "??", "auto", "constructor", "__proto__"]) expect(chosen(asked)).toBe("language_unknown");
  expect(chosen("es-MX", { ...NONE, languageMap: { "es-MX": "es-XX" } })).toBe("language_unknown");
});
