import {
  isCallAnalyticsLanguage,
  isRedactable,
  isStreamedIn,
  normalisedCode,
  type SpeechEngine,
  STREAMED_LANGUAGES,
  usableLanguage,
} from "../transcribe/languages.ts";
import { mayHaveCallAnalytics } from "../transcribe/regions.ts";

/** The dialect for a language code without a region or with an unknown one. Languages missing here use the first dialect of the table. */
const DEFAULT_DIALECT: ReadonlyMap<string, string> = new Map([
  ["en", "en-US"],
  ["fr", "fr-FR"],
  ["sw", "sw-KE"],
  ["fa", "fa-IR"],
  ["ckb", "ckb-IQ"],
]);
/** The Spanish of Call Analytics. */
const ANALYSED_SPANISH = "es-US";
/** Languages of Amazon Comprehend's DetectSentiment (SDK, 2026-11). Turns in other languages stay without a score. */
const COMPREHEND = "ar de en es fr hi it ja ko pt zh".split(" ");

export interface LanguagePlan {
  service: SpeechEngine;
  /** The language for Transcribe. With `identify`, the preferred one of them. */
  languageCode: string;
  /** Languages among which Transcribe identifies the spoken one. Empty means `languageCode` without identification. */
  identify: readonly string[];
  /** The language for Comprehend. null when Transcribe labels the turns itself, or no service can. */
  comprehendLanguage: string | null;
  /** Whether Transcribe can mask personal data with this plan. */
  redaction: boolean;
}

export interface LanguageSettings {
  /** The operator's own choice, from the requested language to the one to use. It wins over the tables. */
  languageMap: Readonly<Record<string, string>>;
  /** Languages to identify among when the contact asks for `auto` or for none. Empty means no identification. */
  identifyAmong: readonly string[];
  /** The operator's engine by language: a requested code, the code in use, a language without region, or `*`. Absent = none. */
  engines?: Readonly<Record<string, SpeechEngine>>;
  /** The operator wants personal data masked, so a plan that can mask wins over one that cannot. Absent = not wanted. */
  redactPii?: boolean;
  /** The Region of Transcribe. Without one, the plan assumes that it has every engine. */
  region?: string | null;
}

export type LanguageChoice = { ok: true; plan: LanguagePlan } | { ok: false; reason: "language_missing" | "language_unknown" };

/** One way to transcribe a contact. */
interface Candidate {
  engine: SpeechEngine;
  code: string;
}

/** Returns the plan for the language that a contact asks for (`es-MX`, `es`, `auto`, null). Ignores case, and reads `_` as `-`. */
export function chooseLanguage(asked: string | null, settings: LanguageSettings): LanguageChoice {
  const wanted = normalisedCode(asked ?? "");
  if (wanted === "" || wanted === "auto") {
    const [preferred] = settings.identifyAmong;
    if (preferred === undefined) return { ok: false, reason: wanted === "" ? "language_missing" : "language_unknown" };
    // Transcribe refuses identification together with redaction (API reference, IdentifyLanguage). Redaction wins.
    if (settings.redactPii === true) return { ok: true, plan: bestPlan(preferred, candidatesFor(preferred), settings) };
    return { ok: true, plan: identifyingPlan(preferred, settings) };
  }
  const mapped = Object.entries(settings.languageMap).find(([from]) => normalisedCode(from) === wanted)?.[1];
  const code = mapped === undefined ? null : usableLanguage(mapped);
  const candidates = mapped === undefined ? candidatesFor(wanted) : code === null ? [] : bothEngines(code);
  if (candidates.length === 0) return { ok: false, reason: "language_unknown" };
  return { ok: true, plan: bestPlan(wanted, candidates, settings) };
}

/** Returns the code of DetectSentiment for a language of Transcribe, or null when it has none. */
export function comprehendLanguage(code: string): string | null {
  if (code === "zh-TW") return "zh-TW";
  const language = languageOf(normalisedCode(code));
  return COMPREHEND.includes(language) ? language : null;
}

/** Returns the ways to transcribe a language without the operator's map, the best first. Empty when Transcribe has none. */
function candidatesFor(asked: string): Candidate[] {
  const language = languageOf(normalisedCode(asked));
  const exact = usableLanguage(asked);
  if (language === "es") {
    // Call Analytics has one Spanish dialect. Its sentiment labels are worth more than the nearer dialect without them.
    const own: Candidate[] = exact === null || exact === ANALYSED_SPANISH ? [] : [{ engine: "standard", code: exact }];
    return [{ engine: "call-analytics", code: ANALYSED_SPANISH }, ...own, { engine: "standard", code: ANALYSED_SPANISH }];
  }
  const code =
    exact ??
    DEFAULT_DIALECT.get(language) ??
    STREAMED_LANGUAGES.find((known) => languageOf(normalisedCode(known)) === language) ??
    null;
  return code === null ? [] : bothEngines(code);
}

function bothEngines(code: string): Candidate[] {
  const standard: Candidate = { engine: "standard", code };
  return isCallAnalyticsLanguage(code) ? [{ engine: "call-analytics", code }, standard] : [standard];
}

/** Chooses among the candidates: first what the Region has, then the operator's engine, and above both what can be masked. */
function bestPlan(asked: string, candidates: readonly Candidate[], settings: LanguageSettings): LanguagePlan {
  const region = settings.region ?? null;
  const inRegion = candidates.filter(({ engine, code }) =>
    engine === "standard" ? isStreamedIn(code, region) : region === null || mayHaveCallAnalytics(region),
  );
  const possible = inRegion.length > 0 ? inRegion : candidates;
  const isChosen = ({ engine, code }: Candidate) => {
    const chosen = engineFor([asked, code], settings.engines ?? {});
    return chosen === null || chosen === engine;
  };
  const ordered = [...possible.filter(isChosen), ...possible.filter((candidate) => !isChosen(candidate))];
  const maskable = settings.redactPii === true ? ordered.find(({ engine, code }) => isRedactable(code, engine)) : undefined;
  const best = maskable ?? ordered[0];
  if (best === undefined) throw new RangeError("bestPlan: there is no candidate");
  return {
    service: best.engine,
    languageCode: best.code,
    identify: [],
    comprehendLanguage: best.engine === "call-analytics" ? null : comprehendLanguage(best.code),
    redaction: isRedactable(best.code, best.engine),
  };
}

function identifyingPlan(preferred: string, { identifyAmong, engines = {}, region = null }: LanguageSettings): LanguagePlan {
  const analytics =
    identifyAmong.every(isCallAnalyticsLanguage) &&
    (region === null || mayHaveCallAnalytics(region)) &&
    engineFor([preferred], engines) !== "standard";
  return {
    service: analytics ? "call-analytics" : "standard",
    languageCode: preferred,
    identify: identifyAmong,
    comprehendLanguage: analytics ? null : comprehendLanguage(preferred),
    redaction: false,
  };
}

/** Returns the operator's engine for these codes: the exact codes first, then the bare language, then `*`. */
function engineFor(codes: readonly string[], engines: Readonly<Record<string, SpeechEngine>>): SpeechEngine | null {
  const wanted = codes.map(normalisedCode);
  const keys = [...wanted, ...wanted.map(languageOf), "*"];
  for (const key of keys) {
    const found = Object.entries(engines).find(([name]) => normalisedCode(name) === key);
    if (found !== undefined) return found[1];
  }
  return null;
}

function languageOf(code: string): string {
  return code.split("-")[0] ?? code;
}
