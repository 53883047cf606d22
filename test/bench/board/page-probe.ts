import type { CDPSession, Page } from "playwright-core";
import { pause } from "../measure/processes.ts";
import { sum } from "../measure/statistics.ts";

/** The work of the page since the last measurement. */
export interface Look {
  /** Seconds since the last measurement. */
  seconds: number;
  /** Seconds of work on its main thread. */
  busySeconds: number;
  /** Tasks over 50 ms, each in ms. */
  longTasks: readonly number[];
  /** Bytes of JavaScript heap after a collection. */
  heapBytes: number;
}

/** Milliseconds until Chromium reports a long task that has ended. */
const REPORT_DELAY_MS = 200;

/** Measures a page from outside. A measurement collects garbage, and that work does not count as the page's. */
export class PageProbe {
  readonly #page: Page;
  readonly #cdp: CDPSession;
  #since = 0;
  #busyBefore = 0;

  private constructor(page: Page, cdp: CDPSession) {
    this.#page = page;
    this.#cdp = cdp;
  }

  static async on(page: Page): Promise<PageProbe> {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable");
    await page.evaluate(() => {
      const found: number[] = [];
      Reflect.set(window, "longTasks", found);
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) found.push(entry.duration);
      }).observe({ type: "longtask", buffered: false });
    });
    return new PageProbe(page, cdp);
  }

  /** Returns the work of the page since the last measurement. */
  async look(): Promise<Look> {
    const seconds = (performance.now() - this.#since) / 1000;
    const busySeconds = (await this.#metric("TaskDuration")) - this.#busyBefore;
    const longTasks = await this.#drainLongTasks();
    await this.#cdp.send("HeapProfiler.collectGarbage");
    const heapBytes = await this.#metric("JSHeapUsedSize");
    await pause(REPORT_DELAY_MS);
    await this.#drainLongTasks();
    this.#busyBefore = await this.#metric("TaskDuration");
    this.#since = performance.now();
    return { seconds, busySeconds, longTasks, heapBytes };
  }

  async #drainLongTasks(): Promise<number[]> {
    return this.#page.evaluate(() => {
      const found: unknown = Reflect.get(window, "longTasks");
      return Array.isArray(found) ? found.splice(0) : [];
    });
  }

  async #metric(name: string): Promise<number> {
    const { metrics } = await this.#cdp.send("Performance.getMetrics");
    return metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  }
}

/** Returns the share of a core that the page's main thread used. */
export function busyShare(looks: readonly Look[]): number {
  return sum(looks.map((look) => look.busySeconds)) / sum(looks.map((look) => look.seconds));
}
