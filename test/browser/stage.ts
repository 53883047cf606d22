import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { sampleAlerts } from "../../dashboard/board/stories/sample-alerts.ts";
import { JIMENA_CONTACT, sampleCenter, sampleTurns } from "../../dashboard/board/stories/sample-center.ts";
import { FakeHub } from "./fake-hub.ts";
import { NETWORK, openPage, takeComplaints } from "./page.ts";
import { sharedBrowser } from "./shared-browser.ts";

export interface BrowserStage {
  readonly hub: FakeHub;
  /** Opens a page of the hub and waits until its board is live. */
  open(query?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Opens any address. */
  visit(url: string, options?: BrowserContextOptions): ReturnType<typeof openPage>;
}

/**
 * Prepares the shared browser and a fake hub with the sample center: a new hub for each test, or one for the whole file. Call it
 * once at the top of a file. After each test it closes all pages and fails if one of them had an error.
 */
export function setStage(hubFor: "each test" | "the file"): BrowserStage {
  let browser: Browser | null = null;
  let hub: FakeHub | null = null;
  const raise = async () => {
    hub = new FakeHub();
    hub.changeAgents(...sampleCenter(Date.now()));
    hub.changeAlerts(...sampleAlerts(Date.now()));
    hub.sendTurns(JIMENA_CONTACT, sampleTurns(Date.now()));
    await hub.start();
  };
  beforeAll(async () => {
    browser = await sharedBrowser();
    if (hubFor === "the file") await raise();
  });
  beforeEach(async () => {
    if (hubFor === "each test") await raise();
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    if (hubFor === "each test") await hub?.stop();
    expect(takeComplaints(NETWORK)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    if (hubFor === "the file") await hub?.stop();
  });
  const stage: BrowserStage = {
    get hub() {
      return begun(hub);
    },
    async open(query = "?lang=en", options = {}) {
      const { page } = await stage.visit(`${stage.hub.url}/${query}`, options);
      await page.locator(".vg-pill[data-state=live]").waitFor();
      return page;
    },
    visit: (url, options = {}) => openPage(begun(browser), url, options),
  };
  return stage;
}

function begun<Part>(part: Part | null): Part {
  if (part === null) throw new Error("The hub and the browser exist only while a test runs: use them inside a test.");
  return part;
}
