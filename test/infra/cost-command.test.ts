import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasSettings } from "../../infra/read-settings.ts";
import { runCommand } from "./run-command.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "vigia-cost-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("npm run cost before there are settings", () => {
  test("The command of the README prints a month and names the settings that it took.", async () => {
    const { code, text } = await runCommand("scripts/deploy/cost.ts", ["--agents", "200"], {});
    expect([code, text]).toEqual([
      0,
      expect.stringMatching(/^Settings: vigia\.config\.(?:example\.)?json\n[\s\S]*\*\*together\*\*/m),
    ]);
  });

  test("Settings exist when the file is there or the environment names one.", () => {
    expect(hasSettings({}, root)).toBe(false);
    expect(hasSettings({ VIGIA_CONFIG: "" }, root)).toBe(false);
    expect(hasSettings({ VIGIA_CONFIG: "mine.json" }, root)).toBe(true);
    writeFileSync(join(root, "vigia.config.json"), "{}");
    expect(hasSettings({}, root)).toBe(true);
  });

  test("A file that the arguments name, and that is missing, is refused: the example does not replace it.", async () => {
    const { code, text } = await runCommand("scripts/deploy/cost.ts", ["--config", "missing.json"], {});
    expect(code).toBe(1);
    expect(text).toContain("The settings file missing.json does not exist.");
  });

  test.each([
    [["--hours-per-day", "25"], "--hours-per-day must be a number from 0 to 24."],
    [["--days-per-month", "40"], "--days-per-month must be a number from 0 to 31."],
    [["--transcribed", "1.1"], "--transcribed must be a number from 0 to 1."],
    [["--agents", "1e308", "--calls-per-hour", "1e308"], "--agents must be a number from 0 to 1000000000."],
    [["--agents=-5"], "--agents must be a number of 0 or more."],
    [["--price", "transcribeMinute=0.01=2"], "The price transcribeMinute must be dollars of 0 or more"],
  ])("The arguments %j are refused, because no month is like that.", async (args, message) => {
    const { code, text } = await runCommand("scripts/deploy/cost.ts", args, {});
    expect({ code, text }).toMatchObject({ code: 2, text: expect.stringContaining(message) });
  });
});
