import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseSettingsFile } from "../../infra/settings-file.ts";
import { engineShares } from "../../scripts/deploy/cost-languages.ts";
import { ownPrices } from "../../scripts/deploy/own-prices.ts";
import { PRICES } from "../../scripts/deploy/prices.ts";
import { OWN_INSTANCE, OWN_SETTINGS } from "./own-settings.ts";
import { runCommand } from "./run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "vigia-prices-"));
const file = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
afterAll(() => rmSync(folder, { recursive: true }));

function deployment(own: object, languages: object) {
  const parsed = parseSettingsFile({ ...OWN_SETTINGS, instances: [{ ...OWN_INSTANCE, ...own, languages }] });
  const [first] = parsed.ok ? parsed.deployments : [];
  if (first === undefined) throw new Error("The settings of the test are wrong.");
  return first;
}

describe("The deployer's own prices", () => {
  test("Every price can be given by a flag.", () => {
    for (const name of Object.keys(PRICES)) {
      expect(ownPrices(undefined, [`${name}=7.5`])).toMatchObject({ ok: true, prices: { ...PRICES, [name]: 7.5 } });
    }
  });

  test("A file gives several prices, and a flag wins over it.", () => {
    const prices = file("prices.json", JSON.stringify({ lambdaGbSecond: 1, videoGb: 2 }));
    const own = ownPrices(prices, ["videoGb=3"]);
    expect(own).toMatchObject({ ok: true, prices: { ...PRICES, lambdaGbSecond: 1, videoGb: 3 } });
  });

  test("A wrong price is one sentence that says what to do.", () => {
    for (const [own, message] of [
      [ownPrices(undefined, ["lambda=1"]), "There is no price lambda. Use one of alarmMonth, "],
      [ownPrices(undefined, ["toString=1"]), "There is no price toString."],
      [ownPrices(undefined, ["videoGb="]), "The price videoGb must be dollars of 0 or more, such as videoGb=0.0085."],
      [ownPrices(undefined, ["videoGb=-1"]), "The price videoGb must be"],
      [ownPrices(file("text.json", '{"videoGb":"2"}'), []), "The price videoGb must be"],
      [ownPrices(file("list.json", "[1]"), []), "must hold a JSON object of names and dollars"],
      [ownPrices(file("broken.json", "{"), []), "must hold a JSON object of names and dollars"],
      [ownPrices(join(folder, "none.json"), []), "does not exist. Correct --prices."],
    ] as const) {
      expect(own).toMatchObject({ ok: false, message: expect.stringContaining(message) });
    }
  });
});

describe("The engines of the estimate", () => {
  test("The estimate follows the engine that the settings choose for a language.", () => {
    const plain = { redactPii: false };
    expect(engineShares(deployment(plain, { default: "en-US" }), undefined)).toEqual({
      ok: true,
      shares: { callAnalytics: 1, comprehend: 0 },
    });
    expect(engineShares(deployment(plain, { default: "en-US", engines: { "*": "standard" } }), undefined)).toEqual({
      ok: true,
      shares: { callAnalytics: 0, comprehend: 1 },
    });
  });

  test("Several languages share the minutes, and one that Comprehend does not know costs no Comprehend.", () => {
    const own = deployment({ redactPii: false }, { default: "en-US" });
    expect(engineShares(own, "en-US=0.5,es-MX=0.25,nl-NL=0.25")).toMatchObject({ ok: true, shares: { callAnalytics: 0.75 } });
    expect(engineShares(own, "nl-NL=1")).toEqual({ ok: true, shares: { callAnalytics: 0, comprehend: 0 } });
  });

  test("Shares that do not make 1 and unknown languages are refused.", () => {
    const own = deployment({}, { default: "en-US" });
    for (const wrong of ["en-US", "en-US=0.5", "en-US=-1,es-MX=2", "=1", ""]) {
      expect(engineShares(own, wrong)).toMatchObject({ ok: false, message: expect.stringContaining("--languages must be") });
    }
    expect(engineShares(own, "tlh-QO=1")).toMatchObject({ ok: false, message: expect.stringContaining("no language tlh-QO") });
  });

  test("`npm run cost` takes prices and languages, and says when the price of Call Analytics is assumed.", async () => {
    const settings = file(
      "settings.json",
      JSON.stringify({ ...OWN_SETTINGS, instances: [{ ...OWN_INSTANCE, redactPii: false }] }),
    );
    const cost = (...args: string[]) =>
      runCommand("scripts/deploy/cost.ts", ["--config", settings, "--languages", "en-US=1", ...args], {});
    const assumed = await cost();
    expect(assumed).toMatchObject({ code: 0, text: expect.stringContaining("The price of Call Analytics is assumed") });
    const given = await cost("--price", "callAnalyticsMinute=0.03", "--price", "keyMonth=0");
    expect(given.text).toContain("| 1,056,000 min of calls | 31680.00 |");
    expect(given.text).not.toContain("assumed");
    expect(await cost("--price", "nonsense=1")).toMatchObject({
      code: 2,
      text: expect.stringContaining("There is no price nonsense."),
    });
  });
});
