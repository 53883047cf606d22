// biome-ignore lint/performance/noBarrelFile: embedders import only this address, `vigia/client`
export { createAgentClient } from "./agent-client.ts";
export { type Acknowledged, DEFAULT_THRESHOLDS, findAlerts } from "./alerts.ts";
export type {
  AgentClient,
  AgentClientOptions,
  AgentView,
  Alert,
  Clock,
  Connection,
  ConnectionStatus,
  Thresholds,
  TicketRequest,
  Transcript,
  TrendPoint,
} from "./contract.ts";
