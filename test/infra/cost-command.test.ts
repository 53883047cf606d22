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
});
