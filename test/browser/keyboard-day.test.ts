import { buffer } from "node:stream/consumers";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { sampleQueues } from "../../dashboard/board/stories/sample-queues.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");

/** Presses a key until an element with the words has the focus. */
async function pressUntil(page: Page, key: string, words: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (words.test(await focusedWords(page))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not reach ${String(words)}. The focus is on ${await focusedWords(page)}.`);
}

function focusedWords(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const label = element?.closest("label")?.textContent;
    return (element === document.body ? "" : (element?.getAttribute("aria-label") ?? label ?? element?.textContent ?? "")).trim();
  });
}

it("A supervisor does ten tasks of the day with the keyboard alone.", async () => {
  stage.hub.changeQueues(...sampleQueues(Date.now()));
  const page = await stage.open("?lang=en");
  const { keyboard } = page;
  await page.getByRole("rowheader").first().waitFor();

  // 1. Goes to the agents, of whom the one with the angry customer comes first, and opens the call.
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  expect(await focusedWords(page)).toBe("Jimena Ortega");
  await keyboard.press("Enter");
  const call = page.getByRole("dialog", { name: "Jimena Ortega" });
  await call.getByText("Bueno, pero necesito que").waitFor();
  // 2. Closes it, and opens the next agent.
  await keyboard.press("Escape");
  await call.waitFor({ state: "detached" });
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Yolanda Cruz" }).waitFor();
  await keyboard.press("Escape");
  expect(await focusedWords(page)).toBe("Yolanda Cruz");
  // 3. Reads the alerts.
  await keyboard.press("a");
  await page.getByRole("dialog", { name: "Alerts" }).waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Alerts" }).waitFor({ state: "detached" });
  // 4. Searches for an agent.
  await keyboard.press("/");
  await keyboard.type("nestor");
  await page.locator("#vg-agents").getByText("1 agent shown").waitFor();
  await keyboard.press("ArrowDown");
  expect(await focusedWords(page)).toBe("Néstor Quiroga");
  // 5. Clears the search.
  await keyboard.press("/");
  await keyboard.press("Backspace");
  await page.locator("#vg-agents").getByText("19 agents shown").waitFor();
  // 6. Filters by status.
  await pressUntil(page, "Tab", /^Status/);
  await keyboard.press("Enter");
  await pressUntil(page, "Tab", /^Available$/);
  await keyboard.press("Space");
  await page.locator("#vg-agents").getByText("3 agents shown").waitFor();
  await keyboard.press("Escape");
  await pressUntil(page, "ArrowRight", /^Clear filters/);
  await keyboard.press("Enter");
  await page.locator("#vg-agents").getByText("19 agents shown").waitFor();
  // 7. Opens the busiest queue.
  await pressUntil(page, "Shift+Tab", /^Cobranza/);
  await keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Cobranza" }).waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Cobranza" }).waitFor({ state: "detached" });
  // 8. Downloads the list.
  await pressUntil(page, "Tab", /^(Status|Clear filters|CSV)/);
  const download = page.waitForEvent("download");
  await pressUntil(page, "ArrowRight", /^CSV/);
  await keyboard.press("Enter");
  expect((await buffer(await (await download).createReadStream())).toString()).toContain("Jimena Ortega,México · Cobranza");
  // 9. Sorts by the time in the status.
  await pressUntil(page, "Tab", /^Agent$/);
  await pressUntil(page, "ArrowRight", /^Time$/);
  await keyboard.press("Enter");
  await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("-time");
  // 10. Reads the keys, and pauses the board.
  await keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  await keyboard.press("Escape");
  await pressUntil(page, "Shift+Tab", /^(Pause|Alerts)/);
  await keyboard.press("Home");
  await keyboard.press("Enter");
  await page.getByText(/The board is paused/).waitFor();
}, 60_000);
