import { readdirSync, readFileSync } from "node:fs";
import { sum } from "./statistics.ts";

/** Linux counts in hundredths of a second (sysconf _SC_CLK_TCK). */
const TICKS_PER_SECOND = 100;
/** Reading all of /proc takes some milliseconds of the core that measures. */
const LOOK_EVERY_MS = 10_000;

/**
 * Begins to watch what else the machine does. The returned function ends it and says how many cores, on average since then, were
 * used by work that is neither this process's nor its children's; null where there is no /proc to read.
 */
export function watchOtherWork(): () => number | null {
  const start = performance.now();
  const before = takeStock();
  let own = before?.own ?? 0;
  // A browser's processes are the children of one that does not wait for them: after their end nobody has their time.
  const timer = setInterval(() => {
    own = Math.max(own, takeStock()?.own ?? 0);
  }, LOOK_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    const now = takeStock();
    if (before === null || now === null) return null;
    const others = now.busy - before.busy - (Math.max(own, now.own) - before.own);
    const cores = others / TICKS_PER_SECOND / ((performance.now() - start) / 1000);
    return Math.max(0, Math.round(cores * 100) / 100);
  };
}

/** Ticks so far: of all processors, and of this process with its children, those that have ended and those that live. */
function takeStock(): { busy: number; own: number } | null {
  try {
    // proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal (another guest's use of our processors).
    const [, user, nice, system, , , irq, softirq, steal] = readFileSync("/proc/stat", "utf8").split(/\s+/).map(Number);
    const busy = sum([user, nice, system, irq, softirq, steal].map((ticks) => ticks ?? 0));
    return { busy, own: ticksOf(process.pid, processes()) };
  } catch {
    return null;
  }
}

interface Process {
  pid: number;
  parent: number;
  ticks: number;
}

function ticksOf(pid: number, all: readonly Process[]): number {
  const own = all.find((one) => one.pid === pid)?.ticks ?? 0;
  return own + sum(all.filter(({ parent }) => parent === pid).map((child) => ticksOf(child.pid, all)));
}

function processes(): Process[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // proc_pid_stat(5), counted behind the command's name: parent; then its own time and that of the children it waited for.
      const fields = readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      return [{ pid: Number(name), parent: Number(fields[1]), ticks: sum(fields.slice(11, 15).map(Number)) }];
    } catch {
      // It has ended since its name was read.
      return [];
    }
  });
}
