import type { Browser, Page } from "playwright-core";
import * as v from "valibot";

const numbers = v.array(v.number());
/** Event Timing reports events from 16 ms on (W3C Event Timing API, minimum of `durationThreshold`). Faster ones count as this. */
const UNREPORTED_MS = 16;
/** Chromium reports an event after the paint that follows it. */
const REPORT_DELAY_MS = 500;

/** Measures in the page how long its answers to keys and clicks take. */
export class InteractionProbe {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async on(page: Page): Promise<InteractionProbe> {
    await page.evaluate(() => {
      const longest = new Map<number, number>();
      const begun = new Set<number>();
      Reflect.set(window, "benchInteractions", { longest, begun });
      // Options of Event Timing that TypeScript's DOM does not know.
      const options: object = { type: "event", durationThreshold: 16, buffered: false };
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const id = Number(Reflect.get(entry, "interactionId"));
          if (id > 0) longest.set(id, Math.max(longest.get(id) ?? 0, entry.duration));
        }
      }).observe(options);
      Reflect.set(window, "benchCountBefore", Reflect.get(performance, "interactionCount"));
    });
    return new InteractionProbe(page);
  }

  /** Returns the ms from each interaction so far to the paint that showed its result. */
  async durations(): Promise<readonly number[]> {
    await this.#page.waitForTimeout(REPORT_DELAY_MS);
    const { count, reported } = v.parse(
      v.object({ count: v.number(), reported: numbers }),
      await this.#page.evaluate(() => {
        const { longest } = Reflect.get(window, "benchInteractions");
        const count = Number(Reflect.get(performance, "interactionCount")) - Number(Reflect.get(window, "benchCountBefore"));
        return { count, reported: [...longest.values()] };
      }),
    );
    return [...reported, ...Array.from({ length: Math.max(0, count - reported.length) }, () => UNREPORTED_MS)];
  }

  /** Returns the ms between the frames that the page painted while `act` ran. */
  async framesWhile(act: () => Promise<void>): Promise<readonly number[]> {
    await this.#page.evaluate(() => {
      const times: number[] = [];
      Reflect.set(window, "benchFrames", times);
      const note = (at: number) => {
        times.push(at);
        if (Reflect.get(window, "benchFrames") === times) requestAnimationFrame(note);
      };
      requestAnimationFrame(note);
    });
    await act();
    const times = v.parse(
      numbers,
      await this.#page.evaluate(() => {
        const noted: unknown = Reflect.get(window, "benchFrames");
        Reflect.set(window, "benchFrames", null);
        return noted;
      }),
    );
    return times.slice(1).map((at, index) => at - (times[index] ?? at));
  }
}

/** Opens the page in a fresh profile. Returns the ms from the navigation to the frame with the first rows. */
export async function firstRowsMs(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(() => {
      const look = () => {
        if (document.querySelector("tr.vg-row") === null) requestAnimationFrame(look);
        else requestAnimationFrame(() => Reflect.set(window, "benchFirstRows", performance.now()));
      };
      requestAnimationFrame(look);
    });
    await page.goto(url);
    const shown = await page.waitForFunction(() => Reflect.get(window, "benchFirstRows"));
    return v.parse(v.number(), await shown.jsonValue());
  } finally {
    await context.close();
  }
}
