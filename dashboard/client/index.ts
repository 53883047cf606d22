// biome-ignore lint/performance/noBarrelFile: the one address, `vigia/client`, that embedders import
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
