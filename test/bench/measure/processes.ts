import { readFileSync } from "node:fs";

/** Linux counts process time in hundredths of a second (sysconf _SC_CLK_TCK). */
const TICKS_PER_SECOND = 100;

/** Returns the CPU seconds, user and system, that a process has used so far (proc(5)). */
export function cpuSeconds(pid: number): number {
  // Fields 14 and 15. The count starts after the command name, which may contain spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Returns the resident memory of a process, in bytes. */
export function memoryBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
}

/** Returns the greatest resident memory that a process has had so far, in bytes. */
export function peakMemoryBytes(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
}

/** Returns the CPU seconds of this process. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until `done` returns true. @throws Error that names `what` when the time is over. */
export async function until(what: string, timeoutMs: number, done: () => boolean): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!done()) {
    if (performance.now() > end) throw new Error(`Timed out after ${timeoutMs / 1000} s of waiting: ${what}.`);
    await pause(3);
  }
}
