/** Takes pictures of the board into artifacts/: `node test/browser/shots.ts [name…]`. */
import { mkdirSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { sampleAlerts } from "../../dashboard/board/stories/sample-alerts.ts";
import { JIMENA_CONTACT, sampleCenter, sampleTurns } from "../../dashboard/board/stories/sample-center.ts";
import { launchBrowser } from "./browser.ts";
import { FakeHub } from "./fake-hub.ts";

interface Shot {
  name: string;
  query: string;
  width: number;
  height: number;
  dark?: boolean;
  act?: (page: Page) => Promise<void>;
}

const openCall = (page: Page) => page.getByRole("button", { name: /Jimena Ortega/ }).click();
const SHOTS: Shot[] = [
  { name: "light-es", query: "?lang=es&title=Centro México", width: 1440, height: 900 },
  { name: "dark-es", query: "?lang=es&title=Centro México", width: 1440, height: 900, dark: true },
  { name: "light-en-compact", query: "?lang=en&density=compact&by=team&title=Centro México", width: 1440, height: 900 },
  { name: "phone-es", query: "?lang=es&title=Centro México", width: 390, height: 844 },
  { name: "wallboard-es", query: "?lang=es&tv=1&title=Centro México", width: 1920, height: 1080, dark: true },
  { name: "call-es", query: "?lang=es&title=Centro México", width: 1440, height: 900, act: openCall },
  { name: "tablet-en", query: "?lang=en&title=Centro México", width: 1024, height: 768 },
  { name: "tablet-upright-en", query: "?lang=en&title=Centro México", width: 834, height: 1112 },
  { name: "tablet-upright-es", query: "?lang=es&title=Centro México", width: 834, height: 1112 },
  { name: "call-tablet-es", query: "?lang=es&title=Centro México", width: 768, height: 1024, act: openCall },
  { name: "call-phone-en", query: "?lang=en&title=Centro México", width: 390, height: 844, act: openCall },
];

async function takeShot(browser: Browser, hub: FakeHub, shot: Shot): Promise<void> {
  const options: BrowserContextOptions = {
    viewport: { width: shot.width, height: shot.height },
    colorScheme: shot.dark === true ? "dark" : "light",
    timezoneId: "America/Mexico_City",
  };
  const page = await browser.newPage(options);
  page.on("console", (message) => console.log(shot.name, message.type(), message.text()));
  page.on("pageerror", (error) => console.log(shot.name, error.message));
  await page.goto(`${hub.url}/${shot.query}`);
  await page.getByText("Jimena Ortega").first().waitFor();
  // The score of Ximena's customer drops.
  hub.changeAgents({ agentId: "agent-16", sentimentScore: 0.4 }, { agentId: "agent-1", sentimentScore: 2.9 });
  await page.waitForTimeout(700);
  hub.changeAgents({ agentId: "agent-16", sentimentScore: -2.1 });
  await shot.act?.(page);
  await page.waitForTimeout(1200);
  await page.screenshot({ path: `artifacts/${shot.name}.png` });
  await page.close();
  hub.changeAgents({ agentId: "agent-16", sentimentScore: 1.1 });
}

mkdirSync("artifacts", { recursive: true });
const hub = new FakeHub();
hub.changeAgents(...sampleCenter(Date.now()));
hub.changeAlerts(...sampleAlerts(Date.now()));
hub.sendTurns(JIMENA_CONTACT, sampleTurns(Date.now()));
await hub.start();
const browser = await launchBrowser();
const names = process.argv.slice(2);
for (const shot of SHOTS) if (names.length === 0 || names.includes(shot.name)) await takeShot(browser, hub, shot);
await browser.close();
await hub.stop();
