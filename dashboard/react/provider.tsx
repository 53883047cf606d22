import { createContext, type ReactNode, useContext, useEffect } from "react";
import type { AgentClient } from "../client/contract.ts";

const ClientContext = createContext<AgentClient | null>(null);

export interface AgentClientProviderProps {
  /** Create it once: outside of rendering or with `useState(() => createAgentClient(…))`. */
  client: AgentClient;
  children?: ReactNode;
}

/**
 * Gives the client to the hooks below and connects it while mounted. Several providers may share a client. If the client was
 * connected before, the provider leaves its connection alone.
 */
export function AgentClientProvider({ client, children }: AgentClientProviderProps) {
  useEffect(() => keepConnected(client), [client]);
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

/**
 * Returns the client of the nearest provider.
 * @throws Error when no provider surrounds the component.
 */
export function useAgentClient(): AgentClient {
  const client = useContext(ClientContext);
  if (client === null) throw new Error("A vigia hook has no client. Put <AgentClientProvider client={…}> around the component.");
  return client;
}

/** The number of mounted providers that keep each client connected. */
const providersByClient = new WeakMap<AgentClient, number>();

function keepConnected(client: AgentClient): () => void {
  const { status, error } = client.connection();
  const ours = providersByClient.has(client) || status === "idle" || (status === "closed" && error === null);
  if (!ours) return () => {};
  const before = providersByClient.get(client) ?? 0;
  providersByClient.set(client, before + 1);
  client.connect();
  return () => {
    providersByClient.set(client, (providersByClient.get(client) ?? 1) - 1);
    // Closes later, because StrictMode and a moved provider unmount and mount again. One socket is enough for both.
    setTimeout(() => {
      if (providersByClient.get(client) !== 0) return;
      providersByClient.delete(client);
      client.close();
    });
  };
}
