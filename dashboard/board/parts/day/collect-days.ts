import type { AgentDay } from "../../../../protocol/agent-day.ts";
import type { DayCache } from "./day-cache.ts";

/**
 * Reads the days of many agents, as fast as the hub allows. Agents whose day cannot be read are left out.
 * @param onProgress called with the number of days that were read or refused
 * @param stop ends the reading; the result has what was read
 */
export function collectDays(
  cache: DayCache,
  agentIds: readonly string[],
  date: string | null,
  { onProgress, stop }: { onProgress: (done: number) => void; stop: AbortSignal },
): Promise<AgentDay[]> {
  return new Promise((resolve) => {
    const stops: (() => void)[] = [];
    const open = new Set(agentIds);
    const finish = () => {
      for (const each of stops) each();
      resolve(agentIds.flatMap((agentId) => cache.answer(agentId, date).day ?? []));
    };
    if (open.size === 0) return finish();
    stop.addEventListener("abort", finish, { once: true });
    // The newest wish comes first, so the first agent of the list is asked for last.
    for (const agentId of [...agentIds].reverse()) {
      const check = () => {
        const { status, refusal } = cache.answer(agentId, date);
        if (status === "loading" || refusal === "busy" || !open.delete(agentId)) return;
        onProgress(agentIds.length - open.size);
        if (open.size === 0) finish();
      };
      const known = cache.answer(agentId, date).status === "ready";
      stops.push(cache.watch(agentId, date, check));
      if (known) check();
    }
  });
}
