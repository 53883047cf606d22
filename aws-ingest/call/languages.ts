/**
 * Which recogniser and which language serve the language a contact asks for. Sources: the language tables of Amazon
 * Transcribe ("Supported languages"), the SDK's CallAnalyticsLanguageCode and LanguageCode, and Comprehend's
 * DetectSentiment.
 */

/** Real-time Call Analytics knows these, with sentiment per turn. */
const CALL_ANALYTICS = "de-DE en-AU en-GB en-US es-US fr-CA fr-FR it-IT pt-BR".split(" ");
/** Standard streaming knows these as well; sentiment then comes from Comprehend. */
const STANDARD = (
  "af-ZA am-ET ar-AE ar-SA be-BY bg-BG bn-IN bs-BA ca-ES ckb-IQ ckb-IR cs-CZ cy-WL da-DK de-CH el-GR en-AB en-IE en-IN en-NZ " +
  "en-WL en-ZA es-ES es-MX et-ET eu-ES fa-AF fa-IR fi-FI gl-ES gu-IN he-IL hi-IN hr-HR ht-HT hu-HU hy-AM id-ID is-IS " +
  "ja-JP jv-ID ka-GE kab-DZ kk-KZ km-KH kn-IN ko-KR lg-IN lt-LT lv-LV mk-MK ml-IN mr-IN ms-MY my-MM ne-NP nl-NL no-NO " +
  "or-IN pa-IN pl-PL ps-AF pt-PT ro-RO ru-RU si-LK sk-SK sl-SI so-SO sq-AL sr-RS su-ID sv-SE sw-BI sw-KE sw-RW sw-TZ sw-UG " +
  "ta-IN te-IN th-TH tl-PH tr-TR uk-UA uz-UZ vi-VN zh-CN zh-HK zh-TW zu-ZA"
).split(" ");
/** Where a bare language, or a dialect nobody knows, goes when the first of its dialects in the lists is not the best guess. */
const DEFAULT_DIALECT: Readonly<Record<string, string>> = { en: "en-US", fr: "fr-FR", sw: "sw-KE", fa: "fa-IR", ckb: "ckb-IQ" };
/** Comprehend's DetectSentiment; a language without it leaves its turns unscored. */
const COMPREHEND = "ar de en es fr hi it ja ko pt zh".split(" ");
/** Redaction in streams; asking for it in any other language is refused by Transcribe (BadRequestException). */
const REDACTION = ["en-US", "en-GB", "en-AU", "es-US"];

export interface LanguagePlan {
  service: "call-analytics" | "standard";
  /** What Transcribe is told; with `identify`, the preferred one of them. */
  languageCode: string;
  /** Languages to choose from by listening; empty = `languageCode` it is. */
  identify: readonly string[];
  /** What Comprehend is told; null = the recogniser labels the turns itself, or nobody can. */
  comprehendLanguage: string | null;
  /** Whether Transcribe can redact personal data in all languages of this plan. */
  redaction: boolean;
}

export interface LanguageSettings {
  /** The operator's own choice: asked language -> language to use. Wins over the tables. */
  languageMap: Readonly<Record<string, string>>;
  /** Languages to choose from when the contact asks for `auto` or for none; empty = no identification. */
  identifyAmong: readonly string[];
}

export type LanguageChoice = { ok: true; plan: LanguagePlan } | { ok: false; reason: "language_missing" | "language_unknown" };

/** Chooses for what a contact asks (`es-MX`, `es`, `auto`, null). Case and `_` for `-` do not matter. */
export function chooseLanguage(asked: string | null, settings: LanguageSettings): LanguageChoice {
  const wanted = tidy(asked ?? "");
  if (wanted === "" || wanted === "auto") {
    const [preferred] = settings.identifyAmong;
    if (preferred === undefined) return { ok: false, reason: wanted === "" ? "language_missing" : "language_unknown" };
    return { ok: true, plan: planFor(preferred, settings.identifyAmong) };
  }
  const override = Object.entries(settings.languageMap).find(([from]) => tidy(from) === wanted)?.[1];
  const code = override === undefined ? defaultLanguage(wanted) : usableLanguage(override);
  return code === null ? { ok: false, reason: "language_unknown" } : { ok: true, plan: planFor(code, []) };
}

/** The language code as Transcribe spells it, or null when it does not stream that language. */
export function usableLanguage(code: string): string | null {
  const wanted = tidy(code);
  return [...CALL_ANALYTICS, ...STANDARD].find((known) => tidy(known) === wanted) ?? null;
}

/** What DetectSentiment is told for a Transcribe language, or null when it does not know it. */
export function comprehendLanguage(code: string): string | null {
  if (code === "zh-TW") return "zh-TW";
  const language = languageOf(tidy(code));
  return COMPREHEND.includes(language) ? language : null;
}

function defaultLanguage(wanted: string): string | null {
  const language = languageOf(wanted);
  // Every Spanish is heard by Call Analytics' only Spanish: turns with sentiment beat the nearer dialect without. The
  // operator can choose otherwise: {"es-ES": "es-ES"}.
  if (language === "es") return "es-US";
  const exact = usableLanguage(wanted);
  if (exact !== null) return exact;
  return (
    DEFAULT_DIALECT[language] ?? [...CALL_ANALYTICS, ...STANDARD].find((known) => languageOf(tidy(known)) === language) ?? null
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

function tidy(code: string): string {
  return code.trim().toLowerCase().replaceAll("_", "-");
}

function languageOf(code: string): string {
  return code.split("-")[0] ?? code;
}
