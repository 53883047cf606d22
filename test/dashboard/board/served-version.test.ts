import { describe, expect, it } from "vitest";
import { ServedVersion, scriptOf } from "../../../dashboard/board/page/served-version.ts";

const TEN_MINUTES = 10 * 60_000;

/** A page whose time the test moves. */
class StagedPage {
  served: string | null = "/assets/index-old.js";
  isUnattended = true;
  reloads = 0;
  #now = 0;
  readonly #timers: { at: number; callback: () => void }[] = [];
  readonly #kept = new Map<string, string>();

  open(own = "/assets/index-old.js"): ServedVersion {
    const version = new ServedVersion({
      own,
      served: async () => this.served,
      isUnattended: () => this.isUnattended,
      reload: () => {
        this.reloads += 1;
      },
      setTimeout: (callback, ms) => this.#timers.push({ at: this.#now + ms, callback }),
      now: () => this.#now,
      random: () => 0.5,
      memory: { getItem: (key) => this.#kept.get(key) ?? null, setItem: (key, value) => this.#kept.set(key, value) },
    });
    version.start();
    return version;
  }

  /** A reload ends all timers. */
  forgetTimers(): void {
    this.#timers.length = 0;
  }

  async wait(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#now = next.at;
      next.callback();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = end;
  }
}

describe("A wallboard", () => {
  it("reloads itself once the server has another version, and not before.", async () => {
    const page = new StagedPage();
    page.open();
    await page.wait(3 * TEN_MINUTES);
    expect(page.reloads).toBe(0);
    page.served = "/assets/index-new.js";
    await page.wait(TEN_MINUTES + 60_000);
    expect(page.reloads).toBe(1);
  });

  it("does not reload while the server is down, because a browser's error page would stay for ever.", async () => {
    const page = new StagedPage();
    page.open();
    page.served = null;
    await page.wait(20 * TEN_MINUTES);
    expect(page.reloads).toBe(0);
    const failed = new StagedPage();
    failed.served = null;
    failed.open().reloadAfterFailure();
    await failed.wait(20 * TEN_MINUTES);
    expect(failed.reloads).toBe(0);
    failed.served = "/assets/index-old.js";
    await failed.wait(60_000);
    expect(failed.reloads).toBe(1);
  });

  it("reloads once an hour at most when the reload brings the old version again.", async () => {
    const page = new StagedPage();
    page.served = "/assets/index-new.js";
    page.open();
    await page.wait(TEN_MINUTES + 60_000);
    page.forgetTimers();
    page.open();
    await page.wait(3 * TEN_MINUTES);
    expect(page.reloads).toBe(1);
    await page.wait(4 * TEN_MINUTES);
    expect(page.reloads).toBe(2);
  });

  it("is left alone while a person uses the page.", async () => {
    const page = new StagedPage();
    page.isUnattended = false;
    page.served = "/assets/index-new.js";
    page.open().reloadAfterFailure();
    await page.wait(9 * TEN_MINUTES);
    expect(page.reloads).toBe(0);
  });

  it("finds the script in the page, and none in an error of a proxy.", () => {
    expect(scriptOf('<script type="module" crossorigin src="/assets/index-BpBayGiL.js"></script>')).toBe(
      "/assets/index-BpBayGiL.js",
    );
    expect(scriptOf("<h1>502 Bad Gateway</h1>")).toBeNull();
  });
});
