/**
 * What Amazon Transcribe streams, by language. Plain data with questions about it, for the functions and for the checks of a
 * deployment. The stand-in in `local/` keeps its own copy, so that an error in one of the two shows in the tests.
 *
 * Sources, Amazon Transcribe Developer Guide, read on 2026-11-26: "Supported languages and language-specific features"
 * (supported-languages), "Redacting or identifying PII in a real-time stream" (pii-redaction-stream), "Real-time Call Analytics"
 * (call-analytics-streaming). The guide names en-CA for redaction, but neither its table nor the SDK streams that dialect.
 */

/** The two streaming operations: StartCallAnalyticsStreamTranscription and StartStreamTranscription. */
export type SpeechEngine = "call-analytics" | "standard";

const list = (codes: string): readonly string[] => codes.split(/\s+/);

/** Languages of real-time Call Analytics, which labels the sentiment of each turn. Standard streaming has them too. */
const CALL_ANALYTICS = list("de-DE en-AU en-GB en-US es-US fr-CA fr-FR it-IT pt-BR");

/** Further languages of standard streaming, in every Region of the service. The sentiment then comes from Amazon Comprehend. */
const STANDARD = list(`af-ZA ar-AE ar-SA ca-ES cs-CZ da-DK de-CH el-GR en-AB en-IE en-IN en-NZ en-WL en-ZA es-ES eu-ES fa-IR fi-FI
  gl-ES he-IL hi-IN hr-HR id-ID ja-JP ko-KR lv-LV ms-MY nl-NL no-NO pl-PL pt-PT ro-RO ru-RU sk-SK so-SO sr-RS sv-SE th-TH tl-PH
  uk-UA vi-VN zh-CN zh-HK zh-TW zu-ZA`);

/** Languages of standard streaming that {@link REGIONS_WITH_FEWER_LANGUAGES} do not have. */
const STANDARD_IN_MOST_REGIONS = list(`am-ET be-BY bg-BG bn-IN bs-BA ckb-IQ ckb-IR cy-WL es-MX et-ET fa-AF gu-IN ht-HT hu-HU hy-AM
  is-IS jv-ID ka-GE kab-DZ kk-KZ km-KH kn-IN lg-IN lt-LT mk-MK ml-IN mr-IN my-MM ne-NP or-IN pa-IN ps-AF si-LK sl-SI sq-AL su-ID
  sw-BI sw-KE sw-RW sw-TZ sw-UG ta-IN te-IN tr-TR uz-UZ`);
const REGIONS_WITH_FEWER_LANGUAGES = list("af-south-1 ap-northeast-1 ap-southeast-5 ap-southeast-7 cn-northwest-1");

/** Languages in which a stream may have its personal data masked. The page of Call Analytics names fewer than the table. */
const REDACTION: Readonly<Record<SpeechEngine, readonly string[]>> = {
  "call-analytics": list("en-AU en-GB en-US es-US"),
  standard: list("de-CH de-DE en-AB en-AU en-GB en-IE en-IN en-NZ en-US en-WL en-ZA es-ES es-US fr-CA fr-FR it-IT pt-BR pt-PT"),
};

/** Every language code that Transcribe streams. */
export const STREAMED_LANGUAGES: readonly string[] = [...CALL_ANALYTICS, ...STANDARD, ...STANDARD_IN_MOST_REGIONS];

/** Returns the language code as Transcribe spells it, or null when Transcribe does not stream it. Ignores case, reads `_` as `-`. */
export function usableLanguage(code: string): string | null {
  const wanted = normalisedCode(code);
  return STREAMED_LANGUAGES.find((known) => normalisedCode(known) === wanted) ?? null;
}

/** Whether Transcribe streams some dialect of a language without a region, such as `es`. */
export function isStreamedLanguage(language: string): boolean {
  return STREAMED_LANGUAGES.some((code) => code.startsWith(`${language}-`));
}

/** Whether real-time Call Analytics has the language, spelt as Transcribe spells it. */
export function isCallAnalyticsLanguage(code: string): boolean {
  return CALL_ANALYTICS.includes(code);
}

/** Whether Transcribe streams the language in the Region. Without a Region: in any. */
export function isStreamedIn(code: string, region: string | null): boolean {
  if (!STREAMED_LANGUAGES.includes(code)) return false;
  return region === null || !REGIONS_WITH_FEWER_LANGUAGES.includes(region) || !STANDARD_IN_MOST_REGIONS.includes(code);
}

/** Whether the engine can mask personal data in streams of the language. */
export function isRedactable(code: string, engine: SpeechEngine): boolean {
  return REDACTION[engine].includes(code);
}

/** Returns the code in lower case, with dashes and without spaces around it, for comparisons. */
export function normalisedCode(code: string): string {
  return code.trim().toLowerCase().replaceAll("_", "-");
}
