import { createRoot } from "react-dom/client";
import { AgentBoard } from "vigia/board";
import "vigia/board.css";
import { createAgentClient } from "vigia/client";
import "./theme.css";
import { getTicket, HUB, INSTANCE } from "../react/ticket.ts";

const client = createAgentClient({ url: HUB, instanceId: INSTANCE, getTicket });

const root = document.querySelector("#root");
if (root !== null) createRoot(root).render(<AgentBoard client={client} title="Ventas" locale="es-MX" theme="auto" />);
