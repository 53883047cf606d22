/**
 * The services and languages that serve the language a contact asks for. Sources: the table "Supported languages" of Amazon
 * Transcribe, the SDK's CallAnalyticsLanguageCode and LanguageCode, and DetectSentiment of Amazon Comprehend.
 */

/** Languages of real-time Call Analytics, which labels the sentiment of each turn. */
const CALL_ANALYTICS = "de-DE en-AU en-GB en-US es-US fr-CA fr-FR it-IT pt-BR".split(" ");
/** Further languages of standard streaming. The sentiment then comes from Amazon Comprehend. */
const STANDARD = (
  "af-ZA am-ET ar-AE ar-SA be-BY bg-BG bn-IN bs-BA ca-ES ckb-IQ ckb-IR cs-CZ cy-WL da-DK de-CH el-GR en-AB en-IE en-IN en-NZ " +
  "en-WL en-ZA es-ES es-MX et-ET eu-ES fa-AF fa-IR fi-FI gl-ES gu-IN he-IL hi-IN hr-HR ht-HT hu-HU hy-AM id-ID is-IS " +
  "ja-JP jv-ID ka-GE kab-DZ kk-KZ km-KH kn-IN ko-KR lg-IN lt-LT lv-LV mk-MK ml-IN mr-IN ms-MY my-MM ne-NP nl-NL no-NO " +
  "or-IN pa-IN pl-PL ps-AF pt-PT ro-RO ru-RU si-LK sk-SK sl-SI so-SO sq-AL sr-RS su-ID sv-SE sw-BI sw-KE sw-RW sw-TZ sw-UG " +
  "ta-IN te-IN th-TH tl-PH tr-TR uk-UA uz-UZ vi-VN zh-CN zh-HK zh-TW zu-ZA"
).split(" ");
/** The dialect for a language code without a region or with an unknown one. Languages missing here use the first dialect in the lists above. */
const DEFAULT_DIALECT: Readonly<Record<string, string>> = { en: "en-US", fr: "fr-FR", sw: "sw-KE", fa: "fa-IR", ckb: "ckb-IQ" };
/** Languages of DetectSentiment. Turns in other languages stay without a score. */
const COMPREHEND = "ar de en es fr hi it ja ko pt zh".split(" ");
/** Languages with redaction in streams. Transcribe refuses it in any other (BadRequestException). */
const REDACTION = ["en-US", "en-GB", "en-AU", "es-US"];

export interface LanguagePlan {
  service: "call-analytics" | "standard";
  /** The language for Transcribe. With `identify`, the preferred one of them. */
  languageCode: string;
  /** Languages among which Transcribe identifies the spoken one. Empty means `languageCode` without identification. */
  identify: readonly string[];
  /** The language for Comprehend. null when Transcribe labels the turns itself, or no service can. */
  comprehendLanguage: string | null;
  /** Whether Transcribe can redact personal data in all languages of this plan. */
  redaction: boolean;
}

export interface LanguageSettings {
  /** The operator's own choice, from the requested language to the one to use. It wins over the tables. */
  languageMap: Readonly<Record<string, string>>;
  /** Languages to identify among when the contact asks for `auto` or for none. Empty means no identification. */
  identifyAmong: readonly string[];
}

export type LanguageChoice = { ok: true; plan: LanguagePlan } | { ok: false; reason: "language_missing" | "language_unknown" };

/** Returns the plan for the language that a contact asks for (`es-MX`, `es`, `auto`, null). Ignores case, and reads `_` as `-`. */
export function chooseLanguage(asked: string | null, settings: LanguageSettings): LanguageChoice {
  const wanted = normalised(asked ?? "");
  if (wanted === "" || wanted === "auto") {
    const [preferred] = settings.identifyAmong;
    if (preferred === undefined) return { ok: false, reason: wanted === "" ? "language_missing" : "language_unknown" };
    return { ok: true, plan: planFor(preferred, settings.identifyAmong) };
  }
  const override = Object.entries(settings.languageMap).find(([from]) => normalised(from) === wanted)?.[1];
  const code = override === undefined ? defaultLanguage(wanted) : usableLanguage(override);
  return code === null ? { ok: false, reason: "language_unknown" } : { ok: true, plan: planFor(code, []) };
}

/** Returns the language code as Transcribe spells it, or null when Transcribe does not stream that language. */
export function usableLanguage(code: string): string | null {
  const wanted = normalised(code);
  return [...CALL_ANALYTICS, ...STANDARD].find((known) => normalised(known) === wanted) ?? null;
}

/** Returns the code of DetectSentiment for a language of Transcribe, or null when it has none. */
export function comprehendLanguage(code: string): string | null {
  if (code === "zh-TW") return "zh-TW";
  const language = languageOf(normalised(code));
  return COMPREHEND.includes(language) ? language : null;
}

function defaultLanguage(wanted: string): string | null {
  const language = languageOf(wanted);
  // Call Analytics has one Spanish dialect. Its sentiment labels are worth more than the nearer dialect without them. The
  // operator can choose otherwise: {"es-ES": "es-ES"}.
  if (language === "es") return "es-US";
  const exact = usableLanguage(wanted);
  if (exact !== null) return exact;
  return (
    DEFAULT_DIALECT[language] ??
    [...CALL_ANALYTICS, ...STANDARD].find((known) => languageOf(normalised(known)) === language) ??
    null
  );
}

function planFor(languageCode: string, identify: readonly string[]): LanguagePlan {
  const codes = [languageCode, ...identify];
  const analytics = codes.every((code) => CALL_ANALYTICS.includes(code));
  return {
    service: analytics ? "call-analytics" : "standard",
    languageCode,
    identify,
    comprehendLanguage: analytics ? null : comprehendLanguage(languageCode),
    redaction: codes.every((code) => REDACTION.includes(code)),
  };
}

function normalised(code: string): string {
  return code.trim().toLowerCase().replaceAll("_", "-");
}

function languageOf(code: string): string {
  return code.split("-")[0] ?? code;
}
