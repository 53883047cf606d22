import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseSettingsFile } from "../../infra/settings-file.ts";
import { commandsOf } from "./document-commands.ts";
import { OWN_ACCOUNT, PRODUCTION_ID } from "./own-settings.ts";

const page = readFileSync("docs/deploy.md", "utf8");
const [introduction = ""] = page.split("\n## ");
/** The chapters that a new customer follows, in their order: the preparation, then the numbered steps. */
const path = page
  .split(/\n(?=## )/)
  .filter((chapter) => /^## (Before you begin|\d\. )/.test(chapter))
  .join("\n");
/** The rows of the table of settings that one must set: the numbered ones. */
const mustBeSet = [...path.matchAll(/^\| (\d) \| `(\w+)…?` \|/gm)].map(([, , name = ""]) => name);
const settings = /```json\n(\{[^`]+\})\n```/.exec(path)?.[1] ?? "";
const INSTANCE_ARN = `arn:aws:connect:eu-central-1:${OWN_ACCOUNT}:instance/${PRODUCTION_ID}`;
const OWN_VALUES = new Map([
  ["instance ARN", INSTANCE_ARN],
  ["alias", "my-center"],
  ["queue ARN", `${INSTANCE_ARN}/queue/88888888-0000-4000-8000-000000000001`],
  ["domain", "board.contact-center.test"],
  ["issuer", "https://login.contact-center.test"],
  ["key set", "https://login.contact-center.test/jwks"],
  ["client id", "board"],
]);

/** Returns the number that the introduction promises, such as 5 for "**5 settings**". */
function promised(word: string): number {
  return Number(new RegExp(`\\*\\*(\\d+) ${word}\\*\\*`).exec(introduction)?.[1]);
}

describe("The shortest path of docs/deploy.md", () => {
  test("The introduction says how many commands the steps have.", () => {
    const commands = commandsOf(path.replaceAll(/`(npm run preflight)` should say/g, "$1 says")).flatMap((one) => one.commands);
    expect(commands).toHaveLength(promised("commands"));
  });

  test("The introduction says how many settings one must set.", () => {
    expect(mustBeSet).toHaveLength(promised("settings"));
  });

  test("The introduction says how many things are done by hand.", () => {
    expect([...path.matchAll(/\*\*By hand:/g)]).toHaveLength(promised("things by hand"));
  });

  test("The settings of step 2 have a gap only where the table says that one must set something.", () => {
    const lines = settings.split("\n").filter((line) => line.includes("<"));
    for (const line of lines) expect([line, mustBeSet.some((name) => line.includes(`"${name}`))]).toEqual([line, true]);
    for (const name of mustBeSet) expect([name, lines.some((line) => line.includes(`"${name}`))]).toEqual([name, true]);
  });

  test("The settings of step 2 are accepted once their gaps are filled in.", () => {
    const filled = settings.replaceAll(/<([^>]+)>/g, (gap, name: string) => OWN_VALUES.get(name) ?? gap);
    const parsed = parseSettingsFile(JSON.parse(filled));
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    expect(parsed.ok && parsed.deployments[0]?.settings.hubUrl).toBe("https://board.contact-center.test");
  });
});
