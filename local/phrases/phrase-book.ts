import { encodePhrase, MAX_PHRASE_NUMBER } from "./dtmf.ts";
import { ENGLISH } from "./english.ts";
import type { PersonalData, Phrase, PhraseLanguage, PhraseSentiment, PhraseStage, Speaker, Topic, TopicLines } from "./phrase.ts";
import { SPANISH } from "./spanish.ts";

/** Speech on the telephone has about 14 characters a second. */
const MS_PER_CHARACTER = 70;
/** The first phrase number of each language. The gap leaves room for new lines. */
const FIRST_NUMBER: Readonly<Record<PhraseLanguage, number>> = { es: 1, en: 501 };

/** All phrases of the simulated calls. */
export const PHRASES: readonly Phrase[] = [...readLines("es", SPANISH), ...readLines("en", ENGLISH)];
const byNumber = new Map(PHRASES.map((phrase) => [phrase.number, phrase]));
const byText = new Map(PHRASES.flatMap((phrase) => [phrase.text, redactedText(phrase)].map((text) => [plain(text), phrase])));

export function phraseByNumber(number: number): Phrase | null {
  return byNumber.get(number) ?? null;
}

/** Finds the phrase by its text, redacted or not. Ignores case and surrounding white space. */
export function phraseByText(text: string): Phrase | null {
  return byText.get(plain(text)) ?? null;
}

/** Returns the phrase as telephone tones (8 kHz, 16-bit), about as long as a person needs to say it. */
export function phraseAudio(phrase: Phrase): Int16Array {
  return encodePhrase(phrase.number, phrase.text.length * MS_PER_CHARACTER);
}

export interface Selection {
  language: PhraseLanguage;
  role?: Speaker;
  stage?: PhraseStage;
  /** A phrase without a topic fits every topic. */
  topic?: Topic;
  sentiment?: PhraseSentiment;
}

/** Returns all phrases that fit, in the order of the book. */
export function selectPhrases(selection: Selection): Phrase[] {
  return PHRASES.filter(
    (phrase) =>
      phrase.language === selection.language &&
      (selection.role === undefined || phrase.role === selection.role) &&
      (selection.stage === undefined || phrase.stage === selection.stage) &&
      (selection.topic === undefined || phrase.topic === null || phrase.topic === selection.topic) &&
      (selection.sentiment === undefined || phrase.sentiment === selection.sentiment),
  );
}

function readLines(language: PhraseLanguage, book: TopicLines): Phrase[] {
  const lines = (["any", "billing", "internet", "delivery", "credit"] as const).flatMap((topic) =>
    book[topic].map((line) => ({ topic: topic === "any" ? null : topic, line })),
  );
  return lines.map(({ topic, line: [role, stage, sentiment, words, category] }, index) => {
    const number = FIRST_NUMBER[language] + index;
    if (number > MAX_PHRASE_NUMBER) throw new RangeError(`The phrase book has no number left for "${words}".`);
    return { number, language, role, stage, topic, sentiment, ...readWords(words), category: category ?? null };
  });
}

function readWords(words: string): { text: string; personalData: PersonalData[] } {
  const personalData: PersonalData[] = [];
  let text = "";
  let last = 0;
  for (const mark of words.matchAll(/\{([A-Z_]+):([^}]+)\}/g)) {
    text += words.slice(last, mark.index);
    const begin = text.length;
    text += mark[2] ?? "";
    personalData.push({ type: mark[1] ?? "", begin, end: text.length });
    last = mark.index + mark[0].length;
  }
  return { text: text + words.slice(last), personalData };
}

/** Returns the text with each piece of personal data as `[TYPE]`. */
export function redactedText({ text, personalData }: Pick<Phrase, "text" | "personalData">): string {
  return personalData
    .toReversed()
    .reduce((rest, { type, begin, end }) => `${rest.slice(0, begin)}[${type}]${rest.slice(end)}`, text);
}

function plain(text: string): string {
  return text.trim().toLowerCase();
}
