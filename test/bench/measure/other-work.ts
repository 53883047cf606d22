import { readdirSync, readFileSync } from "node:fs";
import { sum } from "./statistics.ts";

/** Linux counts in hundredths of a second (sysconf _SC_CLK_TCK). */
const TICKS_PER_SECOND = 100;
/** Reading /proc costs the core that measures some milliseconds, so it happens rarely. */
const LOOK_EVERY_MS = 10_000;

/**
 * Starts to watch the other work on the machine. The returned function stops watching and returns the cores, on average, that
 * other processes used meanwhile; this process and its children do not count. It returns null when there is no /proc.
 */
export function watchOtherWork(): () => number | null {
  const start = performance.now();
  const before = ticksSoFar();
  let own = before?.own ?? 0;
  // The parent of a browser's processes does not wait for them, so their time is lost when they end. The maximum keeps it.
  const timer = setInterval(() => {
    own = Math.max(own, ticksSoFar()?.own ?? 0);
  }, LOOK_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    const now = ticksSoFar();
    if (before === null || now === null) return null;
    const others = now.busy - before.busy - (Math.max(own, now.own) - before.own);
    const cores = others / TICKS_PER_SECOND / ((performance.now() - start) / 1000);
    return Math.max(0, Math.round(cores * 100) / 100);
  };
}

/** Returns ticks so far: `busy` of all processors, `own` of this process and all its children. */
function ticksSoFar(): { busy: number; own: number } | null {
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
      // proc_pid_stat(5), fields after the command's name: the parent, own time, and time of the children it waited for.
      const fields = readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      return [{ pid: Number(name), parent: Number(fields[1]), ticks: sum(fields.slice(11, 15).map(Number)) }];
    } catch {
      // The process ended after its name was read.
      return [];
    }
  });
}
