import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CDPSession, Page } from "playwright-core";
import { startHub } from "../../../local/hub.ts";
import type { Update } from "../../../protocol/updates.ts";
import { signedPost } from "../../support/signed-post.ts";
import { aContact, anAgentState, aSentiment } from "../../support/updates.ts";
import type { Measured } from "../measure/figure.ts";
import { pause } from "../measure/processes.ts";
import { sum } from "../measure/statistics.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { buildPage, launchBrowser, openBoard } from "./browser.ts";

/** The contact center the page asks for unless told otherwise. */
const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const AGENTS = 2000;
const CHANGES_PER_SECOND = 50;
const POSTS_PER_SECOND = 10;
/** Long enough for every call to have its first score: from then on nothing may grow. */
const SETTLE_MS = 25_000;

/** The built page in a real Chromium on the real hub. */
export const liveBoard: Scenario = {
  name: "the board in a browser",
  async run({ quick }: Effort): Promise<Measured[]> {
    const seconds = quick ? 10 : 60;
    const settleMs = quick ? 3000 : SETTLE_MS;
    const seen = await watch(seconds, settleMs);
    const name = `Board with ${AGENTS.toLocaleString("en")} agents and ${CHANGES_PER_SECOND} changes/s in Chromium`;
    const alone = { peer: null, peerName: null };
    const note = `One run of ${seconds} s after ${settleMs / 1000} s of settling, on both cores, the hub and the sender beside it.`;
    return [
      {
        name: `${name}: main thread busy`,
        unit: "% of a core",
        ours: [seen.busy * 100],
        ...alone,
        goal: null,
        note,
      },
      {
        name: `${name}: long tasks (over 50 ms) per minute`,
        unit: "tasks/min",
        ours: [(seen.longTasks.length / seconds) * 60],
        ...alone,
        goal: { of: "ours", atMost: 1 },
        note: `All long tasks together took ${Math.round(sum(seen.longTasks))} ms, the longest ${Math.round(Math.max(0, ...seen.longTasks))} ms.`,
      },
      { name: `${name}: heap of the page`, unit: "MiB", ours: [seen.heapEnd / 2 ** 20], ...alone, goal: null, note: "" },
      {
        name: `${name}: heap growth per minute, after collections`,
        unit: "MiB/min",
        ours: [((seen.heapEnd - seen.heapStart) / 2 ** 20 / seconds) * 60],
        ...alone,
        goal: { of: "ours", atMost: 0.5 },
        note: "",
      },
    ];
  },
};

interface Seen {
  busy: number;
  longTasks: number[];
  heapStart: number;
  heapEnd: number;
}

async function watch(seconds: number, settleMs: number): Promise<Seen> {
  buildPage();
  const folder = mkdtempSync(join(tmpdir(), "vigia-bench-board-"));
  const vars = {
    AUTH_MODE: "local",
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
    TICKET_SECRET: Buffer.alloc(32, 4).toString("base64"),
  };
  const hub = await startHub({ port: 0, folder, vars });
  const browser = await launchBrowser();
  const sender = new Sender(`${hub.url}/v1/instances/${INSTANCE}/updates`);
  try {
    await sender.begin();
    const { page, errors } = await openBoard(browser, hub.url);
    await page.locator(".vg-pill[data-state=live]").waitFor();
    await observeLongTasks(page);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable");
    sender.start();
    await pause(settleMs);
    const heapStart = await heap(cdp);
    await longTasks(page);
    const before = await metric(cdp, "TaskDuration");
    const start = performance.now();
    await pause(seconds * 1000);
    const busy = ((await metric(cdp, "TaskDuration")) - before) / ((performance.now() - start) / 1000);
    const tasks = await longTasks(page);
    const heapEnd = await heap(cdp);
    await page.locator(".vg-pill[data-state=live]").waitFor();
    await sender.stop();
    if (errors.length > 0) throw new Error(`The page failed: ${errors[0]}`);
    return { busy, longTasks: tasks, heapStart, heapEnd };
  } finally {
    await sender.stop();
    await browser.close();
    await hub.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function observeLongTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const found: number[] = [];
    Reflect.set(window, "longTasks", found);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) found.push(entry.duration);
    }).observe({ type: "longtask", buffered: false });
  });
}

/** The long tasks since the last call, ms. */
async function longTasks(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const found: unknown = Reflect.get(window, "longTasks");
    return Array.isArray(found) ? found.splice(0) : [];
  });
}

async function heap(cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.collectGarbage");
  return metric(cdp, "JSHeapUsedSize");
}

async function metric(cdp: CDPSession, name: string): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find((one) => one.name === name)?.value ?? Number.NaN;
}

/** Posts scores of ever other agents, as many a second as wanted, until it is stopped. */
class Sender {
  readonly #url: string;
  #running: Promise<void> | null = null;
  #stopped = false;
  #next = 0;

  constructor(url: string) {
    this.#url = url;
  }

  async begin(): Promise<void> {
    const now = Date.now();
    for (let from = 0; from < AGENTS; from += 500) {
      const indexes = Array.from({ length: 500 }, (_, offset) => from + offset);
      await this.#post(
        indexes.map((index) => {
          const contact = aContact({ contactId: `call-${index}`, since: now, connectedAt: now, queue: "Ventas" });
          const status = { name: "Available", kind: "routable", since: now } as const;
          const person = { agentId: `agent-${index}`, name: `María Fernanda Agente ${index}`, groups: ["Ventas"] };
          return anAgentState({ ...person, occurredAt: now, status, contacts: index % 2 === 0 ? [contact] : [] });
        }),
      );
    }
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const start = performance.now();
    for (let post = 0; !this.#stopped; post += 1) {
      const wait = start + (post * 1000) / POSTS_PER_SECOND - performance.now();
      if (wait > 0) await pause(wait);
      await this.#post(Array.from({ length: CHANGES_PER_SECOND / POSTS_PER_SECOND }, () => this.#change()));
    }
  }

  #change(): Update {
    this.#next += 1;
    const index = (this.#next * 2) % AGENTS;
    return aSentiment((((this.#next * 13) % 101) - 50) / 10, { contactId: `call-${index}`, occurredAt: Date.now() });
  }

  async #post(updates: Update[]): Promise<void> {
    const answer = await signedPost(this.#url, updates, { secret: SECRET });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`The hub answered ${answer.status}.`);
  }
}
