import { createContext, type ReactNode, useContext, useEffect, useRef } from "react";
import type { AgentClient } from "../client/contract.ts";

const ClientContext = createContext<AgentClient | null>(null);

/** What `<AgentClientProvider>` takes. */
export interface AgentClientProviderProps {
  /** Create it once: outside of rendering or with `useState(() => createAgentClient(…))`. */
  client: AgentClient;
  /** False: the provider does not connect the client, and closes a connection that it has opened. The default is true. */
  enabled?: boolean | undefined;
  children?: ReactNode;
}

/**
 * Gives the client to the hooks below and connects it while mounted. Several providers may share a client. If the client was
 * connected before, the provider leaves its connection alone.
 * @throws TypeError when `client` is none, for example in a program without types.
 */
export function AgentClientProvider({ client, enabled = true, children }: AgentClientProviderProps) {
  if (typeof client?.connect !== "function") {
    throw new TypeError("AgentClientProvider has no client. Give it one: client={createAgentClient(…)}, created once.");
  }
  useRepetitionWarning(client);
  useEffect(() => (enabled ? keepConnected(client) : undefined), [client, enabled]);
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

/** Gives another client to the hooks below, for a part of the page that shows something else. It connects nothing. */
export function ShownClientProvider({ client, children }: { client: AgentClient; children: ReactNode }) {
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

/** A page that makes a client while it renders makes so many clients of one instance, with no longer pause between two. */
const CLIENTS_OF_A_MISTAKE = 3;
const PAUSE_OF_A_MISTAKE_MS = 10_000;

/** Says in the console when each rendering brings another client of the same instance: each costs a ticket and a socket. */
function useRepetitionWarning(client: AgentClient): void {
  const last = useRef({ client, at: 0, count: 1 });
  useEffect(() => {
    const before = last.current;
    if (before.client === client) return;
    const at = performance.now();
    const repeated = before.client.instanceId === client.instanceId && at - before.at < PAUSE_OF_A_MISTAKE_MS;
    const count = repeated ? before.count + 1 : 2;
    last.current = { client, at, count };
    if (count === CLIENTS_OF_A_MISTAKE) console.error(REPETITION);
  }, [client]);
}

const REPETITION =
  "vigia: AgentClientProvider gets a new client of the same instance again and again. Create the client once: outside of the component, or with useState(() => createAgentClient(…)).";

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
  // After "unauthorized" a new mount is most likely a new sign-in.
  const free = status === "idle" || status === "unauthorized" || (status === "closed" && error === null);
  const ours = providersByClient.has(client) || free;
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
