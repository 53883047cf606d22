import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { OPTIONAL_KEYS } from "../../dashboard/board/columns/column-keys.ts";
import { sampleQueues } from "../../dashboard/board/stories/sample-queues.ts";
import { setStage } from "./stage.ts";

const stage = setStage("the file");

const WIDTHS = [320, 390, 768, 1024, 1280, 1366, 1440, 1920];
const HEIGHTS = [450, 600, 720, 900, 1080];
const LEAST_NAME_PX = 120;

/** Ten sets that nobody chose by hand, the same in each run. */
const MIXED = Array.from({ length: 10 }, (_, set) =>
  OPTIONAL_KEYS.filter((_, column) => ((set + 3) * (column + 7) * 2_654_435_761) % 97 < 45),
);

/** What is wrong with the layout as it is, in words; empty = nothing. */
async function faultsOf(page: Page): Promise<string[]> {
  return page.evaluate(async (leastName) => {
    const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await settled();
    const faults: string[] = [];
    const board = document.querySelector<HTMLElement>(".vigia");
    if (board === null) return ["there is no board"];
    if (document.documentElement.scrollWidth > innerWidth) faults.push("the page scrolls to the side");
    if (board.scrollWidth > board.clientWidth) faults.push("the board scrolls to the side");
    const agents = Number(document.querySelector("table")?.ariaRowCount ?? 1) - 1;
    // Rows out of sight come into the page in spare time.
    for (let [wait, whole] = [0, 0]; wait < 200 && whole < 5; wait += 1) {
      whole = document.querySelectorAll(".vg-row").length >= agents ? whole + 1 : 0;
      await settled();
    }
    const rows = [...document.querySelectorAll<HTMLElement>(".vg-row, .vg-card")];
    for (const row of [rows[0], rows.at(-1)]) {
      row?.scrollIntoView({ block: "center" });
      await settled();
      const name = row?.querySelector<HTMLElement>(".vg-name")?.getBoundingClientRect();
      if (row === undefined || name === undefined) return [...faults, "a row has no name"];
      const there = document.elementFromPoint(name.left + 4, name.top + name.height / 2);
      if (there === null || !row.contains(there)) faults.push(`the row ${row.textContent?.slice(0, 20)} cannot be reached`);
    }
    const cell = document.querySelector<HTMLElement>(".vg-row > th");
    const list = document.querySelector<HTMLElement>(".vg-scroller");
    if (cell === null || list === null) return faults;
    if (cell.getBoundingClientRect().width < leastName) faults.push(`a name has ${cell.getBoundingClientRect().width} px`);
    list.scrollLeft = list.scrollWidth;
    await settled();
    const moved = cell.getBoundingClientRect();
    if (moved.left < list.getBoundingClientRect().left || moved.left > innerWidth)
      faults.push("a name leaves the list to the side");
    list.scrollLeft = 0;
    return faults;
  }, LEAST_NAME_PX);
}

async function openWith(columns: readonly string[]): Promise<Page> {
  stage.hub.changeQueues(...sampleQueues(Date.now()));
  const page = await stage.open(`?lang=es&cols=${columns.join("+")}`, { viewport: { width: 1440, height: 900 } });
  await page.locator(".vg-row").first().waitFor();
  return page;
}

async function expectNoFaults(page: Page, sizes: readonly (readonly [width: number, height: number])[]): Promise<void> {
  const found: Record<string, string[]> = {};
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    await page
      .locator(width < 700 ? ".vg-card" : ".vg-row")
      .first()
      .waitFor();
    const faults = await faultsOf(page);
    if (faults.length > 0) found[`${width}×${height}`] = faults;
  }
  expect(found).toEqual({});
}

const everySize = WIDTHS.flatMap((width) => HEIGHTS.map((height) => [width, height] as const));
/** Every second width, with a height that differs from set to set. */
const eachWidth = (set: number) =>
  WIDTHS.filter((_, index) => (index + set) % 2 === 0).map(
    (width, index) => [width, HEIGHTS[(index + set) % HEIGHTS.length] ?? 900] as const,
  );

describe("Every row can be reached, and every name read, at each size", () => {
  for (const [name, columns] of [
    ["all columns", OPTIONAL_KEYS],
    ["no optional column", []],
  ] as const) {
    it(`with ${name}.`, async () => {
      await expectNoFaults(await openWith(columns), everySize);
    });
  }

  it("with each column alone.", async () => {
    for (const [set, column] of OPTIONAL_KEYS.entries()) await expectNoFaults(await openWith([column]), eachWidth(set));
  });

  it("with ten mixed sets of columns.", async () => {
    for (const [set, columns] of MIXED.entries()) await expectNoFaults(await openWith(columns), eachWidth(set));
  });

  it("at a zoom of 200 % and of 400 %, with a banner above.", async () => {
    const page = await openWith([]);
    await page.getByRole("button", { name: "Pausar" }).click();
    await expectNoFaults(page, [
      [720, 450],
      [360, 225],
      [640, 360],
      [320, 256],
    ]);
  });
});

describe("A laptop's window of 1440×900", () => {
  it("shows at least 14 rows with the queues and the counts above them.", async () => {
    const page = await openWith(["status", "time", "queue", "sentiment", "alerts"]);
    const shown = await page.locator(".vg-row").evaluateAll((rows) => {
      const list = document.querySelector(".vg-scroller")?.getBoundingClientRect();
      return rows.filter((row) => row.getBoundingClientRect().bottom <= (list?.bottom ?? 0)).length;
    });
    expect(shown).toBeGreaterThanOrEqual(14);
  });
});
