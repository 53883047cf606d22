import fc from "fast-check";
import { expect, test } from "vitest";
import type { TranscribeRequest } from "../../../local/aws/transcribe-request.ts";
import { type TranscribedUtterance, TranscribeSession } from "../../../local/aws/transcribe-session.ts";
import type { Phrase } from "../../../local/phrases/phrase.ts";
import { phraseAudio, selectPhrases } from "../../../local/phrases/phrase-book.ts";

const request: TranscribeRequest = {
  operation: "call-analytics",
  sessionId: "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9",
  sampleRate: 8000,
  languages: ["es-US"],
  identifyLanguage: false,
  channels: 2,
  personalData: null,
  partialStability: false,
  vocabularies: [],
  vocabularyFilters: [],
};

function listen(channels: readonly [Int16Array, Int16Array], cuts: readonly number[]): TranscribedUtterance[] {
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `utterance-${ids}`;
  };
  const session = new TranscribeSession({ request, roles: ["customer", "agent"], newId });
  const results: TranscribedUtterance[] = [];
  const length = Math.max(...channels.map((channel) => channel.length));
  const part = (from: number, to: number) =>
    channels.map((channel) => {
      const samples = new Int16Array(Math.max(0, Math.min(to, length) - from));
      samples.set(channel.subarray(from, to));
      return samples;
    });
  let at = 0;
  for (const cut of cuts) {
    results.push(...session.receiveAudio(part(at, at + cut)));
    at = Math.min(length, at + cut);
  }
  results.push(...session.receiveAudio(part(at, length)), ...session.endAudio());
  return results;
}

const phrase = fc.constantFrom(...selectPhrases({ language: "es" }));
const line = fc.array(fc.tuple(fc.integer({ min: 400, max: 6000 }), phrase), { maxLength: 3 });

function lay(phrases: readonly (readonly [number, Phrase])[]): Int16Array {
  const parts = phrases.flatMap(([silence, said]) => [new Int16Array(silence), phraseAudio(said)]);
  const audio = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    audio.set(part, at);
    at += part.length;
  }
  return audio;
}

test("A session finds the same phrases at the same times for all chunk sizes, and partial results grow into the final one.", () => {
  fc.assert(
    fc.property(line, line, fc.array(fc.integer({ min: 1, max: 8000 }), { maxLength: 60 }), (customer, agent, cuts) => {
      const channels = [lay(customer), lay(agent)] as const;
      const results = listen(channels, cuts);
      const finalsOf = (all: readonly TranscribedUtterance[], channel: number) =>
        all
          .filter((utterance) => !utterance.partial && utterance.channel === channel)
          .map(({ beginMs, endMs, writing, phrase: said }) => ({ beginMs, endMs, writing, said }));
      const whole = listen(channels, []);
      [customer, agent].forEach((phrases, channel) => {
        expect(finalsOf(results, channel)).toEqual(finalsOf(whole, channel));
        expect(finalsOf(results, channel).map(({ said }) => said)).toEqual(phrases.map(([, said]) => said));
      });
      for (const final of results.filter((utterance) => !utterance.partial)) {
        const growing = results.filter((utterance) => utterance.id === final.id);
        expect(growing.at(-1)).toBe(final);
        growing.forEach((utterance, index) => {
          expect(final.writing.transcript.startsWith(utterance.writing.transcript)).toBe(true);
          if (index > 0) expect(utterance.endMs).toBeGreaterThanOrEqual(growing[index - 1]?.endMs ?? 0);
        });
      }
    }),
    { numRuns: 25 },
  );
});
