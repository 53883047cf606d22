import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SENTIMENT_ARCS, type SentimentArc, writeCall } from "../../../local/phrases/call-script.ts";
import { PhraseDecoder } from "../../../local/phrases/dtmf.ts";
import { PHRASES, phraseAudio, phraseByNumber, phraseByText, selectPhrases } from "../../../local/phrases/phrase-book.ts";

const topics = ["billing", "internet", "delivery", "credit"] as const;
const languages = ["es", "en"] as const;

describe("The phrase book", () => {
  test.each(languages)("has at least 80 phrases in %s, and both roles have talk of every topic and sentiment.", (language) => {
    expect(selectPhrases({ language }).length).toBeGreaterThanOrEqual(80);
    for (const topic of topics) {
      for (const role of ["customer", "agent"] as const) {
        for (const sentiment of ["positive", "neutral", "negative", "mixed"] as const) {
          expect(selectPhrases({ language, topic, role, sentiment, stage: "talk" })).not.toHaveLength(0);
        }
      }
    }
  });

  test("finds each phrase by its number and by its text, and nothing for others.", () => {
    for (const phrase of PHRASES) {
      expect(phraseByNumber(phrase.number)).toBe(phrase);
      expect(phraseByText(`  ${phrase.text.toUpperCase()}`)).toBe(phrase);
    }
    expect(phraseByNumber(499)).toBeNull();
    expect(phraseByText("nobody says this")).toBeNull();
  });

  test("marks personal data by position and has no braces in its texts.", () => {
    const phrase = phraseByText("Hi, this is Susan Keller, I am calling about my account.");
    const [name] = phrase?.personalData ?? [];
    expect(name?.type).toBe("NAME");
    expect(phrase?.text.slice(name?.begin, name?.end)).toBe("Susan Keller");
    expect(phraseByText("Hi, this is [NAME], I am calling about my account.")).toBe(phrase);
    expect(PHRASES.filter((entry) => /[{}]/.test(entry.text))).toEqual([]);
  });

  test("has audio of 1.8 s to 6 s for each phrase, from which the decoder finds the phrase.", () => {
    for (const phrase of PHRASES) {
      const audio = phraseAudio(phrase);
      expect(audio.length / 8).toBeGreaterThanOrEqual(1800);
      expect(audio.length / 8).toBeLessThan(6000);
      expect(new PhraseDecoder().decodeSamples(audio).at(-1)).toMatchObject({ type: "phrase", number: phrase.number });
    }
  });
});

describe("A written call", () => {
  const value = { positive: 1, neutral: 0, mixed: 0, negative: -1 };
  const sentiment = (arc: SentimentArc, half: "first" | "second"): number => {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    let sum = 0;
    for (let round = 0; round < 60; round += 1) {
      const call = writeCall({ language: "es", topic: "billing", arc, turns: 16, random });
      const customer = call.filter((phrase) => phrase.role === "customer");
      const middle = customer.length / 2;
      const part = half === "first" ? customer.slice(0, middle) : customer.slice(middle);
      sum += part.reduce((total, phrase) => total + value[phrase.sentiment], 0) / part.length;
    }
    return sum / 60;
  };

  test("follows its sentiment arc.", () => {
    expect(sentiment("improving", "second")).toBeGreaterThan(sentiment("improving", "first") + 0.5);
    expect(sentiment("worsening", "second")).toBeLessThan(sentiment("worsening", "first") - 0.5);
    expect(Math.abs(sentiment("flat", "second"))).toBeLessThan(0.4);
    expect(sentiment("stormy", "first")).toBeLessThan(-0.6);
    expect(sentiment("pleasant", "second")).toBeGreaterThan(0.4);
    expect(sentiment("rescued", "second")).toBeGreaterThan(sentiment("rescued", "first"));
  });

  test("alternates the speakers, keeps topic and language, and is the same for the same random numbers.", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...languages),
        fc.constantFrom(...topics),
        fc.constantFrom(...SENTIMENT_ARCS),
        fc.integer({ min: 6, max: 40 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (language, topic, arc, turns, chance) => {
          const call = writeCall({ language, topic, arc, turns, random: () => chance });
          expect(call).toHaveLength(turns);
          expect(call).toEqual(writeCall({ language, topic, arc, turns, random: () => chance }));
          call.forEach((phrase, index) => {
            expect(phrase.role).toBe(index % 2 === 0 ? "agent" : "customer");
            expect(phrase.language).toBe(language);
            expect([null, topic]).toContain(phrase.topic);
          });
          expect(call[0]?.stage).toBe("greeting");
          expect(call.at(-1)?.stage).toBe("closing");
        },
      ),
      { numRuns: 40 },
    );
  });
});
