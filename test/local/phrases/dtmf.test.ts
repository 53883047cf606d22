import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodePhrase, PhraseDecoder, type PhraseEvent } from "../../../local/phrases/dtmf.ts";

function join(...parts: Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function decode(samples: Int16Array, cuts: readonly number[] = []): PhraseEvent[] {
  const decoder = new PhraseDecoder();
  const events: PhraseEvent[] = [];
  let at = 0;
  for (const cut of cuts) {
    events.push(...decoder.decodeSamples(samples.subarray(at, at + cut)));
    at += cut;
  }
  events.push(...decoder.decodeSamples(samples.subarray(at)), ...decoder.endAudio());
  return events;
}

function numbers(events: readonly PhraseEvent[]): (number | "unknown")[] {
  return events.filter((event) => event.type !== "begun").map((event) => (event.type === "phrase" ? event.number : "unknown"));
}

const phraseNumber = fc.integer({ min: 0, max: 999 });
const duration = fc.integer({ min: 500, max: 7000 });
const silence = fc.integer({ min: 0, max: 9000 }).map((length) => new Int16Array(length));

describe("The encoder", () => {
  test("writes a longer phrase for a longer duration, from 1.89 s to less than 6 s.", () => {
    expect(encodePhrase(1, 4000).length).toBeGreaterThan(encodePhrase(1, 2000).length);
    expect(encodePhrase(1, 0).length).toBe(21 * 720);
    expect(encodePhrase(1, 60_000).length).toBeLessThan(6 * 8000);
  });

  test.each([-1, 1000, 1.5])("refuses %d as a phrase number.", (number) => {
    expect(() => encodePhrase(number, 2000)).toThrow(RangeError);
  });
});

describe("The decoder", () => {
  test.each([0, 7, 42, 555, 999])("finds phrase number %i at its position.", (number) => {
    const audio = encodePhrase(number, 2500);
    const events = decode(join(new Int16Array(1600), audio, new Int16Array(800)));
    expect(numbers(events)).toEqual([number]);
    const phrase = events.find((event) => event.type === "phrase");
    expect(phrase?.begin).toBeGreaterThanOrEqual(1600);
    expect(phrase?.begin).toBeLessThan(1610);
    expect(phrase?.end).toBeGreaterThan(1600 + audio.length - 330);
    expect(phrase?.end).toBeLessThanOrEqual(1600 + audio.length - 320);
  });

  test("knows the number within the first 0.75 s of a phrase.", () => {
    const decoder = new PhraseDecoder();
    const audio = encodePhrase(123, 4000);
    const [begun] = decoder.decodeSamples(audio.subarray(0, 6000));
    expect(begun).toMatchObject({ type: "begun", number: 123 });
    if (begun?.type !== "begun") throw new Error("The decoder found no begin of a phrase.");
    expect(Math.abs(begun.expectedEnd - (audio.length - 320))).toBeLessThan(10);
  });

  test("finds the same phrases for all piece sizes.", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(silence, phraseNumber, duration), { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 40 }),
        (phrases, cuts) => {
          const audio = join(...phrases.flatMap(([pause, number, length]) => [pause, encodePhrase(number, length)]));
          const events = decode(audio, cuts);
          expect(events).toEqual(decode(audio));
          expect(numbers(events)).toEqual(phrases.map(([, number]) => number));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("The decoder of damaged audio", () => {
  const damage = fc.record({
    first: phraseNumber,
    second: phraseNumber,
    length: duration,
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    size: fc.integer({ min: 32, max: 20_000 }),
  });

  /** Damages the audio of two phrases with `mutate` and checks that the decoder finds no other number. */
  function findsNoOtherPhrase(mutate: (audio: Int16Array, at: number, size: number) => Int16Array): void {
    fc.assert(
      fc.property(damage, ({ first, second, length, at, size }) => {
        const audio = join(encodePhrase(first, length), new Int16Array(2000), encodePhrase(second, length));
        const found = numbers(decode(mutate(audio, Math.floor(at * audio.length), size)));
        for (const number of found) expect([first, second, "unknown"]).toContain(number);
      }),
      { numRuns: 150 },
    );
  }

  test("finds no other phrase when a piece is lost.", () =>
    findsNoOtherPhrase((audio, at, size) => join(audio.slice(0, at), audio.slice(at + size))));
  test("finds no other phrase when silence replaces a piece.", () =>
    findsNoOtherPhrase((audio, at, size) => {
      const copy = audio.slice();
      copy.fill(0, at, at + size);
      return copy;
    }));
  test("finds no other phrase when a piece is doubled.", () =>
    findsNoOtherPhrase((audio, at, size) => join(audio.slice(0, at + size), audio.slice(at))));
  test("finds no other phrase when two neighbouring pieces are swapped.", () =>
    findsNoOtherPhrase((audio, at, size) =>
      join(audio.slice(0, at), audio.slice(at + size, at + 2 * size), audio.slice(at, at + size), audio.slice(at + 2 * size)),
    ));
  test("finds no other phrase when another channel is mixed in.", () =>
    findsNoOtherPhrase((audio, at) => {
      const shifted = join(new Int16Array(at), audio);
      return audio.map((sample, index) => Math.max(-32_768, Math.min(32_767, sample + (shifted[index] ?? 0))));
    }));

  test("does not find a phrase that has a packet of 64 ms lost, silenced or doubled.", () => {
    const audio = encodePhrase(318, 3000);
    const packet = 512;
    for (let at = packet; at + 2 * packet < audio.length; at += 97) {
      const lost = join(audio.slice(0, at), audio.slice(at + packet));
      const silenced = audio.slice();
      silenced.fill(0, at, at + packet);
      const doubled = join(audio.slice(0, at + packet), audio.slice(at));
      for (const damaged of [lost, silenced, doubled]) expect(numbers(decode(damaged))).not.toContain(318);
    }
  });

  test("does not find a phrase that has a whole repetition lost or doubled.", () => {
    const audio = encodePhrase(318, 3000);
    const repetition = 6 * 720;
    for (let at = 720; at + 2 * repetition < audio.length; at += 360) {
      expect(numbers(decode(join(audio.slice(0, at), audio.slice(at + repetition))))).not.toContain(318);
      expect(numbers(decode(join(audio.slice(0, at + repetition), audio.slice(at))))).not.toContain(318);
    }
  });

  test("does not find a phrase that has one pause 10 ms too long or too short.", () => {
    const audio = encodePhrase(318, 3000);
    for (let gap = 400; gap + 720 < audio.length; gap += 720) {
      const longer = join(audio.slice(0, gap + 100), new Int16Array(80), audio.slice(gap + 100));
      const shorter = join(audio.slice(0, gap + 100), audio.slice(gap + 180));
      for (const damaged of [longer, shorter]) expect(numbers(decode(damaged))).not.toContain(318);
    }
  });

  test("reports a phrase that the next one interrupts as unknown, and finds the next one.", () => {
    const broken = encodePhrase(12, 3000).slice(0, 720 * 11);
    expect(numbers(decode(join(broken, encodePhrase(34, 3000))))).toEqual(["unknown", 34]);
  });

  test("reports a phrase under another loud sound as unknown.", () => {
    const hum = encodePhrase(318, 3000).map((sample, index) => (sample === 0 ? 0 : sample / 2 + 14_000 * Math.sin(index * 0.8)));
    expect(numbers(decode(hum))).toEqual(["unknown"]);
  });

  test("finds a phrase that has one extra millisecond between two blocks.", () => {
    const audio = encodePhrase(77, 2000);
    for (let at = 512; at < audio.length; at += 512) {
      expect(numbers(decode(join(audio.slice(0, at), new Int16Array(8), audio.slice(at))))).toEqual([77]);
    }
  });

  test("reports audio that is shifted by one byte as unknown.", () => {
    const audio = encodePhrase(77, 2000);
    const bytes = Buffer.from(audio.buffer);
    const shifted = new Int16Array(new Uint8Array(bytes.subarray(1, bytes.length - 1)).buffer);
    expect(new Set(numbers(decode(shifted)))).toEqual(new Set(["unknown"]));
  });
});
