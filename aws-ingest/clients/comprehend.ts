import {
  ComprehendClient,
  DetectSentimentCommand,
  type LanguageCode,
  LanguageCode as Languages,
} from "@aws-sdk/client-comprehend";
import type { SentimentLabel } from "../../protocol/updates.ts";

/** DetectSentiment takes 5,000 bytes of UTF-8. Of a longer turn only the beginning is sent. */
const MAX_BYTES = 5000;
const REQUEST_TIMEOUT_MS = 3000;

const SENTIMENT_LABELS: Readonly<Record<string, SentimentLabel>> = {
  POSITIVE: "positive",
  NEUTRAL: "neutral",
  NEGATIVE: "negative",
  MIXED: "mixed",
};

export interface Comprehend {
  /**
   * Returns the sentiment of a text, or null for a language that Comprehend does not know.
   * @param language ISO 639-1 code, such as `es`
   * @throws the SDK's error after its own retries
   */
  sentimentOf(text: string, language: string): Promise<SentimentLabel | null>;
  close(): void;
}

/** Opens Amazon Comprehend, for the turns that Transcribe returns without a sentiment. */
export function openComprehend(): Comprehend {
  const client = new ComprehendClient({
    maxAttempts: 4,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  return {
    async sentimentOf(text, language) {
      const code: LanguageCode | undefined = Object.values(Languages).find((known) => known === language);
      if (code === undefined) return null;
      const { Sentiment } = await client.send(new DetectSentimentCommand({ Text: beginningOf(text), LanguageCode: code }));
      return SENTIMENT_LABELS[Sentiment ?? ""] ?? null;
    },
    close: () => client.destroy(),
  };
}

/** Returns as much of the text as fits, without a broken character at the end. */
function beginningOf(text: string): string {
  if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(text).subarray(0, MAX_BYTES)).replace(/\uFFFD+$/, "");
}
