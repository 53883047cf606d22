import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { raisedRuleName } from "../../../dashboard/board/model/raised-rule-name.ts";
import { ruleNameOf } from "../../../dashboard/board/model/rule-words.ts";
import { withServerWords } from "../../../dashboard/board/model/server-words.ts";
import type { Plural } from "../../../dashboard/board/text/catalogue.ts";
import { createText } from "../../../dashboard/board/text/text.ts";
import { ENGLISH as en, SPANISH as esMX } from "../all-words.ts";

/** The longest sentence that fits into a dialog of a phone without scrolling. */
const MAX_TEXT = 180;
/** A button or a heading of a column, at the narrowest list. */
const MAX_LABEL = 28;

/** Words that the trade does not use, or that mean something else to a Mexican supervisor. */
const OLD_SPANISH =
  /ánimo|\bavisos?\b|concentrador|\bfilas?\b|noticias|novedad|\bperdid[ao]s?\b|manejad|administrad[ao]s\b|\bmedia\b|\bturnos?\b|\bcuartos?\b|almuerzo|retrollamada|puntuación|opinión|monitorización|escalado|suplente|clave bancaria|enterado de todos\b|desconectad|en espera de|nadie espera|quién espera|cierre\b|\bpared\b|ritmo/i;
const OLD_ENGLISH =
  /\bmood\b|after-call|wrap-up|\bhub\b|\bmoods\b|\bquarters?\b.*\broom\b|the wall\b|laggard|\bleg\b|whoever runs/i;

function formsOf(message: string | Plural): string[] {
  return typeof message === "string" ? [message] : [message.one, message.other];
}

function textsOf(messages: Readonly<Record<string, string | Plural>>): [key: string, words: string][] {
  return Object.entries(messages).flatMap(([key, message]) => formsOf(message).map((words): [string, string] => [key, words]));
}

describe("The words of the board", () => {
  it("are the trade's of today.", () => {
    expect(textsOf(esMX).filter(([, words]) => OLD_SPANISH.test(words))).toEqual([]);
    expect(textsOf(en).filter(([, words]) => OLD_ENGLISH.test(words))).toEqual([]);
  });

  it("address the reader as tú, without a formal form.", () => {
    expect(
      textsOf(esMX).filter(([, words]) => /\b(usted|por favor|intente|revise|espere|haga|presione|vuelva)\b/i.test(words)),
    ).toEqual([]);
  });

  it("fit where they stand.", () => {
    expect([...textsOf(en), ...textsOf(esMX)].filter(([, words]) => words.length > MAX_TEXT)).toEqual([]);
    const labels = [...textsOf(en), ...textsOf(esMX)].filter(([key]) =>
      /^(column|status|tile|filter|groupBy|theme|direction)\./.test(key),
    );
    expect(labels.length).toBeGreaterThan(80);
    expect(labels.filter(([, words]) => words.length > MAX_LABEL)).toEqual([]);
  });

  it("are all used.", () => {
    const sources = globSync("dashboard/board/**/*.{ts,tsx}")
      .filter((file) => !/board\/text\/.*-(en|es-mx)\.ts$|text\/(en|es-mx)\.ts$/.test(file))
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    const begins = [...sources.matchAll(/`([a-zA-Z]+(?:\.[a-zA-Z]+)*\.)\$\{/g)].map(([, begin]) => begin ?? "");
    const unused = Object.keys(en).filter(
      (key) => !sources.includes(`"${key}"`) && !begins.some((begin) => begin !== "" && key.startsWith(begin)),
    );
    expect(unused).toEqual([]);
  });

  it("have one name for each level of an alert, and one for each status.", () => {
    for (const messages of [en, esMX]) {
      expect(messages["queue.level.warning"]).toBe(messages["alertLevel.warn"]);
      expect(messages["queue.level.critical"]).toBe(messages["alertLevel.critical"]);
      expect(messages["day.afterCall"]).toBe(messages["status.after call work"]);
      expect(messages["day.hold"]).toBe(messages["status.on hold"]);
    }
    expect(esMX["status.missed"]).toBe("No contestó");
  });

  it("keep the word for hold away from everything else.", () => {
    const keys = textsOf(esMX).filter(([, words]) => /\ben espera\b/i.test(words));
    expect(keys.map(([key]) => key).filter((key) => !/hold/i.test(key))).toEqual([]);
  });

  it("write every time of day with 24 hours.", () => {
    const evening = Date.UTC(2026, 0, 6, 4, 5, 6);
    for (const locale of ["en", "es-MX"] as const) {
      const text = createText(locale);
      const times = [
        text.time(evening),
        text.minute(evening),
        text.moment(evening),
        text.dateTime(evening, "America/Mexico_City"),
      ];
      for (const time of times) expect(time).not.toMatch(/[ap]\.?\s?m/i);
      expect(times[3]).toContain("22:05:06");
    }
  });
});

describe("A rule of Amazon Connect", () => {
  it("has a name for people, and not an id.", () => {
    expect(ruleNameOf("connect_angry-customer", [], createText("es-MX"))).toBe("Angry customer");
    expect(raisedRuleName("acw-long")).toBeNull();
  });
});

describe("A sentence of the server", () => {
  it("is shown to a reader of English, and to nobody else.", () => {
    expect(withServerWords("No.", "Because.", createText("en"))).toBe("No. Because.");
    expect(withServerWords("No.", "Because.", createText("es-MX"))).toBe("No.");
  });
});
