import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import { useAgentClient } from "../../../react/provider.tsx";
import { shallow } from "../../../react/shallow.ts";
import { useAgent } from "../../../react/use-agents.ts";
import { useConnection } from "../../../react/use-connection.ts";
import { DAY_LOADING, type DayAnswer } from "../../model/day/day-answer.ts";
import { dayCacheOf } from "./day-cache.ts";

/**
 * Returns what is known of an agent's day. It is read while the component is mounted, and again when the agent's figures change.
 * @param date YYYY-MM-DD; null = today
 */
export function useAgentDay(agentId: string, date: string | null): DayAnswer & { retry: () => void } {
  const client = useAgentClient();
  const cache = dayCacheOf(client);
  const subscribe = useCallback((listener: () => void) => cache.watch(agentId, date, listener), [cache, agentId, date]);
  const answer = useSyncExternalStore(
    subscribe,
    () => cache.answer(agentId, date),
    () => DAY_LOADING,
  );
  const today = useAgent(agentId, (agent) => agent?.today, shallow);
  const shown = useRef({ agentId, date, today });
  useEffect(() => {
    const before = shown.current;
    shown.current = { agentId, date, today };
    // Another agent or date is asked for by its own subscription.
    if (before.agentId !== agentId || before.date !== date || before.today === today) return;
    if (date === null) cache.refresh(agentId, date);
  }, [cache, agentId, date, today]);
  const live = useConnection(({ status }) => status === "live");
  useEffect(() => {
    // What failed without a network is asked for again when the network is back.
    if (live && cache.answer(agentId, date).refusal === "failed") cache.refresh(agentId, date);
  }, [cache, agentId, date, live]);
  const retry = useCallback(() => cache.refresh(agentId, date), [cache, agentId, date]);
  return { ...answer, retry };
}
