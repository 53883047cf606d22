import type { BusEvent } from "../aws/event-bridge.ts";
import { agentArn, type Home, instanceArn } from "./agent-event.ts";
import type { Call } from "./call.ts";
import type { AgentProfile } from "./staff.ts";

/** Returns Amazon Connect's EventBridge event for the end of a call ("Amazon Connect contact events" in its guide). */
export function disconnectedEvent(home: Home, call: Call, at: number): BusEvent {
  const disconnectTimestamp = new Date(at).toISOString();
  return contactEvent(home, call, at, "DISCONNECTED", { disconnectTimestamp, disconnectReason: "CUSTOMER_DISCONNECT" });
}

/** Returns the event for the moment at which an agent and the customer are joined. */
export function connectedEvent(home: Home, call: Call, at: number, agent: AgentProfile): BusEvent {
  const agentInfo = { agentArn: agentArn(home, agent), connectedToAgentTimestamp: new Date(at).toISOString() };
  return contactEvent(home, call, at, "CONNECTED_TO_AGENT", { agentInfo });
}

function contactEvent(home: Home, call: Call, at: number, eventType: string, fields: object): BusEvent {
  const instance = instanceArn(home);
  return {
    source: "aws.connect",
    "detail-type": "Amazon Connect Contact Event",
    resources: [instance, `${instance}/contact/${call.contactId}`],
    time: at,
    detail: {
      eventType,
      contactId: call.contactId,
      initialContactId: call.contactId,
      channel: "VOICE",
      instanceArn: instance,
      initiationMethod: call.kind === "webrtc" ? "WEBRTC_API" : "INBOUND",
      initiationTimestamp: new Date(call.queuedAt).toISOString(),
      queueInfo: { queueArn: `${instance}/queue/${call.queue.id}`, queueType: "STANDARD" },
      tags: {},
      ...fields,
    },
  };
}
