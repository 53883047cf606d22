import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ofType, synthesise } from "./synthesised.ts";

const page = readFileSync("docs/operate.md", "utf8");
/** Chapter -> its text. */
const chapters = new Map(
  page
    .split("\n## ")
    .slice(1)
    .map((chapter) => [chapter.split("\n")[0] ?? "", chapter]),
);
const [introduction = ""] = chapters.keys();
const slug = (heading: string) => heading.toLowerCase().replaceAll(",", "").replaceAll(" ", "-");
/** The rows of the first table, in their order: names of alarms, and the anchor of the chapter. `…` stands for any function. */
const rows = [...(chapters.get(introduction) ?? "").matchAll(/^\| (_.+) \| .+ \| \[.+\]\(#([\w-]+)\) \|$/gm)].map(
  ([, names = "", anchor = ""]) => ({ names: [...names.matchAll(/_([^_]+)_/g)].map(([, name = ""]) => name), anchor }),
);
/** An alarm's own row names it whole. A row with "…" is for the rest. */
function anchorsOf(alarm: string): string[] {
  const whole = rows.filter(({ names }) => names.includes(alarm));
  const rest = rows.filter(({ names }) => names.some((name) => name.startsWith("… ") && alarm.endsWith(name.slice(1))));
  return (whole.length > 0 ? whole : rest).map(({ anchor }) => anchor);
}

const watched = { contactLens: { mode: "managed" }, actions: ["free"] };
const alarms = ofType(synthesise(watched), "AWS::CloudWatch::Alarm").map(({ properties }) => {
  const text = String(properties["AlarmDescription"]);
  const [, name = "", anchor = ""] = /\(([^()]+) > \d+\)\. What to do: docs\/operate\.md#([\w-]+)$/.exec(text) ?? [];
  return { text, name, anchor };
});

describe("The runbook", () => {
  test("Every alarm names a chapter that exists, and says what happened before.", () => {
    expect(alarms.length).toBeGreaterThan(10);
    const anchors = [...chapters.keys()].map(slug);
    for (const { text, anchor } of alarms) {
      expect([text, anchors]).toEqual([text, expect.arrayContaining([anchor])]);
      expect(text).toMatch(/^[A-Z][^.]{20,} \(/);
    }
  });

  test("With docsUrl, an alarm has a whole link to its chapter.", () => {
    const docsUrl = "https://git.example.com/vigia/blob/main/docs";
    const texts = ofType(synthesise({ ...watched, docsUrl }), "AWS::CloudWatch::Alarm").map(({ properties }) =>
      String(properties["AlarmDescription"]),
    );
    expect(texts).toEqual(alarms.map(({ text }) => text.replace("docs/", `${docsUrl}/`)));
  });

  test("With operatorLanguage es, every alarm is Spanish and leads to its chapter of the Spanish runbook.", () => {
    const headings = [...readFileSync("docs/operate.es.md", "utf8").matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
    const spanish = ofType(synthesise({ ...watched, operatorLanguage: "es" }), "AWS::CloudWatch::Alarm");
    expect(spanish).toHaveLength(alarms.length);
    for (const [index, { properties }] of spanish.entries()) {
      const text = String(properties["AlarmDescription"]);
      const [, name, anchor = ""] = /\(([^()]+) > \d+\)\. Qué hacer: docs\/operate\.es\.md#([\wáéíóúñ-]+)$/.exec(text) ?? [];
      const english = alarms[index];
      expect(name).toBe(english?.name);
      // The chapters of both pages stand in the same order.
      expect([text, headings.map(slug).indexOf(anchor)]).toEqual([
        text,
        [...chapters.keys()].map(slug).indexOf(english?.anchor ?? ""),
      ]);
    }
  });

  test("The first table leads from every alarm to the chapter that the alarm names.", () => {
    for (const { name, anchor } of alarms) expect([name, anchorsOf(name)]).toEqual([name, [anchor]]);
  });

  test("The first table names no alarm that the stack does not have.", () => {
    for (const row of rows) {
      const own = alarms.filter(({ name, anchor }) => row.anchor === anchor && anchorsOf(name).includes(row.anchor));
      for (const listed of row.names) {
        const known = own.some(({ name }) => (listed.startsWith("… ") ? name.endsWith(listed.slice(1)) : name === listed));
        expect([listed, known]).toEqual([listed, true]);
      }
    }
  });

  test("The two tables of the first chapter lead to every other chapter.", () => {
    const linked = [...(chapters.get(introduction) ?? "").matchAll(/\(#([\w-]+)\)/g)].map(([, anchor = ""]) => anchor);
    const others = [...chapters.keys()].slice(1).map(slug);
    expect(new Set(linked)).toEqual(new Set(others));
  });

  test("Every chapter says what the user sees, what it means for callers, and how to mend it.", () => {
    for (const [name, text] of [...chapters].slice(1)) {
      expect([name, text]).toEqual([name, expect.stringMatching(/^\*\*You see:\*\* \S/m)]);
      expect([name, text]).toEqual([name, expect.stringMatching(/^\*\*For callers:\*\* \S/m)]);
      expect([name, text]).toEqual([name, expect.stringMatching(/^(\*\*Fix:\*\*|\| .*(fix|meaning).* \|$)/m)]);
    }
  });
});
