import { describe, expect, test } from "vitest";
import { splitArguments } from "../../scripts/deploy/arguments.ts";

const NOTHING = { config: undefined, profile: undefined, instance: undefined, stage: undefined, rest: [] };

describe("The arguments of every deployment command", () => {
  test.each([
    [["--config", "a.json"], { config: "a.json" }],
    [["--config=a.json"], { config: "a.json" }],
    [["-c", "config=a.json"], { config: "a.json" }],
    [["--context", "config=a.json"], { config: "a.json" }],
    [["--context=config=a.json"], { config: "a.json" }],
    [["-cconfig=a.json"], { config: "a.json" }],
    [["--profile", "p", "--stage=s", "--instance", "i"], { profile: "p", stage: "s", instance: "i" }],
    [["--require-approval", "never", "--profile", "p"], { profile: "p", rest: ["--require-approval", "never"] }],
    [["-c", "other=1", "--context=key=2"], { rest: ["-c", "other=1", "--context=key=2"] }],
    [["--profiles", "x"], { rest: ["--profiles", "x"] }],
    [["-c"], { rest: ["-c"] }],
  ])("The arguments %j are split into own options and those of the tool.", (args, expected) => {
    expect(splitArguments(args)).toEqual({ ok: true, given: { ...NOTHING, ...expected } });
  });

  test.each([
    [["--config"], "--config needs a value."],
    [["--profile="], "--profile needs a value."],
    [["--stage", "--dry-run"], "--stage needs a value."],
    [["--config", "a.json", "-c", "config=b.json"], "--config is given twice. Give it once."],
    [["-c", "config="], "-c config= needs the name of a file."],
    [["-c", "vigia={}"], "-c vigia=… has moved: the settings are in vigia.config.json (docs/deploy.md, step 2)."],
    [["--context=vigia={}"], "-c vigia=… has moved: the settings are in vigia.config.json (docs/deploy.md, step 2)."],
  ])("The arguments %j are refused with a reason.", (args, message) => {
    expect(splitArguments(args)).toEqual({ ok: false, message });
  });
});
