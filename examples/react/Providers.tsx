"use client";
import { type ReactNode, useState } from "react";
import { createAgentClient } from "vigia/client";
import { AgentClientProvider } from "vigia/react";
import { getTicket, HUB, INSTANCE } from "./ticket.ts";

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(() => createAgentClient({ url: HUB, instanceId: INSTANCE, getTicket }));
  return <AgentClientProvider client={client}>{children}</AgentClientProvider>;
}
