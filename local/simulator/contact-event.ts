import type { BusEvent } from "../aws/event-bridge.ts";
import { type Home, instanceArn } from "./agent-event.ts";
import type { Call } from "./call.ts";

/** Returns Amazon Connect's EventBridge event for the end of a call ("Amazon Connect contact events" in its guide). */
export function disconnectedEvent(home: Home, call: Call, at: number): BusEvent {
  const instance = instanceArn(home);
  return {
    source: "aws.connect",
    "detail-type": "Amazon Connect Contact Event",
    resources: [instance, `${instance}/contact/${call.contactId}`],
    time: at,
    detail: {
      eventType: "DISCONNECTED",
      contactId: call.contactId,
      initialContactId: call.contactId,
      channel: "VOICE",
      instanceArn: instance,
      initiationMethod: call.kind === "webrtc" ? "WEBRTC_API" : "INBOUND",
      initiationTimestamp: new Date(call.queuedAt).toISOString(),
      disconnectTimestamp: new Date(at).toISOString(),
      disconnectReason: "CUSTOMER_DISCONNECT",
      queueInfo: { queueArn: `${instance}/queue/${call.queue.id}`, queueType: "STANDARD" },
      tags: {},
    },
  };
}
