import { expect, test } from "vitest";
import { SettingsReader } from "../../protocol/settings-reader.ts";

const ADVICE = "Set it to the truth.";
const problemOf = (value: unknown, read: (reader: SettingsReader) => unknown) => {
  const reader = new SettingsReader({ NAME: value });
  read(reader);
  return reader.problems.map(({ message }) => message);
};

test("A settings reader collects the problems of all settings, in the order of reading.", () => {
  const reader = new SettingsReader({ COUNT: "many", ORIGIN: "example.com", MODE: "maybe" });
  reader.requiredText("TEXT", ADVICE);
  reader.wholeNumber("COUNT", 5, 1, 9);
  reader.requiredOrigin("ORIGIN", ADVICE);
  reader.choice("MODE", ["on", "off"]);
  expect(reader.problems).toEqual([
    { name: "TEXT", message: "TEXT is not set. Set it to the truth." },
    { name: "COUNT", message: "COUNT is not a whole number from 1 to 9. Correct it, or leave it out for the default 5." },
    { name: "ORIGIN", message: "ORIGIN is not the origin of a web address. Set it to the truth." },
    { name: "MODE", message: "MODE has an unknown value. Set it to on or off." },
  ]);
});

test("A settings reader reports one problem for each setting, the first.", () => {
  const reader = new SettingsReader({ NAME: 7 });
  expect([reader.requiredText("NAME", ADVICE), reader.requiredOrigin("NAME", ADVICE)]).toEqual(["", ""]);
  expect(reader.problems).toEqual([{ name: "NAME", message: "NAME is not a text. Put its value in quotes." }]);
});

test("A settings reader never quotes a value.", () => {
  const wrong = { A: "s3cret", B: "s3cret", C: '["s3cret"]', D: "s3cret" };
  const reader = new SettingsReader(wrong);
  reader.wholeNumber("A", 1, 0, 9);
  reader.choice("B", ["on", "off"]);
  reader.textMap("C", ADVICE);
  reader.requiredOrigin("D", ADVICE);
  expect(reader.problems).toHaveLength(4);
  expect(JSON.stringify(reader.problems)).not.toContain("s3cret");
});

test("A settings reader trims texts and takes an empty one for none.", () => {
  const reader = new SettingsReader({ FULL: " a b ", EMPTY: "  " });
  expect(reader.requiredText("FULL", ADVICE)).toBe("a b");
  expect([reader.optionalText("FULL"), reader.optionalText("EMPTY"), reader.optionalText("ABSENT")]).toEqual(["a b", null, null]);
  expect([reader.words("FULL"), reader.words("EMPTY")]).toEqual([["a", "b"], []]);
  expect(reader.problems).toEqual([]);
  reader.requiredText("EMPTY", ADVICE);
  expect(reader.problems).toHaveLength(1);
});

test.each(["-1", "10", "1.5", "1e0", "0x1", "one", "Infinity"])("%s is no whole number from 0 to 9.", (value) => {
  expect(problemOf(value, (reader) => expect(reader.wholeNumber("NAME", 5, 0, 9)).toBe(5))).toHaveLength(1);
});

test("Both bounds of a number are allowed, and only a decimal number may have a fraction.", () => {
  const reader = new SettingsReader({ LOW: "0", HIGH: "9", HALF: "0.5", BEYOND: "9.1" });
  expect([reader.wholeNumber("LOW", 5, 0, 9), reader.wholeNumber("HIGH", 5, 0, 9)]).toEqual([0, 9]);
  expect([reader.decimalNumber("HALF", 5, 0, 9), reader.decimalNumber("ABSENT", 5, 0, 9)]).toEqual([0.5, 5]);
  expect(reader.problems).toEqual([]);
  reader.decimalNumber("BEYOND", 5, 0, 9);
  expect(reader.problems).toHaveLength(1);
});

test("The first choice is the default, and another known one is taken.", () => {
  const reader = new SettingsReader({ NAME: "off" });
  expect([reader.choice("NAME", ["on", "off"]), reader.choice("ABSENT", ["on", "off"])]).toEqual(["off", "on"]);
});

test.each([
  ["https://hub.example.com/", "https://hub.example.com"],
  ["http://127.0.0.1:8787", "http://127.0.0.1:8787"],
])("%s has the origin %s.", (value, origin) => {
  expect(problemOf(value, (reader) => expect(reader.requiredOrigin("NAME", ADVICE)).toBe(origin))).toEqual([]);
});

test.each([
  "https://hub.example.com/path",
  "https://hub.example.com/?query",
  "https://hub.example.com?query",
  "ftp://hub.example.com",
  "wss://hub.example.com",
  "hub.example.com",
  "https://",
])("%s is no origin of a web address.", (value) => {
  expect(problemOf(value, (reader) => expect(reader.requiredOrigin("NAME", ADVICE)).toBe(""))).toEqual([
    "NAME is not the origin of a web address. Set it to the truth.",
  ]);
});

test.each(["-1", "+1", ".5", "1.", "1.5.5", "1e1", "9.01", "half"])("%s is no number from 0 to 9.", (value) => {
  expect(problemOf(value, (reader) => expect(reader.decimalNumber("NAME", 5, 0, 9)).toBe(5))).toEqual([
    "NAME is not a number from 0 to 9. Correct it, or leave it out for the default 5.",
  ]);
});

test.each(["a,b", "a b", " a, b ,", ",a\n\tb"])("%j is a list of two words.", (value) => {
  expect(problemOf(value, (reader) => expect(reader.words("NAME")).toEqual(["a", "b"]))).toEqual([]);
});

test("A setting that is no text is refused by every method, which returns a harmless value.", () => {
  for (const value of [7, true, null, {}, ["a"]]) {
    const reader = new SettingsReader({ TEXT: value, CHOICE: value, NUMBER: value, WORDS: value, MAP: value, OPTIONAL: value });
    expect(reader.requiredText("TEXT", ADVICE)).toBe("");
    expect(reader.optionalText("OPTIONAL")).toBeNull();
    expect(reader.choice("CHOICE", ["on", "off"])).toBe("on");
    expect(reader.wholeNumber("NUMBER", 5, 0, 9)).toBe(5);
    expect(reader.words("WORDS")).toEqual([]);
    expect(reader.textMap("MAP", ADVICE)).toEqual(new Map());
    expect(reader.problems.map(({ name }) => name)).toEqual(["TEXT", "OPTIONAL", "CHOICE", "NUMBER", "WORDS", "MAP"]);
  }
});

test.each(["{", "[]", "null", "7", '{"a":1}', '{"":"b"}', '{"a":""}'])("%s is no map of texts.", (value) => {
  expect(problemOf(value, (reader) => reader.textMap("NAME", ADVICE))).toEqual([
    "NAME is not a JSON object of texts. Set it to the truth.",
  ]);
});

test("A map of texts keeps its order, and one that is not set is empty.", () => {
  const reader = new SettingsReader({ NAME: '{"b":"1","a":"2"}' });
  expect([...reader.textMap("NAME", ADVICE)]).toEqual([
    ["b", "1"],
    ["a", "2"],
  ]);
  expect(reader.textMap("ABSENT", ADVICE).size).toBe(0);
});

test("Settings are found by a pattern of their names, sorted and without empty ones.", () => {
  const reader = new SettingsReader({ ITEM_B: "1", ITEM_A: "2", ITEM_C: "", OTHER: "3" });
  expect(reader.namesLike(/^ITEM_/)).toEqual(["ITEM_A", "ITEM_B"]);
});
