export type PhraseLanguage = "es" | "en";
export type Speaker = "customer" | "agent";
export type PhraseSentiment = "positive" | "neutral" | "negative" | "mixed";
export type Topic = "billing" | "internet" | "delivery" | "credit";
/** The part of a call in which a phrase belongs. */
export type PhraseStage = "greeting" | "issue" | "talk" | "closing";

/** Personal data in a phrase's text, with UTF-16 offsets. `type` is Amazon Transcribe's name for it (NAME, PHONE, …). */
export interface PersonalData {
  type: string;
  begin: number;
  end: number;
}

export interface Phrase {
  number: number;
  language: PhraseLanguage;
  role: Speaker;
  stage: PhraseStage;
  /** null = the phrase fits every topic. */
  topic: Topic | null;
  sentiment: PhraseSentiment;
  text: string;
  /** The call-analytics category that this phrase matches. */
  category: string | null;
  personalData: readonly PersonalData[];
}

/**
 * One line of the book. The words have personal data as `{TYPE:words}`. The category is the call-analytics category that
 * the phrase matches.
 */
export type PhraseLine = readonly [
  role: Speaker,
  stage: PhraseStage,
  sentiment: PhraseSentiment,
  words: string,
  category?: string,
];
export type TopicLines = Readonly<Record<Topic | "any", readonly PhraseLine[]>>;
