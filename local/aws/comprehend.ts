import * as v from "valibot";
import type { PhraseSentiment } from "../phrases/phrase.ts";
import { phraseByText } from "../phrases/phrase-book.ts";
import { readInput, startJsonService } from "./json-service.ts";
import { type LocalService, ServiceError } from "./service.ts";

/** Amazon Comprehend on loopback. DetectSentiment knows the sentiment of each phrase of the book. Other text is neutral. */
export interface LocalComprehend extends LocalService {
  /** How many requests were answered. */
  calls(): number;
}

/** 5 KB of UTF-8 (API reference, DetectSentiment). */
const MAX_TEXT_BYTES = 5000;
const LANGUAGES = ["ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "pt", "zh", "zh-TW"];

const detectSchema = v.object({
  Text: v.pipe(v.string(), v.minLength(1)),
  LanguageCode: v.string(),
});

export async function startComprehend(): Promise<LocalComprehend> {
  let calls = 0;
  const detectSentiment = (input: unknown): object => {
    const { Text, LanguageCode } = readInput(detectSchema, input, "InvalidRequestException");
    if (!LANGUAGES.includes(LanguageCode)) {
      throw new ServiceError(400, "UnsupportedLanguageException", `The language ${LanguageCode} is not supported.`);
    }
    const bytes = Buffer.byteLength(Text);
    if (bytes > MAX_TEXT_BYTES) {
      const message = `Input text size exceeds limit. Max length of request text allowed is ${MAX_TEXT_BYTES} bytes while in this request the text size is ${bytes} bytes`;
      throw new ServiceError(400, "TextSizeLimitExceededException", message);
    }
    calls += 1;
    const phrase = phraseByText(Text);
    const sentiment = phrase !== null && LanguageCode === phrase.language ? phrase.sentiment : "neutral";
    return { Sentiment: sentiment.toUpperCase(), SentimentScore: scores(sentiment) };
  };
  const service = await startJsonService({ DetectSentiment: detectSentiment });
  return { ...service, calls: () => calls };
}

/** Returns four shares that add up to one. The sentiment itself has the largest. */
function scores(sentiment: PhraseSentiment): Record<string, number> {
  const share = (of: PhraseSentiment): number => (of === sentiment ? 0.91 : 0.03);
  return {
    Positive: share("positive"),
    Negative: share("negative"),
    Neutral: share("neutral"),
    Mixed: share("mixed"),
  };
}
