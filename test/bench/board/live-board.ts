import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHub } from "../../../local/start/hub.ts";
import type { Measured } from "../measure/figure.ts";
import { pause } from "../measure/processes.ts";
import { growth, median, sum } from "../measure/statistics.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { launchBrowser, openBoard } from "./browser.ts";
import { BusyCenter, CHANGES_PER_SECOND } from "./busy-center.ts";
import { busyShare, type Look, PageProbe } from "./page-probe.ts";

/** The instance that the page opens when the address names none. */
const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const AGENTS = 2000;
const MIB = 2 ** 20;

interface Watch {
  /** Time before the first measurement: the page loads, and each call ends once. */
  settleSeconds: number;
  looks: number;
  secondsPerLook: number;
  /** The growth of the heap counts from this measurement on. From then on, the page has seen the start of each of its calls. */
  steadyFrom: number;
}
const WHOLE: Watch = { settleSeconds: 90, looks: 20, secondsPerLook: 30, steadyFrom: 4 };
const QUICK: Watch = { settleSeconds: 2, looks: 3, secondsPerLook: 2, steadyFrom: 0 };

/** Measures the built page in a real Chromium on the real hub for ten minutes. */
export const liveBoard: Scenario = {
  name: "the board in a browser",
  async run({ quick }: Effort): Promise<Measured[]> {
    const watch = quick ? QUICK : WHOLE;
    const { looks, secondsPerLook, steadyFrom } = watch;
    const seen = await watchBoard(watch);
    const longTasks = seen.flatMap((look) => look.longTasks);
    const steady = seen.slice(steadyFrom).map((look, index) => ({ x: (index * secondsPerLook) / 60, y: look.heapBytes / MIB }));
    const name = `Board with ${AGENTS.toLocaleString("en")} agents and ${CHANGES_PER_SECOND} changes/s in Chromium`;
    const alone = { peer: null, peerName: null };
    return [
      {
        name: `${name}: main thread busy`,
        unit: "% of a core",
        ours: [busyShare(seen) * 100],
        ...alone,
        goal: null,
        note: `One run of ${durationText(looks * secondsPerLook)} after ${durationText(watch.settleSeconds)} of settling, on both cores, the hub and the sender beside it. Half of the agents are on a call; calls begin, are scored and end all the time.`,
      },
      {
        name: `${name}: long tasks (over 50 ms) per minute`,
        unit: "tasks/min",
        ours: [(longTasks.length / sum(seen.map((look) => look.seconds))) * 60],
        ...alone,
        goal: { of: "ours", atMost: 1 },
        note: `All long tasks together took ${Math.round(sum(longTasks))} ms, the longest ${Math.round(Math.max(0, ...longTasks))} ms.`,
      },
      {
        name: `${name}: heap of the page`,
        unit: "MiB",
        ours: [median(seen.map((look) => look.heapBytes / MIB))],
        ...alone,
        goal: null,
        note: `After a collection, every ${secondsPerLook} s.`,
      },
      {
        name: `${name}: heap growth per minute`,
        unit: "MiB/min",
        ours: [growth(steady)],
        ...alone,
        goal: { of: "ours", atMost: 0.1 },
        note: `The median slope over the last ${durationText((looks - steadyFrom) * secondsPerLook)} (Theil-Sen), after a collection each time. The page keeps at most 120 scores of a call that goes on, and none of one that is over.`,
      },
    ];
  },
};

async function watchBoard({ settleSeconds, looks, secondsPerLook }: Watch): Promise<Look[]> {
  const folder = mkdtempSync(join(tmpdir(), "vigia-bench-board-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  // An interrupted run does not reach the end of this function.
  process.on("exit", removeFolder);
  const vars = {
    AUTH_MODE: "local",
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
    TICKET_SECRET: Buffer.alloc(32, 4).toString("base64"),
  };
  const hub = await startHub({ port: 0, folder, vars });
  const browser = await launchBrowser();
  const center = new BusyCenter(`${hub.url}/v1/instances/${INSTANCE}/updates`, SECRET, AGENTS);
  try {
    await center.signInAgents();
    const { page, errors } = await openBoard(browser, hub.url);
    const live = page.locator(".vg-pill[data-state=live]");
    await live.waitFor();
    const probe = await PageProbe.on(page);
    center.start();
    await pause(settleSeconds * 1000);
    await probe.look();
    const seen: Look[] = [];
    for (let look = 0; look < looks; look += 1) {
      await pause(secondsPerLook * 1000);
      seen.push(await probe.look());
    }
    await live.waitFor();
    await center.stop();
    if (errors.length > 0) throw new Error(`The page failed: ${errors[0]}`);
    return seen;
  } finally {
    // A complete run has checked above that every post was accepted.
    await center.stop().catch(() => {});
    await browser.close();
    await hub.stop();
    removeFolder();
  }
}

function durationText(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${seconds / 60} minutes`;
}
