import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { AgentView } from "../client/contract.ts";
import { useAgentClient } from "./provider.tsx";
import { secondTicker } from "./ticker.ts";
import { useSelected } from "./use-selected.ts";

const NO_AGENTS: readonly AgentView[] = Object.freeze([]);
const MS_PER_SECOND = 1000;
const identity = <T>(value: T): T => value;

/**
 * Returns all agents, or the result of `select`. Renders again only when `isEqual` (default `Object.is`) finds a difference.
 */
export function useAgents(): readonly AgentView[];
export function useAgents<T>(select: (agents: readonly AgentView[]) => T, isEqual?: (a: T, b: T) => boolean): T;
export function useAgents(
  select: (agents: readonly AgentView[]) => unknown = identity,
  isEqual: (a: unknown, b: unknown) => boolean = Object.is,
): unknown {
  const client = useAgentClient();
  const source = useMemo(() => ({ subscribe: client.subscribe, get: client.agents, getServer: () => NO_AGENTS }), [client]);
  return useSelected(source, select, isEqual);
}

/** Returns one agent or a part of it, undefined for an unknown agent. Changes of other agents do not render the component. */
export function useAgent(agentId: string): AgentView | undefined;
export function useAgent<T>(agentId: string, select: (agent: AgentView | undefined) => T, isEqual?: (a: T, b: T) => boolean): T;
export function useAgent(
  agentId: string,
  select: (agent: AgentView | undefined) => unknown = identity,
  isEqual: (a: unknown, b: unknown) => boolean = Object.is,
): unknown {
  const client = useAgentClient();
  const source = useMemo(
    () => ({
      subscribe: (listener: () => void) => client.subscribeAgent(agentId, listener),
      get: () => client.agent(agentId),
      getServer: () => undefined,
    }),
    [client, agentId],
  );
  return useSelected(source, select, isEqual);
}

/** Returns how many whole seconds the agent has been in its status, null for an unknown agent. Counts up every second. */
export function useTimeInStatus(agentId: string): number | null {
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
  const get = () => {
    const agent = client.agent(agentId);
    return agent === undefined ? null : Math.max(0, Math.floor((client.now() - agent.since) / MS_PER_SECOND));
  };
  return useSyncExternalStore(subscribe, get, () => null);
}
