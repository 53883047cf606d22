import { openCallObjects } from "../clients/checkpoints.ts";
import { readContactEvent } from "../connect/contact-event.ts";
import { DELIVERY_RESERVE_MS, openDelivery } from "../delivery/delivery.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMeter } from "../runtime/meter.ts";
import { type ContactEventsSettings, readContactEventsSettings } from "../runtime/settings.ts";

/**
 * Turns EventBridge's contact events into `contact.ended`, so that the board shows the end of a call at once. Leaves a mark for the
 * transcriber, which otherwise has to ask Amazon Connect whether the silence of a stream is the end of its call.
 */
export async function handler(event: unknown, context: InvocationContext | null = null): Promise<{ posted: number }> {
  const log = createLog("contact-events");
  const meter = createMeter("contact-events");
  const settings = readContactEventsSettings(process.env);
  const read = readContactEvent(event, settings.instanceId);
  if (!read.ok) {
    // An exception would make EventBridge repeat the same event, so a wrong event is only counted and logged.
    log.error("A contact event is not what Amazon Connect documents. It is skipped.", { reason: read.reason });
    meter.add("RecordsRefused", 1);
    meter.flush();
    return { posted: 0 };
  }
  if (read.update === null) return { posted: 0 };
  await markEnded(settings, read.update.contactId, log);
  const end = timeUp(context, DELIVERY_RESERVE_MS);
  const { retryable, deadLettered } = await openDelivery(settings, "retry", end, log, meter).deliver([read.update]);
  meter.flush();
  // The exception makes EventBridge repeat the event, and send it to its own dead-letter queue in the end.
  if (retryable.length > 0) throw new Error("The hub refused a contact event for now. EventBridge repeats it.");
  return { posted: 1 - deadLettered };
}

/** A mark that cannot be written costs the transcriber one question, so the event goes on without it. */
async function markEnded({ checkpointsBucket, instanceId }: ContactEventsSettings, contactId: string, log: Log): Promise<void> {
  if (checkpointsBucket === null) return;
  const objects = openCallObjects(checkpointsBucket, instanceId);
  try {
    await objects.markEnded(contactId);
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    log.warn("The end of a contact could not be marked for its transcriber.", { contactId, error: name });
  } finally {
    objects.close();
  }
}
