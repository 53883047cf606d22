import { expect, test } from "vitest";
import { isCallAnalyticsLanguage, isRedactable, STREAMED_LANGUAGES } from "../../../aws-ingest/transcribe/languages.ts";
import { canRedact, hasLanguage } from "../../../local/aws/transcribe-offer.ts";

const ENGINES = ["standard", "call-analytics"] as const;
const UNKNOWN = ["en-CA", "es-XX", "xx-YY", "rw-RW"];

test("The stand-in's copy of the guide and the functions' table say the same of every language.", () => {
  const codes = [...STREAMED_LANGUAGES, ...UNKNOWN];
  for (const engine of ENGINES) {
    const functions = codes.map((code) => ({
      code,
      language: engine === "standard" ? STREAMED_LANGUAGES.includes(code) : isCallAnalyticsLanguage(code),
      redaction: isRedactable(code, engine),
    }));
    expect(codes.map((code) => ({ code, language: hasLanguage(engine, code), redaction: canRedact(engine, code) }))).toEqual(
      functions,
    );
  }
});
