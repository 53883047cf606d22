import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { sampleContacts } from "../../dashboard/board/stories/sample-contacts.ts";
import { sampleQuarters, sampleQueues, sampleWaiting } from "../../dashboard/board/stories/sample-queues.ts";
import { COLOURS, violations } from "./axe-violations.ts";
import { setStage } from "./stage.ts";

const stage = setStage("the file");
beforeAll(() => {
  const now = Date.now();
  stage.hub.changeQueues(...sampleQueues(now));
  stage.hub.sendQueueContacts("q-cobranza", sampleWaiting(now), sampleQuarters(now));
  stage.hub.changeAgents(...sampleContacts(now));
});

/** Checks all rules on the light page, and then the colours on the dark page. */
async function expectClean(page: Page, picture: (theme: string) => string): Promise<void> {
  expect(await violations(page), picture("light")).toEqual([]);
  await page.screenshot({ path: `artifacts/${picture("light")}.png` });
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await violations(page, COLOURS), picture("dark")).toEqual([]);
  await page.screenshot({ path: `artifacts/${picture("dark")}.png` });
  await page.emulateMedia({ colorScheme: "light" });
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
  queue: (page) => page.getByRole("button", { name: "Cobranza", exact: true }).click(),
  contacts: (page) => page.getByRole("button", { name: "Néstor Quiroga" }).click(),
  alerts: (page) => page.getByRole("button", { name: /^(Alerts|Alertas)\s*\d/ }).click(),
  menu: (page) => page.getByRole("button", { name: /^Men[uú]$/ }).click(),
  settings: async (page) => {
    const settings = page.getByRole("button", { name: /^(Settings|Ajustes)$/ });
    if ((await settings.count()) === 0) await page.getByRole("button", { name: /^Men[uú]$/ }).click();
    await settings.click();
  },
  filters: (page) =>
    page
      .getByRole("button", { name: /^(Status|Estado|Filters|Filtros)$/ })
      .first()
      .click(),
  keys: async (page) => {
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: /^(Keyboard|Teclado)$/ }).waitFor();
  },
  day: async (page) => {
    await page.getByRole("button", { name: /^(Day|Día)$/ }).click();
    await page.getByRole("heading", { name: /^(The agents' day|El día de los agentes)$/ }).waitFor();
  },
  views: async (page) => {
    await page.getByRole("button", { name: /^(Views|Vistas)$/ }).click();
    await page.getByRole("button", { name: /^(Copy link to this view|Copiar enlace a esta vista)$/ }).waitFor();
  },
  grouped: (page) => page.getByRole("button", { name: /^(Group by|Agrupar)/ }).click(),
};

describe("Axe finds no violation", () => {
  for (const lang of ["en", "es"]) {
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      it(`in ${lang}, light and dark, on a ${screen}.`, async () => {
        const { page } = await stage.visit("about:blank", { viewport });
        for (const [name, act] of Object.entries(ACTS)) {
          // A tablet differs from a desktop only by its panels.
          if (screen === "tablet" && name !== "call") continue;
          await page.goto(`${stage.hub.url}/?lang=${lang}${name === "grouped" ? "&by=team&density=compact" : ""}`);
          await page.getByText(AGENT).first().waitFor();
          await act(page);
          await expectClean(page, (theme) => `${lang}-${theme}-${screen}-${name}`);
        }
      });
    }
    it(`in ${lang}, light and dark, on the wallboard.`, async () => {
      const { page } = await stage.visit(`${stage.hub.url}/?tv=1&lang=${lang}`, { viewport: { width: 1920, height: 1080 } });
      await page.getByText(AGENT).waitFor();
      await expectClean(page, (theme) => `${lang}-${theme}-wallboard`);
    });
  }

  it("in the sign-in dialog, before and after the hub refused a token.", async () => {
    stage.hub.token = "right";
    const { page } = await stage.visit(`${stage.hub.url}/?lang=es`);
    await page.getByLabel("Token de identidad").fill("wrong");
    expect(await violations(page)).toEqual([]);
    await page.getByRole("dialog").getByRole("button", { name: "Iniciar sesión" }).click();
    await page.getByText(/rechazó este token/).waitFor();
    expect(await violations(page)).toEqual([]);
    stage.hub.token = null;
  });
});
