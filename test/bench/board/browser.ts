import { type Browser, chromium, type Page } from "playwright-core";
import { ensureChromium } from "../../../scripts/chromium.ts";

/** Starts a headless Chromium that makes no network requests of its own. */
export function launchBrowser(): Promise<Browser> {
  const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"];
  return chromium.launch({ executablePath: ensureChromium(), args });
}

export async function openBoard(browser: Browser, url: string): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${url}/?lang=en`);
  return { page, errors };
}
