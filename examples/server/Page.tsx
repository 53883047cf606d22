import { useState } from "react";
import { createAgentClient, fetchTicket, type InitialData } from "vigia/client";
import { AgentClientProvider } from "vigia/react";
import { AgentList } from "../react/AgentList.tsx";

export interface PageData {
  hub: string;
  instance: string;
  initialData: InitialData;
}

/** The server and the browser render the same page from the same data. Then the browser connects and resumes from there. */
export function Page({ hub, instance, initialData }: PageData) {
  const [client] = useState(() =>
    createAgentClient({
      url: hub,
      instanceId: instance,
      initialData,
      getTicket: (request) => fetchTicket({ ...request, url: "/vigia-ticket" }),
    }),
  );
  return (
    <AgentClientProvider client={client}>
      <AgentList />
    </AgentClientProvider>
  );
}
