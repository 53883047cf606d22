import { readContactEvent } from "../connect/contact-event.ts";
import { DELIVERY_RESERVE_MS, openDelivery } from "../delivery/delivery.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog } from "../runtime/log.ts";
import { createMeter } from "../runtime/meter.ts";
import { readHubSettings } from "../runtime/settings.ts";

/** Turns EventBridge's contact events into `contact.ended`, so that the board shows the end of a call at once. */
export async function handler(event: unknown, context: InvocationContext | null = null): Promise<{ posted: number }> {
  const log = createLog("contact-events");
  const meter = createMeter("contact-events");
  const settings = readHubSettings(process.env);
  const read = readContactEvent(event, settings.instanceId);
  if (!read.ok) {
    // An exception would make EventBridge repeat the same event, so a wrong event is only counted and logged.
    log.error("A contact event is not what Amazon Connect documents. It is skipped.", { reason: read.reason });
    meter.add("RecordsRefused", 1);
    meter.flush();
    return { posted: 0 };
  }
  if (read.update === null) return { posted: 0 };
  const end = timeUp(context, DELIVERY_RESERVE_MS);
  const { retryable, deadLettered } = await openDelivery(settings, "retry", end, log, meter).deliver([read.update]);
  meter.flush();
  // The exception makes EventBridge repeat the event, and send it to its own dead-letter queue in the end.
  if (retryable.length > 0) throw new Error("The hub refused a contact event for now. EventBridge repeats it.");
  return { posted: 1 - deadLettered };
}
