import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";
import { center } from "./support.ts";

/** Moves the clock of the test on, and runs every alarm at its time. `ms`: so far. Needs `vi.useFakeTimers({ toFake: ["Date"] })`. */
export async function live(instance: string, ms: number): Promise<void> {
  const until = Date.now() + ms;
  for (let runs = 0; runs < 500; runs += 1) {
    const alarm = await runInDurableObject(center(instance), (_, state) => state.storage.getAlarm());
    if (alarm === null || alarm > until) break;
    vi.setSystemTime(Math.max(Date.now(), alarm));
    await runDurableObjectAlarm(center(instance));
  }
  vi.setSystemTime(until);
}
