/** What the panel beside the list shows. One panel is open at a time. Null = none. */
export type OpenPanel = { kind: "agent"; agentId: string } | { kind: "queue"; queueId: string } | { kind: "alerts" } | null;
