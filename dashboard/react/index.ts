"use client";
// biome-ignore lint/performance/noBarrelFile: embedders import only this address, `vigia/react`
export { AgentClientProvider, type AgentClientProviderProps, useAgentClient } from "./provider.tsx";
export { shallow } from "./shallow.ts";
export { useAgent, useAgentChanges, useAgents, useCallDuration, useTimeInStatus } from "./use-agents.ts";
export { useAlertChanges, useAlerts } from "./use-alerts.ts";
export { useCenter } from "./use-center.ts";
export { type ConnectionControls, type Pause, useConnection, usePaused } from "./use-connection.ts";
export { type QueueContactsOptions, useQueue, useQueueContacts, useQueues } from "./use-queues.ts";
export { type TranscriptOptions, useTranscript } from "./use-transcript.ts";
