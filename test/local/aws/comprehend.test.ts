import { ComprehendClient, DetectSentimentCommand, type LanguageCode } from "@aws-sdk/client-comprehend";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalComprehend, startComprehend } from "../../../local/aws/comprehend.ts";
import { ServiceError } from "../../../local/aws/service.ts";

let comprehend: LocalComprehend;
let client: ComprehendClient;

beforeEach(async () => {
  comprehend = await startComprehend();
  client = new ComprehendClient({
    region: "us-east-1",
    endpoint: comprehend.url,
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
  });
});
afterEach(async () => {
  client.destroy();
  await comprehend.close();
});

const detect = (Text: string, LanguageCode: LanguageCode = "es") =>
  client.send(new DetectSentimentCommand({ Text, LanguageCode }));

test.each([
  ["Ah, perfecto, eso era justo lo que necesitaba.", "es", "POSITIVE"],
  ["Está bien, espero en la línea.", "es", "NEUTRAL"],
  ["This is unacceptable and I am going to file a complaint.", "en", "NEGATIVE"],
  ["The signal is back, but it is painfully slow.", "en", "MIXED"],
  ["Por fin me contestan, llevo cuarenta minutos esperando en la línea.", "en", "NEUTRAL"],
  ["nobody ever wrote this", "en", "NEUTRAL"],
] as const)('DetectSentiment rates "%s" (%s) as %s.', async (text, language, sentiment) => {
  const answer = await detect(text, language);
  expect(answer.Sentiment).toBe(sentiment);
  const scores = Object.values(answer.SentimentScore ?? {});
  expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1);
  expect(Math.max(...scores)).toBe(
    answer.SentimentScore?.[`${sentiment.charAt(0)}${sentiment.slice(1).toLowerCase()}` as "Mixed"],
  );
});

test("DetectSentiment knows a phrase whose personal data is redacted.", async () => {
  expect((await detect("Muy buenas tardes, habla [NAME], es un gusto atenderle.")).Sentiment).toBe("POSITIVE");
});

test("Comprehend refuses long text, empty text and unknown languages, and does not count them.", async () => {
  expect(await detect("x".repeat(5000))).toMatchObject({ Sentiment: "NEUTRAL" });
  await expect(detect("ñ".repeat(2501))).rejects.toMatchObject({ name: "TextSizeLimitExceededException" });
  await expect(detect("")).rejects.toMatchObject({ name: "InvalidRequestException" });
  await expect(detect("hei", "no" as LanguageCode)).rejects.toMatchObject({ name: "UnsupportedLanguageException" });
  expect(comprehend.calls()).toBe(1);
});

test("Comprehend throttles as often as a test orders it.", async () => {
  comprehend.faults.refuse(1, new ServiceError(400, "ThrottlingException", "Rate exceeded"));
  await expect(detect("hola")).rejects.toMatchObject({ name: "ThrottlingException" });
  expect((await detect("hola")).Sentiment).toBe("NEUTRAL");
});
