import { CallAnalyticsLanguageCode, LanguageCode } from "@aws-sdk/client-transcribe-streaming";
import { expect, test } from "vitest";
import {
  isCallAnalyticsLanguage,
  isRedactable,
  isStreamedIn,
  STREAMED_LANGUAGES,
  usableLanguage,
} from "../../../aws-ingest/transcribe/languages.ts";
import { isRedactionRegion, mayHaveCallAnalytics } from "../../../aws-ingest/transcribe/regions.ts";

test("The table has exactly the streaming languages of the SDK, each once.", () => {
  expect([...STREAMED_LANGUAGES].sort()).toEqual(Object.values(LanguageCode).sort());
  expect(STREAMED_LANGUAGES.filter(isCallAnalyticsLanguage).sort()).toEqual(Object.values(CallAnalyticsLanguageCode).sort());
});

test("Standard streaming masks personal data in 18 languages, and Call Analytics in four of them.", () => {
  const masked = (engine: "standard" | "call-analytics") =>
    STREAMED_LANGUAGES.filter((code) => isRedactable(code, engine)).sort();
  expect(masked("standard")).toEqual([
    ...["de-CH", "de-DE", "en-AB", "en-AU", "en-GB", "en-IE", "en-IN", "en-NZ", "en-US", "en-WL", "en-ZA", "es-ES", "es-US"],
    ...["fr-CA", "fr-FR", "it-IT", "pt-BR", "pt-PT"],
  ]);
  expect(masked("call-analytics")).toEqual(["en-AU", "en-GB", "en-US", "es-US"]);
});

test("Mexican Spanish is streamed in Virginia and not in Tokyo, and American Spanish in both.", () => {
  const places = ["us-east-1", "ap-northeast-1", null];
  expect(places.map((region) => isStreamedIn("es-MX", region))).toEqual([true, false, true]);
  expect(places.map((region) => isStreamedIn("es-US", region))).toEqual([true, true, true]);
  expect(isStreamedIn("es-XX", null)).toBe(false);
});

test("GovCloud and China have no Call Analytics, and the commercial Regions may have it.", () => {
  expect(["us-gov-west-1", "us-gov-east-1", "cn-north-1", "us-iso-east-1"].filter(mayHaveCallAnalytics)).toEqual([]);
  expect(["us-east-1", "eu-central-1", "ap-southeast-1"].filter(mayHaveCallAnalytics)).toHaveLength(3);
});

test("AWS lists ten Regions for redaction in streams, and Singapore is none of them.", () => {
  expect(["us-east-1", "eu-west-2", "ap-southeast-1", "us-gov-west-1"].filter(isRedactionRegion)).toEqual([
    "us-east-1",
    "eu-west-2",
  ]);
});

test("A usable language is found in any spelling, and an unknown one is not.", () => {
  expect([" ES_mx", "en-us", "es-XX", ""].map(usableLanguage)).toEqual(["es-MX", "en-US", null, null]);
});
