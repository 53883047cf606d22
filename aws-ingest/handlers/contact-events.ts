import { contactEventTime, readContactEvent } from "../connect/contact-event.ts";
import { DELIVERY_RESERVE_MS, openDelivery } from "../delivery/delivery.ts";
import { valueRead } from "../delivery/outcomes.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog } from "../runtime/log.ts";
import { createMeter } from "../runtime/meter.ts";
import { readHubSettings } from "../runtime/settings.ts";

/**
 * Lambda tries an asynchronous event three times: at once, and after pauses of 1 and 2 min. The last of them comes later than
 * this, and what the hub refuses then goes to the dead-letter queue with its content.
 */
const RETRY_FOR_MS = 150_000;
/** Lambda keeps an asynchronous event for at most 6 h. An event that seems older has a wrong time, and counts as new. */
const LONGEST_AGE_MS = 6 * 60 * 60_000;

/** Turns EventBridge's contact events into `contact.ended`, so that the board shows the end of a call at once. */
export async function handler(event: unknown, context: InvocationContext | null = null): Promise<{ posted: number }> {
  const log = createLog("contact-events");
  const meter = createMeter("contact-events");
  const settings = readHubSettings(process.env);
  const update = valueRead(readContactEvent(event, settings.instanceId), {}, log, meter);
  if (update === null) {
    meter.flush();
    return { posted: 0 };
  }
  const age = Date.now() - (contactEventTime(event) ?? Date.now());
  const late = age > RETRY_FOR_MS && age <= LONGEST_AGE_MS;
  const end = timeUp(context, DELIVERY_RESERVE_MS);
  const delivery = openDelivery(settings, late ? "dead-letter-or-retry" : "retry", end, log, meter);
  const { retryable, deadLettered } = await delivery.deliver([update]);
  meter.flush();
  // The exception makes Lambda repeat the event.
  if (retryable.length > 0) throw new Error("The hub refused a contact event for now. EventBridge repeats it.");
  return { posted: 1 - deadLettered };
}
