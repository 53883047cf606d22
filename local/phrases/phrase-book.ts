import { encodePhrase, MAX_PHRASE_NUMBER } from "./dtmf.ts";
import { ENGLISH } from "./english.ts";
import type { PersonalData, Phrase, PhraseLanguage, PhraseSentiment, PhraseStage, Speaker, Topic, TopicLines } from "./phrase.ts";
import { SPANISH } from "./spanish.ts";

/** What people say in the simulated calls, in the words of the two languages the demo speaks. */

/** Speech on the telephone has about 14 characters a second. */
const MS_PER_CHARACTER = 70;
/** Numbers of one language begin here; the room between is for new lines. */
const FIRST_NUMBER: Readonly<Record<PhraseLanguage, number>> = { es: 1, en: 501 };

export const PHRASES: readonly Phrase[] = [...readLines("es", SPANISH), ...readLines("en", ENGLISH)];
const byNumber = new Map(PHRASES.map((phrase) => [phrase.number, phrase]));
const byText = new Map(PHRASES.flatMap((phrase) => [phrase.text, redacted(phrase)].map((text) => [plain(text), phrase])));

export function phraseByNumber(number: number): Phrase | null {
  return byNumber.get(number) ?? null;
}

/** The phrase with these words, redacted or not; case and surrounding white space do not matter. */
export function phraseByText(text: string): Phrase | null {
  return byText.get(plain(text)) ?? null;
}

/** The phrase's audio: 8 kHz, 16-bit, about as long as a person would take to say it. */
export function phraseAudio(phrase: Phrase): Int16Array {
  return encodePhrase(phrase.number, phrase.text.length * MS_PER_CHARACTER);
}

export interface Selection {
  language: PhraseLanguage;
  role?: Speaker;
  stage?: PhraseStage;
  /** Includes the phrases that fit any topic. */
  topic?: Topic;
  sentiment?: PhraseSentiment;
}

/** All phrases that fit, in the order of the book. */
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
    if (number > MAX_PHRASE_NUMBER) throw new RangeError(`the phrase book has no number left for "${words}"`);
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

function redacted({ text, personalData }: Pick<Phrase, "text" | "personalData">): string {
  return personalData
    .toReversed()
    .reduce((rest, { type, begin, end }) => `${rest.slice(0, begin)}[${type}]${rest.slice(end)}`, text);
}

function plain(text: string): string {
  return text.trim().toLowerCase();
}
