import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { sampleQueues } from "../../dashboard/board/stories/sample-queues.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");
const LONG_NAME = "Maximilianoalejandrocristobalfernandezmontenegrodelvallesant";
const PHONE = { viewport: { width: 390, height: 844 } };

/** The elements whose words have less room than they need. */
async function cutWords(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((elements) =>
    elements
      .filter(({ clientWidth }) => clientWidth > 1)
      .filter(
        ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
          scrollWidth > clientWidth || scrollHeight > clientHeight + 2,
      )
      .map((element) => `${element.textContent} (${element.scrollWidth} > ${element.clientWidth})`),
  );
}

/** The rectangle of the first element. */
async function boxOf(page: Page, selector: string): Promise<DOMRect> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => element.getBoundingClientRect().toJSON());
}

describe("The list", () => {
  for (const lang of ["es", "en"]) {
    it(`cuts no usual name, status or reason, in ${lang}, from an upright tablet on.`, async () => {
      const page = await stage.open(`?lang=${lang}`);
      await page.locator(".vg-row").first().waitFor();
      const found: Record<string, string[]> = {};
      for (const width of [768, 1024, 1280, 1366, 1440, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForFunction((wide) => innerWidth === wide, width);
        const cut = await cutWords(page, ".vg-row :is(.vg-name, .vg-status > span:not(.vg-hidden), .vg-chip, .vg-c-sentiment)");
        if (cut.length > 0) found[width] = cut;
      }
      expect(found).toEqual({});
    });
  }

  it("shows the whole words of a cell that is too narrow for them when the mouse rests on it.", async () => {
    stage.hub.changeAgents({ agentId: "agent-6", name: LONG_NAME, queue: "Cobranza empresarial extraordinaria del noroeste" });
    const page = await stage.open("?lang=en");
    for (const words of ["Cobranza empresarial", LONG_NAME]) {
      const cell = page.locator(".vg-row :is(td, th)").filter({ hasText: words }).first();
      const title = await cell.evaluate((element) => {
        const { left, top, height } = element.getBoundingClientRect();
        return document
          .elementFromPoint(left + 20, top + height / 3)
          ?.closest("[title]")
          ?.getAttribute("title");
      });
      expect(title).toContain(words);
    }
  });

  it("opens an agent with a press anywhere in the row.", async () => {
    const page = await stage.open("?lang=en");
    const cell = await boxOf(page, ".vg-row:has-text('Bruno Salgado') .vg-c-alerts");
    await page.mouse.click(cell.left + 20, cell.top + 20);
    await page.getByRole("dialog", { name: "Bruno Salgado" }).waitFor();
  });
});

it("A long name without spaces stays within the panel of its agent.", async () => {
  stage.hub.changeAgents({ agentId: "agent-6", name: LONG_NAME });
  const page = await stage.open("?lang=en&agent=agent-6");
  await page.getByRole("dialog", { name: LONG_NAME }).waitFor();
  for (const width of [1440, 768, 360]) {
    await page.setViewportSize({ width, height: 900 });
    const name = await page.locator(".vg-side h2").evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getBoundingClientRect().right;
    });
    expect(name).toBeLessThanOrEqual((await boxOf(page, ".vg-side-head .vg-button")).left);
  }
});

it("A long name of the center leaves the header on one line and the choice of teams whole.", async () => {
  const page = await stage.open("?lang=es&title=Centro de atención telefónica de la República Mexicana Norte");
  await page.locator(".vg-teams").waitFor();
  for (const width of [768, 1024, 1280, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await cutWords(page, ".vg-teams .vg-button > span")).toEqual([]);
    expect((await boxOf(page, ".vg-header")).height).toBeLessThan(50);
  }
  // The words for the past are the longest that stand there.
  await page.getByRole("button", { name: "Historial" }).click();
  await page.setViewportSize({ width: 768, height: 900 });
  await page.locator(".vg-pill[data-state=past]").waitFor();
  expect((await boxOf(page, ".vg-header")).height).toBeLessThan(50);
});

describe("On a phone", () => {
  it("all that one presses has 44 pixels for a finger, and no words are smaller than 12 pixels.", async () => {
    stage.hub.changeQueues(...sampleQueues(Date.now()));
    const page = await stage.open("?lang=es", PHONE);
    await page.locator(".vg-card").first().waitFor();
    const small = await page.locator(".vigia :is(button, input)").evaluateAll((elements) =>
      elements
        .filter((element) => !element.matches(".vg-name, .vg-queue-name"))
        .map((element) => [element.ariaLabel ?? element.textContent, element.getBoundingClientRect().height] as const)
        .filter(([, height]) => height < 44),
    );
    expect(small).toEqual([]);
    const tiny = await page
      .locator(".vg-card *")
      .evaluateAll(
        (elements) =>
          elements.filter(
            (element) =>
              Number.parseFloat(getComputedStyle(element).fontSize) < 11.9 &&
              element.closest(".vg-plus, .vg-hidden, .vg-more") === null,
          ).length,
      );
    expect(tiny).toBe(0);
  });

  it("the first agent who needs a hand is in the upper part of the screen, and its reason and team are whole.", async () => {
    stage.hub.changeQueues(...sampleQueues(Date.now()));
    const page = await stage.open("?lang=es", PHONE);
    await page.locator(".vg-card").first().waitFor();
    expect((await boxOf(page, ".vg-card")).bottom).toBeLessThan(660);
    expect(await cutWords(page, ".vg-card :is(.vg-chip, .vg-card-place)")).toEqual([]);
  });

  it("the page keeps its place while its first agents come.", async () => {
    const { page } = await stage.visit("about:blank", PHONE);
    await page.addInitScript(() => {
      Object.assign(window, { shifted: 0 });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          if ("value" in entry) Object.assign(window, { shifted: Number(Reflect.get(window, "shifted")) + Number(entry.value) });
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(`${stage.hub.url}/?lang=es`);
    await page.locator(".vg-card").first().waitFor();
    await page.waitForTimeout(500);
    // A page below 0.1 is called good. The queues, of which nothing is known before, are not there.
    expect(await page.evaluate(() => Reflect.get(window, "shifted"))).toBeLessThan(0.1);
  });

  it("the tools scroll sideways in one line, and a menu among them opens within the screen.", async () => {
    const page = await stage.open("?lang=es", PHONE);
    expect((await boxOf(page, ".vg-tools")).height).toBeGreaterThanOrEqual(44);
    expect((await boxOf(page, ".vg-tools")).height).toBeLessThan(60);
    await page.getByRole("button", { name: "Filtros" }).click();
    const panel = await boxOf(page, ".vg-toolbar .vg-panel");
    expect(panel.left).toBeGreaterThanOrEqual(0);
    expect(panel.right).toBeLessThanOrEqual(390);
    expect(panel.bottom).toBeLessThanOrEqual(844);
  });
});

it("On paper, every queue has room for its name.", async () => {
  stage.hub.changeQueues(...sampleQueues(Date.now()));
  const page = await stage.open("?lang=es");
  await page.locator(".vg-queue").first().waitFor();
  await page.setViewportSize({ width: 720, height: 1000 });
  await page.emulateMedia({ media: "print" });
  expect(await cutWords(page, ".vg-queue :is(.vg-queue-name, .vg-queue-day)")).toEqual([]);
  expect(
    await page
      .locator(".vg-tile")
      .evaluateAll((tiles) => tiles.every((tile) => tile.getBoundingClientRect().right <= innerWidth)),
  ).toBe(true);
});

it("A wallboard with five queues shows their usual names whole.", async () => {
  const [first, ...others] = sampleQueues(Date.now());
  if (first === undefined) throw new Error("The sample has no queue.");
  stage.hub.changeQueues({ ...first, name: "Atención a clientes" }, ...others, {
    ...first,
    queueId: "q-premium",
    name: "Clientes premium",
  });
  const { page } = await stage.visit(`${stage.hub.url}/?lang=es&tv=1`, { viewport: { width: 1920, height: 1080 } });
  await page.locator(".vg-wb-queue").nth(4).waitFor();
  expect(await cutWords(page, ".vg-wb-queue-head b")).toEqual([]);
});

it("The outline of the count that has the focus is never cut off.", async () => {
  const page = await stage.open("?lang=es");
  for (const viewport of [PHONE.viewport, { width: 768, height: 1024 }, { width: 720, height: 450 }]) {
    await page.setViewportSize(viewport);
    await page.locator(".vg-tile").first().focus();
    for (let place = 0; place < 10; place += 1) {
      const cut = await page.evaluate(() => {
        const outline = 4;
        const { left, right, top, bottom } = document.activeElement?.getBoundingClientRect() ?? new DOMRect();
        const line = document.querySelector(".vg-tile-line")?.getBoundingClientRect() ?? new DOMRect();
        const [from, to] = [Math.max(0, line.left), Math.min(innerWidth, line.right)];
        return Math.max(from - left, right - to, line.top - top, bottom - line.bottom) + outline;
      });
      expect(cut).toBeLessThanOrEqual(0.5);
      await page.keyboard.press("ArrowRight");
    }
  }
});
