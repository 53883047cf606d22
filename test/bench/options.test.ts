import { describe, expect, test } from "vitest";
import { readOptions } from "./options.ts";

describe("the arguments of the benchmark", () => {
  test("without any, everything is measured in earnest", () => {
    expect(readOptions([])).toEqual({ suites: ["hub", "ingest", "board"], quick: false, match: null });
  });

  test("a part, by suite and by name", () => {
    const part = ["--only", "hub", "--quick", "--match", "comes back"];
    expect(readOptions(part)).toEqual({ suites: ["hub"], quick: true, match: "comes back" });
  });

  test.each([
    [["--only", "worker"], "--only takes hub, ingest, board; got worker."],
    [["--fast"], "--fast"],
    [["hub"], "hub"],
  ])("%j is refused, by name", (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
