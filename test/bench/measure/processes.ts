import { readFileSync } from "node:fs";

/** Linux counts process time in hundredths of a second (sysconf _SC_CLK_TCK). */
const TICKS_PER_SECOND = 100;

/** CPU seconds a process has used so far, user and system, by the operating system's accounting (proc(5)). */
export function cpuSeconds(pid: number): number {
  // Fields 14 and 15, counted after the command name, which may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory of a process, bytes. */
export function memoryBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
}

/** CPU seconds of this very process. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until `done` holds. @throws Error naming `what` when it does not within the time. */
export async function until(what: string, timeoutMs: number, done: () => boolean): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!done()) {
    if (performance.now() > end) throw new Error(`Gave up after ${timeoutMs / 1000} s waiting: ${what}.`);
    await pause(3);
  }
}
