// hooks.test.tsx opens this page in a real browser. `?hub=` is the address of the hub.
import { StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { createAgentClient } from "../../../dashboard/client/index.ts";
import { AgentClientProvider } from "../../../dashboard/react/index.ts";
import { Readings } from "./readings.tsx";

const url = new URLSearchParams(location.search).get("hub") ?? "";
let tickets = 0;
const client = createAgentClient({
  url,
  instanceId: "i",
  getTicket: async () => {
    tickets += 1;
    document.body.dataset["tickets"] = String(tickets);
    return `t${tickets}`;
  },
});
const element = document.querySelector("#root");
if (element === null) throw new Error("The page has no #root. The server in hooks.test.tsx must send one.");
const app = (
  <StrictMode>
    <AgentClientProvider client={client}>
      <Readings />
    </AgentClientProvider>
    <AgentClientProvider client={client} />
  </StrictMode>
);
const root = element.hasChildNodes() ? hydrateRoot(element, app) : createRoot(element);
if (!element.hasChildNodes()) root.render(app);
document.querySelector("#leave")?.addEventListener("click", () => root.unmount());
