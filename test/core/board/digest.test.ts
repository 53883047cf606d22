import { expect, it } from "vitest";
import { digest } from "../../../core/board/digest.ts";

// Vectors of Landon Curt Noll's reference code, http://www.isthe.com/chongo/src/fnv/test_fnv.c.
it.each([
  ["", "811c9dc5"],
  ["a", "e40c292c"],
  ["foobar", "bf9cf968"],
])("The digest of %j is the published FNV-1a hash %s.", (text, hash) => {
  expect(digest(text)).toBe(hash);
});

it("A digest has eight digits, also when the hash begins with zeros.", () => {
  const texts = Array.from({ length: 1000 }, (_, index) => `text ${index}`);
  const digests = texts.map(digest);
  expect(digests.filter((hash) => !/^[\da-f]{8}$/.test(hash))).toEqual([]);
  expect(digests.some((hash) => hash.startsWith("0"))).toBe(true);
});
