import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { setStage } from "./stage.ts";

const stage = setStage("the file");
const isLive = (page: Page) => page.locator(".vg-pill[data-state=live]").waitFor();

async function saveView(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^Views/ }).click();
  await page.getByRole("textbox", { name: "Name of this view" }).fill(name);
  await page.getByRole("button", { name: "Save view" }).click();
  await page.keyboard.press("Escape");
}

async function ownViews(page: Page): Promise<string[]> {
  await page.getByRole("button", { name: /^Views/ }).click();
  // The browser loads what is in the menu when it is opened first.
  await page.getByRole("button", { name: "Save view" }).waitFor();
  const names = await page.getByRole("region", { name: "My views" }).locator(".vg-link").allTextContents();
  await page.keyboard.press("Escape");
  return names;
}

describe("A browser that blocks the storage of the page", () => {
  it.each(["", "&tv=1", "&agent=agent-6"])("shows the board live with the address %s.", async (query) => {
    const { page } = await stage.visit("about:blank");
    // What Chromium does when the reader blocks all cookies.
    await page.addInitScript(() => {
      for (const name of ["localStorage", "sessionStorage"]) {
        Object.defineProperty(window, name, {
          get: () => {
            throw new DOMException("Access is denied for this document.", "SecurityError");
          },
        });
      }
    });
    await page.goto(`${stage.hub.url}/?lang=en${query}`);
    await isLive(page);
  });

  it("shows the board live when the storage is full.", async () => {
    const { page } = await stage.visit("about:blank");
    await page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      };
    });
    await page.goto(`${stage.hub.url}/?lang=en`);
    await isLive(page);
    await saveView(page, "Mine");
    expect(await ownViews(page)).toEqual(["Mine"]);
  });
});

describe("Two tabs of one browser", () => {
  it("keep what the reader changes in either of them.", async () => {
    const page = await stage.open();
    const second = await page.context().newPage();
    await second.goto(`${stage.hub.url}/?lang=en`);
    await isLive(second);
    await saveView(page, "First");
    await saveView(second, "Second");
    expect(await ownViews(page)).toEqual(["First", "Second"]);
    await page.reload();
    await isLive(page);
    expect(await ownViews(page)).toEqual(["First", "Second"]);
  });

  it("show each the teams of its address, and the last choice counts for the next tab.", async () => {
    const page = await stage.open();
    const second = await page.context().newPage();
    await second.goto(`${stage.hub.url}/?lang=en`);
    await isLive(second);
    const picker = (tab: Page) => tab.getByRole("banner").getByRole("button", { name: /^(All|My) teams/ });
    await picker(page).click();
    await page.getByRole("checkbox", { name: "México · Cobranza" }).check();
    await page.keyboard.press("Escape");
    expect(await picker(second).textContent()).toBe("All teams");
    await saveView(second, "Third");
    const third = await page.context().newPage();
    await third.goto(`${stage.hub.url}/?lang=en`);
    await isLive(third);
    expect(await picker(third).textContent()).toBe("My teams: México · Cobranza");
    expect(await picker(second).textContent()).toBe("All teams");
  });
});
