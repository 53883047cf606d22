import { isCallAnalyticsLanguage, isStreamedIn, STREAMED_LANGUAGES, usableLanguage } from "../aws-ingest/transcribe/languages.ts";
import { mayHaveCallAnalytics } from "../aws-ingest/transcribe/regions.ts";
import type { DeploymentSettings, Instance } from "./settings.ts";

/**
 * Returns what Amazon Transcribe would refuse at each call: languages that it does not stream, or not in this Region, and engines
 * that it does not have. The functions read the same data (`aws-ingest/transcribe/`).
 * @param place the place of these settings in the file, such as `instances[0]`
 */
export function languageProblems(
  { languages, vocabularies, vocabularyFilters }: DeploymentSettings,
  { region }: Pick<Instance, "region">,
  place: string,
): string[] {
  const problems: string[] = [];
  const dialect = (at: string, code: string) => {
    const problem = dialectProblem(code, region);
    if (problem !== null) problems.push(`${place}.${at} names ${code}, which ${problem}`);
  };
  const wholeLanguage = (at: string, code: string) => {
    if (code !== "*" && dialectsOf(code, region).length === 0) problems.push(`${place}.${at}: ${notStreamed(code, region)}`);
  };
  // A contact's language needs only a dialect near it, and the map may name one.
  if (languages.map[languages.default] === undefined) wholeLanguage("languages.default", languages.default);
  for (const [asked, code] of Object.entries(languages.map)) dialect(`languages.map.${asked}`, code);
  for (const [index, code] of languages.identify.entries()) dialect(`languages.identify[${index}]`, code);
  const repeated = languages.identify.find(
    (code, index) => languages.identify.findIndex((one) => sameLanguage(one, code)) < index,
  );
  if (repeated !== undefined) {
    problems.push(
      `${place}.languages.identify names two dialects of ${languageOf(repeated)}. Amazon Transcribe takes one of each language: remove one.`,
    );
  }
  for (const [code, engine] of Object.entries(languages.engines)) {
    wholeLanguage(`languages.engines.${code}`, code);
    if (engine === "call-analytics") problems.push(...engineProblem(code, region, `${place}.languages.engines.${code}`));
  }
  for (const [setting, names] of Object.entries({ vocabularies, vocabularyFilters })) {
    for (const code of Object.keys(names)) {
      // A vocabulary belongs to the dialect that is transcribed, or to a language as a whole.
      if (code.includes("-")) dialect(`${setting}.${code}`, code);
      else wholeLanguage(`${setting}.${code}`, code);
    }
  }
  return problems;
}

function dialectProblem(code: string, region: string): string | null {
  if (usableLanguage(code) !== code) return `Amazon Transcribe does not stream. ${advice(code, region)}`;
  return isStreamedIn(code, region) ? null : `Amazon Transcribe does not stream in ${region}. ${advice(code, region)}`;
}

function notStreamed(code: string, region: string): string {
  return `Amazon Transcribe streams no dialect of ${code} in ${region}. Set it to a language of docs/connect.md.`;
}

/** Names the dialects of the same language, which the operator probably meant. */
function advice(code: string, region: string): string {
  const near = dialectsOf(code, region);
  return near.length === 0 ? "Set it to a language of docs/connect.md." : `Set it to one of: ${near.join(", ")}.`;
}

function engineProblem(code: string, region: string, at: string): string[] {
  if (!mayHaveCallAnalytics(region)) {
    return [`${at}: ${region} has no Call Analytics. Set it to standard, or remove it.`];
  }
  if (code === "*" || dialectsOf(code, region).some(isCallAnalyticsLanguage)) return [];
  return dialectsOf(code, region).length === 0
    ? []
    : [`${at}: Call Analytics has no ${languageOf(code)}. Set it to standard, or remove it.`];
}

function dialectsOf(code: string, region: string): string[] {
  return STREAMED_LANGUAGES.filter((known) => sameLanguage(known, code) && isStreamedIn(known, region));
}

const languageOf = (code: string) => code.split("-")[0] ?? code;
const sameLanguage = (one: string, other: string) => languageOf(one) === languageOf(other);
