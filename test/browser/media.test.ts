import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { fakeAlert } from "../../dashboard/client/testing.ts";
import { DEFAULT_ALERT_RULES } from "../../protocol/default-alert-rules.ts";
import { setStage } from "./stage.ts";

const stage = setStage("the file");

async function open(query: string, options: BrowserContextOptions = {}): Promise<Page> {
  const { page } = await stage.visit(`${stage.hub.url}/${query}`, options);
  await page.getByText("Jimena Ortega").first().waitFor();
  await page.locator(".vg-row .vg-chip").first().waitFor();
  return page;
}

/** Returns the computed value of a CSS property for each element that fits the selector. */
function styles(page: Page, selector: string, property: string): Promise<string[]> {
  return page
    .locator(selector)
    .evaluateAll((elements, name) => elements.map((element) => getComputedStyle(element).getPropertyValue(name)), property);
}

describe("With the reader's own colours, the board", () => {
  it("shows a level, a choice and the focus by more than a colour, and draws lines in the colour of text.", async () => {
    stage.hub.rules = { ...DEFAULT_ALERT_RULES, version: 0, changedAt: null, changedBy: null, roles: [], targets: [] };
    const onHold = fakeAlert({ alertId: "hold", rule: "hold-long", severity: "critical", groups: ["México", "Ventas"] });
    stage.hub.changeAlerts({ ...onHold, subject: { agentId: "agent-1" }, since: Date.now() });
    const page = await open("?lang=en&status=on a call&status=on a contact", { forcedColors: "active" });
    const [text] = await styles(page, ".vg-table", "color");
    for (const stroke of await styles(page, ".vg-spark polyline", "stroke")) expect(stroke).toBe(text);
    // Where a row has no room for its further reasons, they are read aloud only.
    for (const edge of await styles(page, ".vg-chip:first-child", "border-top-style")) expect(edge).not.toBe("none");
    const level = page.locator('td[data-level="critical"]').first();
    const calm = page.locator('td[data-level="calm"]').first();
    const of = (target: Locator, property: string) =>
      target.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
    expect(await of(level, "font-weight")).not.toBe(await of(calm, "font-weight"));
    const [pressed, unpressed] = [true, false].map((state) => page.locator(`.vg-tile[aria-pressed=${state}]`).first());
    if (pressed === undefined || unpressed === undefined) throw new Error("No tiles.");
    expect([await of(pressed, "outline-style"), await of(unpressed, "outline-style")]).toEqual(["solid", "none"]);
    await page.getByRole("searchbox").focus();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)).toBe("solid");
  });
});

describe("With less motion, the board", () => {
  it("has no transition, no animation and no smooth scrolling.", async () => {
    const page = await open("?lang=en&agent=agent-6", { reducedMotion: "reduce" });
    await page.getByRole("button", { name: /^On hold/ }).hover();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    for (const property of ["transition-duration", "animation-duration"]) {
      for (const seconds of new Set(await styles(page, ".vigia *", property))) expect(Number.parseFloat(seconds) || 0).toBe(0);
    }
    expect(new Set(await styles(page, ".vigia, .vigia *", "scroll-behavior"))).toEqual(new Set(["auto"]));
  });
});

describe("A printed page", () => {
  it("has the agents in black on white and the time, without buttons and panels.", async () => {
    const page = await open("?lang=en&theme=dark&agent=agent-6&status=available&status=on+a+call&sort=agent");
    await page.emulateMedia({ media: "print" });
    for (const name of ["Pause", "Columns", "CSV"]) {
      expect(await page.getByRole("button", { name, exact: true }).count(), name).toBe(0);
    }
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.getByText(/\(.+\) · Teams: All teams · Status: On a call and Available · Sort by: Agent$/).waitFor();
    expect(await styles(page, ".vigia", "background-color")).toEqual(["rgb(255, 255, 255)"]);
    const [ink = ""] = await styles(page, ".vg-name", "color");
    for (const part of ink.match(/\d+/g) ?? ["255"]) expect(Number(part)).toBeLessThan(80);
    expect(await page.locator(".vg-row").last().isVisible()).toBe(true);
  });

  it("has all agents, also those that are out of sight on the screen.", async () => {
    const since = Date.now();
    stage.hub.changeAgents(
      ...Array.from({ length: 400 }, (_, index) => ({ agentId: `many-${index}`, name: `Zz ${1000 + index}`, since })),
    );
    const page = await open("?lang=en&density=compact");
    expect(await page.locator(".vg-row").count()).toBeLessThan(200);
    const rows = await page.evaluate(() => {
      dispatchEvent(new Event("beforeprint"));
      const rows = document.querySelectorAll(".vg-row").length;
      dispatchEvent(new Event("afterprint"));
      return rows;
    });
    expect(rows).toBe(419);
  });
});
