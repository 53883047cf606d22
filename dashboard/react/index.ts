"use client";
// biome-ignore lint/performance/noBarrelFile: embedders import only this address, `vigia/react`
export { AgentClientProvider, type AgentClientProviderProps, useAgentClient } from "./provider.tsx";
export { useAgent, useAgents, useTimeInStatus } from "./use-agents.ts";
export { type Alerts, useAlerts } from "./use-alerts.ts";
export { type Pause, useConnection, usePaused } from "./use-connection.ts";
export { useTranscript } from "./use-transcript.ts";
