import type { Measured } from "../measure/figure.ts";
import { pause } from "../measure/processes.ts";
import { growth, median, sum } from "../measure/statistics.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { openBoard } from "./browser.ts";
import { AGENTS, onBusyBoard } from "./busy-board.ts";
import { CHANGES_PER_SECOND } from "./busy-center.ts";
import { busyShare, type Look, PageProbe } from "./page-probe.ts";

const MIB = 2 ** 20;

interface Watch {
  /** Time before the first measurement: the page loads, and each call ends once. */
  settleSeconds: number;
  looks: number;
  secondsPerLook: number;
  /** The growth of the heap counts from this measurement on. From then on, the page has seen the start of each of its calls. */
  steadyFrom: number;
}
const WHOLE: Watch = { settleSeconds: 60, looks: 8, secondsPerLook: 30, steadyFrom: 4 };
const QUICK: Watch = { settleSeconds: 2, looks: 3, secondsPerLook: 2, steadyFrom: 0 };

/** Measures the built page in a real Chromium on the real hub for four minutes. */
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
        note: `One run of ${durationText(looks * secondsPerLook)} after ${durationText(watch.settleSeconds)} of settling, on both cores, the hub and the sender beside it. Half of the agents are on a call. Calls begin, are scored and end all the time.`,
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

function watchBoard({ settleSeconds, looks, secondsPerLook }: Watch): Promise<Look[]> {
  return onBusyBoard(async ({ browser, url, center }) => {
    const { page, errors } = await openBoard(browser, url);
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
    if (errors.length > 0) throw new Error(`The page failed: ${errors[0]}`);
    return seen;
  });
}

function durationText(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${seconds / 60} minutes`;
}
