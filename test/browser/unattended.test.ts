import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { takeComplaints } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("the file");

/** Opens an empty page whose clock the test moves. */
async function emptyPage(): Promise<Page> {
  const { page } = await stage.visit("about:blank", { viewport: { width: 1920, height: 1080 } });
  await page.clock.install();
  return page;
}

const isLive = (page: Page) => page.locator(".vg-pill[data-state=live]").waitFor();
const wallboard = () => `${stage.hub.url}/?tv=1&lang=en`;

describe("A wallboard that nobody attends", () => {
  it("reloads itself when the server has a newer version of the page, and a board of a person does not.", async () => {
    const page = await emptyPage();
    await page.goto(wallboard());
    await isLive(page);
    let loads = 0;
    page.on("load", () => {
      loads += 1;
    });
    await page.route(`${stage.hub.url}/`, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: '<script type="module" crossorigin src="/assets/index-newer.js"></script>',
      }),
    );
    await page.clock.fastForward(10 * 60_000 + 1000);
    await expect
      .poll(async () => {
        await page.clock.fastForward(60_000);
        return loads;
      })
      .toBe(1);
    await isLive(page);
    await page.goto(`${stage.hub.url}/?lang=en`);
    await isLive(page);
    loads = 0;
    await page.clock.fastForward(15 * 60_000);
    await page.clock.fastForward(60_000);
    await isLive(page);
    expect(loads).toBe(0);
    // The clock jumped while the page waited for a ticket or an answer.
    expect(takeComplaints(/^(vigia: |WebSocket connection to |Failed to load resource: )/)).toEqual([]);
  });

  it("reloads itself when a part of the page is missing.", async () => {
    const page = await emptyPage();
    // The browser may ask twice: ahead of time, and when the part is shown.
    const chunk = "**/assets/Wallboard-*.js";
    await page.route(chunk, (route) => route.abort());
    await page.goto(wallboard());
    await page.locator(".vg-missing").waitFor();
    await page.unroute(chunk);
    await page.clock.fastForward(30_000);
    await isLive(page);
    await page.locator(".vg-wb-counts").waitFor();
  });

  it("asks the browser to keep the screen on.", async () => {
    const page = await emptyPage();
    await page.addInitScript(() => {
      const asked: string[] = [];
      Object.assign(window, { asked });
      const request = async (type: string) => {
        asked.push(type);
        return { released: false, release: async () => {} };
      };
      Object.defineProperty(navigator, "wakeLock", { value: { request } });
    });
    await page.goto(wallboard());
    await isLive(page);
    await expect.poll(() => page.evaluate(() => Reflect.get(window, "asked"))).toContain("screen");
  });
});
