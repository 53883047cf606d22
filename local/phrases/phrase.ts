export type PhraseLanguage = "es" | "en";
export type Speaker = "customer" | "agent";
export type PhraseSentiment = "positive" | "neutral" | "negative" | "mixed";
export type Topic = "billing" | "internet" | "delivery" | "credit";
/** Where in a call a phrase belongs. */
export type PhraseStage = "greeting" | "issue" | "talk" | "closing";

/** Something personal in a phrase's text, by UTF-16 offsets; `type` as Amazon Transcribe names it (NAME, PHONE, …). */
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
  /** null: fits a call about anything. */
  topic: Topic | null;
  sentiment: PhraseSentiment;
  text: string;
  /** The call-analytics category that this phrase matches. */
  category: string | null;
  personalData: readonly PersonalData[];
}

/**
 * One line as it is written down: who, where in the call, how it feels, the words (personal data as `{TYPE:words}`) and
 * the category it matches, if any.
 */
export type PhraseLine = readonly [
  role: Speaker,
  stage: PhraseStage,
  sentiment: PhraseSentiment,
  words: string,
  category?: string,
];
export type TopicLines = Readonly<Record<Topic | "any", readonly PhraseLine[]>>;
