/** `npm run pictures` builds the board, plays the demo and takes the READMEs' pictures of it into docs/: both languages, light and dark. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { freePort } from "../examples/free-port.ts";
import { StartProcess } from "../support/start-process.ts";
import { launchBrowser } from "./browser.ts";

/** Until then the demo has queues, alerts, and calls with a sentiment that moves. */
const PLAY_MS = 100_000;
/** The open call has drawn its transcript and its curve. */
const SETTLE_MS = 3000;
const VIEW = { width: 1440, height: 900 };
const LANGUAGES = [
  { lang: "en", suffix: "" },
  { lang: "es", suffix: ".es" },
] as const;
const COLOURS = [
  { colorScheme: "light", name: "board" },
  { colorScheme: "dark", name: "board-dark" },
] as const;

const folder = mkdtempSync(join(tmpdir(), "vigia-pictures-"));
const demo = new StartProcess(folder, ["--port", String(await freePort()), "--fresh", "--agents", "20", "--calls", "5"]);
const browser = await launchBrowser();
try {
  const url = await demo.url();
  await new Promise((resolve) => setTimeout(resolve, PLAY_MS));
  for (const { lang, suffix } of LANGUAGES) {
    for (const { colorScheme, name } of COLOURS) {
      const page = await browser.newPage({ viewport: VIEW, colorScheme, timezoneId: "America/Mexico_City" });
      await page.goto(`${url}/?lang=${lang}&title=Centro México`);
      await openCall(page);
      await page.screenshot({ path: `docs/${name}${suffix}.png` });
      await page.close();
      console.log(`docs/${name}${suffix}.png`);
    }
  }
} finally {
  await browser.close();
  await demo.destroy();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Opens the first agent in the list whose call has a sentiment. Waits until its transcript is there. */
async function openCall(page: Page): Promise<void> {
  const row = page
    .getByRole("row")
    .filter({ hasText: /On a call|En llamada/ })
    .filter({ hasText: /[+−]\d\.\d/ });
  await row.first().getByRole("button").first().click();
  await page.waitForTimeout(SETTLE_MS);
}
