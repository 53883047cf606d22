import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createAgentClient } from "vigia/client";
import { AgentClientProvider } from "vigia/react";
import { AgentList } from "./AgentList.tsx";
import { getTicket, HUB, INSTANCE } from "./ticket.ts";

const client = createAgentClient({ url: HUB, instanceId: INSTANCE, getTicket });

const root = document.querySelector("#root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <AgentClientProvider client={client}>
        <AgentList />
      </AgentClientProvider>
    </StrictMode>,
  );
}
