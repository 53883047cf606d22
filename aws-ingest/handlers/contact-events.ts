import { readContactEvent } from "../connect/contact-event.ts";
import { DELIVERY_RESERVE_MS, openDelivery } from "../delivery/delivery.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog } from "../runtime/log.ts";
import { createMeter } from "../runtime/meter.ts";
import { readHubSettings } from "../runtime/settings.ts";

/** EventBridge's contact events -> `contact.ended`, so that a call is over on the board the moment it is. */
export async function handler(event: unknown, context: InvocationContext | null = null): Promise<{ posted: number }> {
  const log = createLog("contact-events");
  const meter = createMeter("contact-events");
  const settings = readHubSettings(process.env);
  const read = readContactEvent(event, settings.instanceId);
  if (!read.ok) {
    // Not thrown: EventBridge would only bring the same event again.
    log.error("Contact event refused.", { reason: read.reason });
    meter.add("RecordsRefused", 1);
    meter.flush();
    return { posted: 0 };
  }
  if (read.update === null) return { posted: 0 };
  const end = timeUp(context, DELIVERY_RESERVE_MS);
  const { retryable, deadLettered } = await openDelivery(settings, "retry", end, log, meter).deliver([read.update]);
  meter.flush();
  // Thrown: EventBridge brings the event again, and gives it to its own dead-letter queue in the end.
  if (retryable.length > 0) throw new Error("The hub did not take the contact event.");
  return { posted: 1 - deadLettered };
}
