import { createContext, type ReactNode, useContext, useEffect } from "react";
import type { AgentClient } from "../client/contract.ts";

const ClientContext = createContext<AgentClient | null>(null);

export interface AgentClientProviderProps {
  /** Made once, outside of rendering or with `useState(() => createAgentClient(…))`. */
  client: AgentClient;
  children?: ReactNode;
}

/**
 * Gives the client to the hooks below and connects it while mounted. Several providers may share a client or have their own.
 * A client that was already connected is neither connected nor closed here.
 */
export function AgentClientProvider({ client, children }: AgentClientProviderProps) {
  useEffect(() => hold(client), [client]);
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

/** The client of the nearest provider. */
export function useAgentClient(): AgentClient {
  const client = useContext(ClientContext);
  if (client === null) throw new Error("No <AgentClientProvider> around this component.");
  return client;
}

/** How many mounted providers keep a client connected. */
const holders = new WeakMap<AgentClient, number>();

function hold(client: AgentClient): () => void {
  const { status, error } = client.connection();
  const ours = holders.has(client) || status === "idle" || (status === "closed" && error === null);
  if (!ours) return () => {};
  const before = holders.get(client) ?? 0;
  holders.set(client, before + 1);
  client.connect();
  return () => {
    holders.set(client, (holders.get(client) ?? 1) - 1);
    // Not at once: StrictMode and a moved provider unmount and mount again, and one socket is enough for both.
    setTimeout(() => {
      if (holders.get(client) !== 0) return;
      holders.delete(client);
      client.close();
    });
  };
}
