// biome-ignore lint/performance/noBarrelFile: embedders import only this address, `vigia/client`
export { createAgentClient } from "./agent-client.ts";
export { type Acknowledged, DEFAULT_THRESHOLDS, findAlerts } from "./alerts.ts";
export type {
  AgentChange,
  AgentClient,
  AgentClientOptions,
  AgentView,
  Alert,
  ClientProblem,
  Clock,
  Connection,
  ConnectionStatus,
  InitialData,
  Thresholds,
  TicketRequest,
  Transcript,
  TrendPoint,
} from "./contract.ts";
export { fetchTicket, TicketError } from "./fetch-ticket.ts";
