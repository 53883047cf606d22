import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JIMENA_CONTACT, sampleCenter, sampleTurns } from "../../dashboard/board/gallery/sample-center.ts";
import { launchBrowser } from "./browser.ts";
import { FakeHub } from "./fake-hub.ts";
import { buildPage, openPage } from "./page.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** WCAG 2.0 to 2.2, levels A and AA. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let browser: Browser;
let hub: FakeHub;

beforeAll(async () => {
  buildPage();
  browser = await launchBrowser();
  hub = new FakeHub();
  hub.change(...sampleCenter(Date.now()));
  hub.say(JIMENA_CONTACT, sampleTurns(Date.now()));
  await hub.start();
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
});

async function violations(page: Page): Promise<string[]> {
  // Through the debugger, not a <script>: the page's own policy need not allow it.
  await page.evaluate(AXE);
  const results = await page.evaluate<AxeResults>(`axe.run(document, { runOnly: ${JSON.stringify(TAGS)} })`);
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

const SCREENS = {
  desktop: { width: 1440, height: 900 },
  tablet: { width: 900, height: 1100 },
  phone: { width: 360, height: 740 },
};
const AGENT = "Jimena Ortega";
const ACTS: Record<string, (page: Page) => Promise<void>> = {
  board: async () => {},
  call: (page) => page.getByRole("button", { name: AGENT }).click(),
  alerts: (page) => page.getByRole("button", { name: /^(Alerts|Avisos)\s*\d/ }).click(),
  settings: (page) => page.getByRole("button", { name: /^(Settings|Ajustes)$/ }).click(),
  filters: (page) =>
    page
      .getByRole("button", { name: /^(Status|Estado|Filters|Filtros)$/ })
      .first()
      .click(),
  grouped: (page) => page.getByRole("button", { name: /^(Group by|Agrupar)/ }).click(),
};

describe("axe finds nothing", () => {
  for (const lang of ["en", "es"]) {
    for (const theme of ["light", "dark"] as const) {
      for (const [screen, viewport] of Object.entries(SCREENS)) {
        it(`in ${lang}, ${theme}, on a ${screen}`, async () => {
          const { page } = await openPage(browser, `${hub.url}/?lang=${lang}&theme=${theme}`, { viewport });
          for (const [name, act] of Object.entries(ACTS)) {
            // Between desktop and phone only the panels differ.
            if (screen === "tablet" && name !== "call") continue;
            await page.goto(`${hub.url}/?lang=${lang}&theme=${theme}${name === "grouped" ? "&by=team&density=compact" : ""}`);
            await page.getByText(AGENT).first().waitFor();
            await act(page);
            expect(await violations(page), name).toEqual([]);
            await page.screenshot({ path: `artifacts/${lang}-${theme}-${screen}-${name}.png` });
          }
          await page.context().close();
        });
      }
      it(`in ${lang}, ${theme}, on the wall`, async () => {
        const { page } = await openPage(browser, `${hub.url}/?tv=1&lang=${lang}&theme=${theme}`, {
          viewport: { width: 1920, height: 1080 },
        });
        await page.getByText(AGENT).waitFor();
        expect(await violations(page)).toEqual([]);
        await page.screenshot({ path: `artifacts/${lang}-${theme}-wall.png` });
        await page.context().close();
      });
    }
  }

  it("while signing in, and when refused", async () => {
    hub.token = "right";
    const { page } = await openPage(browser, `${hub.url}/?lang=es`);
    await page.getByLabel("Token de identidad").fill("wrong");
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByText(/rechazó este token/).waitFor();
    expect(await violations(page)).toEqual([]);
    hub.token = null;
    await page.context().close();
  });
});
