import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

// What is reserved for examples: accounts of AWS's documentation, telephone numbers for fiction.
const ACCOUNTS = /(?<=arn:aws:{1,2}[a-z]+:us-east-1:)\d{12}(?=:)/g;
const NUMBERS = /\+\d{8,}/g;

test("The corpus has no account, Region or telephone number of a real customer.", () => {
  const folder = new URL(".", import.meta.url).pathname;
  const text = globSync("*/*.json", { cwd: folder })
    .map((file) => readFileSync(`${folder}${file}`, "utf8"))
    .join("\n");
  expect(new Set(text.match(ACCOUNTS))).toEqual(new Set(["111122223333"]));
  expect(text.match(NUMBERS)?.filter((number) => !/^\+155555501\d\d$/.test(number))).toEqual([]);
  expect(text.match(/arn:aws:{1,2}[a-z]+:(?!us-east-1:)/g)).toBeNull();
});
