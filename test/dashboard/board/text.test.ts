import { describe, expect, it } from "vitest";
import { fill, placesOf } from "../../../dashboard/board/text/catalogue.ts";
import { chooseLocale, createText, LOCALES, loadWords } from "../../../dashboard/board/text/text.ts";
import { ENGLISH as en, SPANISH as esMX } from "../all-words.ts";

const MESSAGES = { en, "es-MX": esMX };

describe("Each language", () => {
  it("has the same messages with the same places for values.", () => {
    for (const [key, english] of Object.entries(MESSAGES.en)) {
      const spanish = Object.entries(MESSAGES["es-MX"]).find(([other]) => other === key)?.[1];
      expect(spanish, key).toBeDefined();
      if (spanish !== undefined) expect(placesOf(spanish), key).toEqual(placesOf(english));
    }
    expect(Object.keys(MESSAGES["es-MX"]).sort()).toEqual(Object.keys(MESSAGES.en).sort());
  });

  it("has a text for every message.", () => {
    for (const locale of LOCALES) {
      for (const [key, message] of Object.entries(MESSAGES[locale])) {
        for (const words of typeof message === "string" ? [message] : [message.one, message.other])
          expect(words.trim(), key).not.toBe("");
      }
    }
  });

  it("shows a place without a value, so that the mistake is visible.", () => {
    expect(fill("{a} of {b}", { a: 1 })).toBe("1 of {b}");
  });

  it("counts in words, Spanish with the number format of Mexico.", () => {
    const es = createText("es-MX");
    expect(es.count("app.agents", 1)).toBe("1 agente");
    expect(es.count("app.agents", 1234)).toBe("1,234 agentes");
    expect(createText("en").count("app.agents", 0)).toBe("0 agents");
  });

  it("writes scores with a sign, one decimal and a minus as wide as the plus.", () => {
    const en = createText("en");
    expect([2.75, -1.4, 0, -0.04].map(en.score)).toEqual(["+2.8", "\u22121.4", "0.0", "0.0"]);
  });

  it("sorts accents, ñ and numbers as people expect.", () => {
    const { compare } = createText("es-MX");
    expect(["Ñandú", "Óscar", "Nuria", "agente 10", "Agente 2", "Olga"].sort(compare)).toEqual([
      "Agente 2",
      "agente 10",
      "Nuria",
      "Ñandú",
      "Olga",
      "Óscar",
    ]);
  });

  it("is chosen when it is the first known one of the wishes.", () => {
    expect(chooseLocale(["fr", null, "es-AR", "en"])).toBe("es-MX");
    expect(chooseLocale(["EN-us"])).toBe("en");
    expect(chooseLocale(["de"])).toBe("en");
  });
});

describe("A time of day", () => {
  it("has 24 hours and two digits in both languages, with and without its date.", async () => {
    // Half past two in the afternoon, wherever this test runs.
    const at = new Date(2026, 10, 25, 14, 30, 5).getTime();
    for (const locale of LOCALES) {
      await loadWords(locale);
      const text = createText(locale);
      for (const shown of [text.time(at), text.moment(at), text.dateTime(at)]) {
        expect(shown, locale).toContain("14:30");
        expect(shown, locale).not.toMatch(/[ap]\.?\s?m/i);
      }
    }
  });
});
