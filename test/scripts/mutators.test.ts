import { expect, test } from "vitest";
import { mutantsOf, withMutant } from "../../scripts/mutants/mutators.ts";
import { percentKilled, tableOf } from "../../scripts/mutants/report.ts";

const faultsIn = (text: string) => mutantsOf("core/example.ts", text).map((mutant) => withMutant(text, mutant));

test.each([
  ["const both = a && b;", ["const both = a || b;"]],
  ["const same = a === b;", ["const same = a !== b;"]],
  ["const less = a < b;", ["const less = a <= b;"]],
  ["const next = a + 1;", ["const next = a - 1;", "const next = a + 0;"]],
  ["const value = a ?? b;", ["const value = a;", "const value = b;"]],
  ["const on = true;", ["const on = false;"]],
  ["const off = !on;", ["const off = on;"]],
  ["clearTimeout(timer);", [";"]],
  ["const close = () => clearTimeout(timer);", ["const close = () => undefined;"]],
  ["const low = Math.min(a, b);", ["const low = Math.max(a, b);"]],
  ["if (a) b();", ["if (true) b();", "if (false) b();", "if (a) ;"]],
  ["const value = await call();", ["const value = call();"]],
  ['const name = () => "x";', ['const name = () => "";']],
])("The mutation tool makes from `%s` the faults %j.", (text, faults) => {
  expect(faultsIn(text).sort()).toEqual([...faults].sort());
});

test.each([
  "type On = true | 'a';",
  "interface Limits { from: 1 | 2; on: true }",
  "console.log(a + b);",
  "this.#log.info(on ? 'yes' : 'no', { a: b === c });",
  "throw new SettingError(name === '' ? 'No name.' : 'No value.');",
  '"use strict";',
  "class A extends B { constructor() { super(); } }",
  "const text = a + 'b';",
])("The mutation tool leaves `%s` as it is.", (text) => {
  expect(faultsIn(text)).toEqual([]);
});

test("The mutation tool counts lines and columns of a fault from one.", () => {
  const [fault] = mutantsOf("core/example.ts", "const a = 1;\nconst b = a * 2;\n");
  expect(fault).toMatchObject({ position: "2:13", before: "*", after: "/" });
});

test("The table of the mutation tool leaves faults that do not compile out of the percentage.", () => {
  const [mutant] = mutantsOf("core/board/example.ts", "const same = a === b;");
  if (mutant === undefined) throw new Error("The example has no fault.");
  const judged = (["killed", "timeout", "killed", "survived", "rejected"] as const).map((verdict) => ({ mutant, verdict }));
  expect(percentKilled(judged)).toBe(75);
  expect(tableOf(judged).split("\n").at(-1)?.split(/\s+/)).toEqual(["all", "4", "2", "1", "1", "75.0", "%", "1"]);
});
