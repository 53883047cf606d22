import { describe, expect, test } from "vitest";
import { readOptions } from "./options.ts";

describe("The benchmark", () => {
  test("measures every suite in full when it has no arguments.", () => {
    expect(readOptions([])).toEqual({ suites: ["hub", "ingest", "board"], quick: false, match: null });
  });

  test("measures the suite and the names that its arguments choose.", () => {
    const part = ["--only", "hub", "--quick", "--match", "comes back"];
    expect(readOptions(part)).toEqual({ suites: ["hub"], quick: true, match: "comes back" });
  });

  test.each([
    [["--only", "worker"], "--only takes hub, ingest, board; got worker."],
    [["--fast"], "--fast"],
    [["hub"], "hub"],
  ])("refuses the arguments %j and names the wrong one.", (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
