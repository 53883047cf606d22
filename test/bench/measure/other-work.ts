import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second (sysconf _SC_CLK_TCK). */
const TICKS_PER_SECOND = 100;

/**
 * Begins to watch what else the machine does. The returned function says how many cores, on average since then, were used by
 * work that is neither this process nor a child of it that has ended; null where there is no /proc to read.
 */
export function watchOtherWork(): () => number | null {
  const [before, start] = [othersSeconds(), performance.now()];
  return () => {
    const now = othersSeconds();
    if (before === null || now === null) return null;
    const cores = (now - before) / ((performance.now() - start) / 1000);
    return Math.max(0, Math.round(cores * 100) / 100);
  };
}

function othersSeconds(): number | null {
  try {
    // proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal (another guest's use of our core).
    const [, user, nice, system, , , irq, softirq, steal] = readFileSync("/proc/stat", "utf8").split(/\s+/).map(Number);
    const busy = [user, nice, system, irq, softirq, steal];
    // proc_pid_stat(5), fields 14 to 17: this process, user and system, and its ended children, user and system.
    const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];
    return (total(busy) - total(fields.slice(11, 15).map(Number))) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

function total(ticks: readonly (number | undefined)[]): number {
  return ticks.reduce<number>((sum, tick) => sum + (tick ?? 0), 0);
}
