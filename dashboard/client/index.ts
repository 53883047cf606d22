export type { CenterAlert } from "../../protocol/alert.ts";
export type { CenterFacts } from "../../protocol/center.ts";
export type { CenterQueue, QueueQuarter, WaitingContact } from "../../protocol/queue.ts";
// biome-ignore lint/performance/noBarrelFile: embedders import only this address, `vigia/client`
export { createAgentClient } from "./agent-client.ts";
export type {
  AcknowledgeAnswer,
  AgentChange,
  AgentClient,
  AgentClientOptions,
  AgentView,
  CenterAlertChange,
  ClientProblem,
  Clock,
  Connection,
  ConnectionStatus,
  HubQuestion,
  HubReply,
  InitialData,
  QueueContacts,
  TicketRequest,
  Transcript,
  TrendPoint,
} from "./contract.ts";
export { fetchTicket, TicketError } from "./fetch-ticket.ts";
