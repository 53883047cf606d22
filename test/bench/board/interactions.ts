import type { Page } from "playwright-core";
import type { Measured } from "../measure/figure.ts";
import { pause } from "../measure/processes.ts";
import { percentile } from "../measure/statistics.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { openBoard } from "./browser.ts";
import { AGENTS, onBusyBoard } from "./busy-board.ts";
import { CHANGES_PER_SECOND } from "./busy-center.ts";
import { firstRowsMs, InteractionProbe } from "./interaction-probe.ts";

/** INP leaves out one interaction of every fifty (web.dev, "Interaction to Next Paint", read 2026-11-26), so it is the 98th percentile. */
const INP_SHARE = 0.98;
const LOADS = 5;
/** A person who types fast needs some 100 ms for a key. */
const KEY_MS = 100;
const CLICK_MS = 400;
const SEARCH = "agente 19";
const ROWS_DOWN = 20;
const HEADINGS = 4;
const WHEEL_STEPS = 20;

/** How fast the board answers a person while the center goes on changing. */
export const interactions: Scenario = {
  name: "keys, clicks and scrolling on a busy board",
  async run({ quick }: Effort): Promise<Measured[]> {
    const { loads, durations, frames } = await useBoard(quick ? 1 : 6, quick ? 1 : LOADS);
    const name = `Board with ${AGENTS.toLocaleString("en")} agents and ${CHANGES_PER_SECOND} changes/s in Chromium`;
    const alone = { peer: null, peerName: null };
    return [
      {
        name: `${name}: from a key or click to the next paint, p98 (INP)`,
        unit: "ms",
        ours: [percentile(durations, INP_SHARE)],
        ...alone,
        goal: { of: "ours", atMost: 100 },
        note: `${durations.length} interactions: letters in the search, arrow keys through the rows, clicks on headings. Chromium's Event Timing, in steps of 8 ms. The hub and the sender run on the same two cores.`,
      },
      {
        name: `${name}: time between two frames while scrolling, p98`,
        unit: "ms",
        ours: [percentile(frames, INP_SHARE)],
        ...alone,
        goal: null,
        note: "A screen shows a frame every 16.7 ms.",
      },
      {
        name: `${name}: from opening the page to the first rows`,
        unit: "ms",
        ours: loads,
        ...alone,
        goal: { of: "ours", atMost: 1000 },
        note: "A new browser profile each time, without a network between the browser and the hub.",
      },
    ];
  },
};

interface Use {
  loads: number[];
  durations: readonly number[];
  frames: readonly number[];
}

function useBoard(rounds: number, loads: number): Promise<Use> {
  return onBusyBoard(async ({ browser, url, center }) => {
    center.start();
    const times: number[] = [];
    for (let load = 0; load < loads; load += 1) times.push(await firstRowsMs(browser, `${url}/?lang=en`));
    const { page, errors } = await openBoard(browser, url);
    await page.locator(".vg-pill[data-state=live]").waitFor();
    const probe = await InteractionProbe.on(page);
    const frames: number[] = [];
    for (let round = 0; round < rounds; round += 1) frames.push(...(await oneRound(page, probe)));
    if (errors.length > 0) throw new Error(`The page failed: ${errors[0]}`);
    return { loads: times, durations: await probe.durations(), frames };
  });
}

/** Searches, walks through the rows, sorts and scrolls. Returns the ms between the frames while it scrolled. */
async function oneRound(page: Page, probe: InteractionProbe): Promise<readonly number[]> {
  const keys = [
    "/",
    ...SEARCH,
    ...Array.from(SEARCH, () => "Backspace"),
    ...Array.from({ length: ROWS_DOWN }, () => "ArrowDown"),
  ];
  for (const key of keys) {
    await page.keyboard.press(key);
    await pause(KEY_MS);
  }
  const headings = page.locator("th .vg-sort");
  for (let index = 0; index < HEADINGS; index += 1) {
    for (let click = 0; click < 2; click += 1) {
      await headings.nth(index).click();
      await pause(CLICK_MS);
    }
  }
  return probe.framesWhile(async () => {
    for (let step = 0; step < WHEEL_STEPS * 2; step += 1) {
      await page.mouse.wheel(0, step < WHEEL_STEPS ? 400 : -400);
      await pause(KEY_MS);
    }
  });
}
