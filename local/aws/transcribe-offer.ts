/**
 * What the stand-in of Amazon Transcribe serves, as the Developer Guide says it. It was copied row by row from the guide's table
 * "Supported languages and language-specific features", the page "Redacting or identifying PII in a real-time stream" and the page
 * "Real-time Call Analytics" (all as of 2026-11-26), and not from the tables of the functions, so that the two can disagree.
 */

/** Rows of the guide's table with "streaming" in the column "Data input", in the order of the table. */
const STREAMING_ROWS = `
Afrikaans af-ZA
Albanian sq-AL
Amharic am-ET
Arabic ar-AE ar-SA
Armenian hy-AM
Basque eu-ES
Belarusian be-BY
Bengali bn-IN
Bosnian bs-BA
Burmese my-MM
Bulgarian bg-BG
Catalan ca-ES
Kurdish ckb-IR ckb-IQ
Chinese zh-HK zh-CN zh-TW
Croatian hr-HR
Czech cs-CZ
Danish da-DK
Dutch nl-NL
English en-AU en-GB en-IN en-IE en-NZ en-AB en-ZA en-US en-WL
Estonian et-ET
Farsi fa-IR fa-AF
Finnish fi-FI
French fr-FR fr-CA
Galician gl-ES
Georgian ka-GE
German de-DE de-CH
Greek el-GR
Gujarati gu-IN
Haitian ht-HT
Hebrew he-IL
Hindi hi-IN
Hungarian hu-HU
Icelandic is-IS
Indonesian id-ID
Italian it-IT
Japanese ja-JP
Javanese jv-ID
Kabyle kab-DZ
Kannada kn-IN
Kazakh kk-KZ
Khmer km-KH
Korean ko-KR
Latvian lv-LV
Lithuanian lt-LT
Luganda lg-IN
Macedonian mk-MK
Malay ms-MY
Malayalam ml-IN
Marathi mr-IN
Nepali ne-NP
Norwegian no-NO
Odia or-IN
Pashto ps-AF
Polish pl-PL
Portuguese pt-PT pt-BR
Punjabi pa-IN
Romanian ro-RO
Russian ru-RU
Serbian sr-RS
Sinhala si-LK
Slovak sk-SK
Slovenian sl-SI
Somali so-SO
Spanish es-ES es-MX es-US
Sundanese su-ID
Swahili sw-KE sw-BI sw-RW sw-TZ sw-UG
Swedish sv-SE
Tagalog tl-PH
Tamil ta-IN
Telugu te-IN
Thai th-TH
Turkish tr-TR
Ukrainian uk-UA
Uzbek uz-UZ
Vietnamese vi-VN
Welsh cy-WL
Zulu zu-ZA`;

const STREAMED = new Set(
  STREAMING_ROWS.trim()
    .split("\n")
    .flatMap((row) => row.split(" ").slice(1)),
);

/** Rows with "real-time" in the column "Call Analytics". */
const REAL_TIME_ANALYTICS = new Set(["en-AU", "en-GB", "en-US", "fr-FR", "fr-CA", "de-DE", "it-IT", "pt-BR", "es-US"]);

/** The dialects that the redaction page lists, without Canadian English, which the table does not stream. */
const STREAM_REDACTION: Readonly<Record<string, readonly string[]>> = {
  en: ["AB", "AU", "GB", "IE", "IN", "NZ", "US", "WL", "ZA"],
  es: ["US", "ES"],
  fr: ["FR", "CA"],
  pt: ["PT", "BR"],
  it: ["IT"],
  de: ["DE", "CH"],
};

/** The note on the page of real-time Call Analytics. */
const ANALYTICS_REDACTION = new Set(["en-AU", "en-GB", "en-US", "es-US"]);

export function hasLanguage(operation: "call-analytics" | "standard", code: string): boolean {
  return operation === "standard" ? STREAMED.has(code) : REAL_TIME_ANALYTICS.has(code);
}

export function canRedact(operation: "call-analytics" | "standard", code: string): boolean {
  if (operation === "call-analytics") return ANALYTICS_REDACTION.has(code);
  const [language = "", dialect = ""] = code.split("-");
  return STREAM_REDACTION[language]?.includes(dialect) === true;
}
