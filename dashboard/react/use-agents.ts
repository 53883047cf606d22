import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import type { AgentChange, AgentClient, AgentView } from "../client/contract.ts";
import { useAgentClient } from "./provider.tsx";
import { secondTicker } from "./ticker.ts";
import { useSelected, whole } from "./use-selected.ts";

const MS_PER_SECOND = 1000;

/**
 * Returns all agents, or the result of `select`. Renders again only when `isEqual` (default `Object.is`) finds a difference.
 */
export function useAgents(): readonly AgentView[];
export function useAgents<T>(select: (agents: readonly AgentView[]) => T, isEqual?: (a: T, b: T) => boolean): T;
export function useAgents(
  select: (agents: readonly AgentView[]) => unknown = whole,
  isEqual: (a: unknown, b: unknown) => boolean = Object.is,
): unknown {
  const client = useAgentClient();
  const source = useMemo(
    () => ({ subscribe: client.subscribe, get: client.agents, getServer: () => client.initial.agents }),
    [client],
  );
  return useSelected(source, select, isEqual);
}

/** Returns one agent or a part of it, undefined for an unknown agent. Changes of other agents do not render the component. */
export function useAgent(agentId: string): AgentView | undefined;
export function useAgent<T>(agentId: string, select: (agent: AgentView | undefined) => T, isEqual?: (a: T, b: T) => boolean): T;
export function useAgent(
  agentId: string,
  select: (agent: AgentView | undefined) => unknown = whole,
  isEqual: (a: unknown, b: unknown) => boolean = Object.is,
): unknown {
  const client = useAgentClient();
  const source = useMemo(
    () => ({
      subscribe: (listener: () => void) => client.subscribeAgent(agentId, listener),
      get: () => client.agent(agentId),
      getServer: () => initialAgent(client, agentId),
    }),
    [client, agentId],
  );
  return useSelected(source, select, isEqual);
}

/** Returns how many whole seconds the agent has been in its status, null for an unknown agent. Counts up every second. */
export function useTimeInStatus(agentId: string): number | null {
  return useSecondsSince(agentId, (agent) => agent.since);
}

/** Returns how many whole seconds the agent's current call has lasted, null off call. Counts up every second, also on hold. */
export function useCallDuration(agentId: string): number | null {
  return useSecondsSince(agentId, (agent) => agent.callStartedAt);
}

/** Calls the listener for every agent that has changed (`AgentClient.onAgentChange`) while the component is mounted. */
export function useAgentChanges(listener: (change: AgentChange) => void): void {
  const client = useAgentClient();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  }, [listener]);
  useEffect(() => client.onAgentChange((change) => latest.current(change)), [client]);
}

/** @param startOf must not depend on the rendering. It returns epoch milliseconds on the hub's clock, or null. */
function useSecondsSince(agentId: string, startOf: (agent: AgentView) => number | null): number | null {
  const client = useAgentClient();
  const subscribe = useCallback(
    (listener: () => void) => {
      const stopAgent = client.subscribeAgent(agentId, listener);
      const stopTick = secondTicker.subscribe(listener);
      return () => {
        stopAgent();
        stopTick();
      };
    },
    [client, agentId],
  );
  const seconds = (agent: AgentView | undefined, now: number) => {
    const start = agent === undefined ? null : startOf(agent);
    return start === null ? null : Math.max(0, Math.floor((now - start) / MS_PER_SECOND));
  };
  return useSyncExternalStore(
    subscribe,
    () => seconds(client.agent(agentId), client.now()),
    () => seconds(initialAgent(client, agentId), client.initial.now),
  );
}

function initialAgent(client: AgentClient, agentId: string): AgentView | undefined {
  return client.initial.agents.find((agent) => agent.agentId === agentId);
}
