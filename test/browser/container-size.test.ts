import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { setStage } from "./stage.ts";

const stage = setStage("each test");
const { open } = stage;

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

function cards(page: Page): Promise<string[]> {
  return page.locator(".vg-card").locator("b, .vg-name").allTextContents();
}

const WORST = { agentId: "agent-10", sentimentScore: -5 };

describe("On a phone", () => {
  it("no card moves under a finger, and the order changes after the finger is gone.", async () => {
    const page = await open("?lang=en&status=on a call&sort=sentiment", PHONE);
    await expect.poll(async () => (await cards(page))[0]).toBe("Jimena Ortega");
    const box = await page.locator(".vg-card").nth(1).boundingBox();
    const touch = await page.context().newCDPSession(page);
    const at = [{ x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 20 }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at });
    stage.hub.changeAgents(WORST);
    await page.locator(".vg-card", { hasText: "Paola Jiménez" }).getByText("−5.0", { exact: true }).waitFor();
    await page.getByText("The order stays the same while you are on a row.").waitFor();
    expect((await cards(page))[0]).toBe("Jimena Ortega");
    await touch.send("Input.dispatchTouchEvent", { type: "touchCancel", touchPoints: [] });
    await expect.poll(async () => (await cards(page))[0]).toBe("Paola Jiménez");
  });

  it("the order still changes after a tap opened and closed a call.", async () => {
    const page = await open("?lang=en&status=on a call&sort=sentiment", PHONE);
    await page.getByRole("button", { name: "Jimena Ortega" }).tap();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).tap();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    stage.hub.changeAgents(WORST);
    await expect.poll(async () => (await cards(page))[0]).toBe("Paola Jiménez");
  });
});

describe("On a desktop", () => {
  it("the table does not move when a filter is set.", async () => {
    for (const lang of ["es", "en"]) {
      const page = await open(`?lang=${lang}`, { viewport: { width: 1440, height: 900 } });
      const top = () => page.locator(".vg-list").evaluate((list) => list.getBoundingClientRect().top);
      const before = await top();
      await page.getByRole("searchbox").fill("Ji");
      await page.getByRole("button", { name: lang === "es" ? "Quitar filtros" : "Clear filters" }).waitFor();
      expect([lang, await top()]).toEqual([lang, before]);
      await page.getByRole("searchbox").fill("");
      await page.locator(".vg-tile").nth(2).click();
      await page.getByRole("button", { name: lang === "es" ? "Quitar filtros" : "Clear filters" }).waitFor();
      expect([lang, await top()]).toEqual([lang, before]);
    }
  });
});

describe("On a tablet held upright", () => {
  it("the tiles are in one line with their whole names, and the first alert is in sight.", async () => {
    for (const lang of ["es", "en"]) {
      const page = await open(`?lang=${lang}`, { viewport: { width: 834, height: 1112 } });
      const tops = await page.locator(".vg-tile").evaluateAll((tiles) => tiles.map((tile) => tile.getBoundingClientRect().top));
      expect(new Set(tops).size).toBe(1);
      const cut = await page
        .locator(".vg-tile-name")
        .evaluateAll((names) => names.filter((name) => name.scrollWidth > name.clientWidth).map((name) => name.textContent));
      expect(cut).toEqual([]);
      const alerts = page.locator(".vg-chip").first();
      const [chip, list] = [await alerts.boundingBox(), await page.locator(".vg-scroller").boundingBox()];
      expect((chip?.x ?? Number.NaN) + (chip?.width ?? 0)).toBeLessThanOrEqual((list?.x ?? 0) + (list?.width ?? 0));
    }
  });
});

describe("At 834 pixels", () => {
  it("the header has one line, and the center's name stays in sight.", async () => {
    const page = await open("?lang=es&title=Centro México", { viewport: { width: 834, height: 1112 } });
    expect((await page.getByRole("banner").boundingBox())?.height).toBeLessThan(50);
    expect((await page.getByText("Centro México").boundingBox())?.width).toBeGreaterThan(100);
  });
});
