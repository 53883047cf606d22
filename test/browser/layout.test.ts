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
    const rowCount = Number(document.querySelector("table")?.ariaRowCount ?? 1) - 1;
    // Rows out of sight come into the page in spare time. Headings of sections count as rows too.
    for (let [wait, whole] = [0, 0]; wait < 200 && whole < 5; wait += 1) {
      whole = document.querySelectorAll(".vg-row, .vg-group").length >= rowCount ? whole + 1 : 0;
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

/** Opens the board with these columns, in the same page as before if one is given: that is much quicker. */
async function openWith(columns: readonly string[], before?: Page): Promise<Page> {
  const query = `?lang=es&cols=${columns.join("+")}`;
  if (before === undefined) stage.hub.changeQueues(...sampleQueues(Date.now()));
  else await before.setViewportSize({ width: 1440, height: 900 });
  await before?.goto(`${stage.hub.url}/${query}`);
  const page = before ?? (await stage.open(query));
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

/** The width with one of the heights. Another `turn` pairs it with another one. */
const paired = (width: number, turn: number) => [width, HEIGHTS[turn % HEIGHTS.length] ?? 900] as const;
/** Each width with two heights, and each height with three or more widths. */
const EACH_SIZE = WIDTHS.flatMap((width, index) => [paired(width, index), paired(width, index + 2)]);
/** A narrow and a wide window, which differ from set to set: all sets together have each width more than once. */
const twoSizes = (set: number) => [set, set + 4].map((turn) => paired(WIDTHS[turn % WIDTHS.length] ?? 1440, turn + set));

async function expectNoFaultsIn(sets: readonly (readonly string[])[]): Promise<void> {
  let page: Page | undefined;
  for (const [set, columns] of sets.entries()) {
    page = await openWith(columns, page);
    await expectNoFaults(page, twoSizes(set));
  }
}

describe("Every row can be reached, and every name read, at each size", () => {
  for (const [name, columns] of [
    ["all columns", OPTIONAL_KEYS],
    ["no optional column", []],
  ] as const) {
    it(`with ${name}.`, async () => {
      await expectNoFaults(await openWith(columns), EACH_SIZE);
    });
  }

  it("with each column alone.", async () => {
    await expectNoFaultsIn(OPTIONAL_KEYS.map((column) => [column]));
  });

  it("with ten mixed sets of columns.", async () => {
    await expectNoFaultsIn(MIXED);
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
  it("shows at least 14 rows at the usual density, with the queues and the counts above them.", async () => {
    stage.hub.changeQueues(...sampleQueues(Date.now()));
    const page = await stage.open("?lang=es");
    await page.locator('.vg-table[data-density="comfortable"]').waitFor();
    await page.getByText("Necesitan ayuda").waitFor();
    const shown = await page.locator(".vg-row").evaluateAll((rows) => {
      const list = document.querySelector(".vg-scroller")?.getBoundingClientRect();
      return rows.filter((row) => row.getBoundingClientRect().bottom <= (list?.bottom ?? 0)).length;
    });
    expect(shown).toBeGreaterThanOrEqual(14);
  });
});
