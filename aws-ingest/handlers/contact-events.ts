import type { AlertRaised } from "../../protocol/alert-raised.ts";
import { openCallObjects } from "../clients/checkpoints.ts";
import { type ContactNews, contactEventTime, readContactEvent } from "../connect/contact-event.ts";
import { isRuleEvent, readRuleEvent } from "../connect/rule-event.ts";
import { DELIVERY_RESERVE_MS, openDelivery } from "../delivery/delivery.ts";
import { valueRead } from "../delivery/outcomes.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMeter } from "../runtime/meter.ts";
import { type ContactEventsSettings, readContactEventsSettings } from "../runtime/settings.ts";

/**
 * Lambda tries an asynchronous event three times: at once, and after pauses of 1 and 2 min. The last of them comes later than
 * this, and what the hub refuses then goes to the dead-letter queue with its content.
 */
const RETRY_FOR_MS = 150_000;
/** Lambda keeps an asynchronous event for at most 6 h. An event that seems older has a wrong time, and counts as new. */
const LONGEST_AGE_MS = 6 * 60 * 60_000;

/**
 * Turns EventBridge's contact events into `contact.queue` and `contact.ended`, so that the board shows at once who waits and which
 * call is over, and the events of Amazon Connect's own rules into `alert.raised`. Leaves a mark for the transcriber, which otherwise has to ask Amazon Connect whether the silence of a stream is the
 * end of its call.
 */
export async function handler(event: unknown, context: InvocationContext | null = null): Promise<{ posted: number }> {
  const log = createLog("contact-events");
  const meter = createMeter("contact-events");
  const settings = readContactEventsSettings(process.env);
  const { instanceId } = settings;
  const news: readonly (ContactNews[number] | AlertRaised)[] =
    (isRuleEvent(event)
      ? valueRead(readRuleEvent(event, instanceId), {}, log, meter)
      : valueRead(readContactEvent(event, instanceId), {}, log, meter)) ?? [];
  const updates = news.filter(({ type }) => settings.postQueues || type !== "contact.queue");
  if (updates.length === 0) {
    meter.flush();
    return { posted: 0 };
  }
  for (const update of updates) if (update.type === "contact.ended") await markEnded(settings, update.contactId, log);
  const age = Date.now() - (contactEventTime(event) ?? Date.now());
  const late = age > RETRY_FOR_MS && age <= LONGEST_AGE_MS;
  const end = timeUp(context, DELIVERY_RESERVE_MS);
  const delivery = openDelivery(settings, late ? "dead-letter-or-retry" : "retry", end, log, meter);
  const { retryable, deadLettered } = await delivery.deliver(updates);
  meter.flush();
  // The exception makes Lambda repeat the event.
  if (retryable.length > 0) throw new Error("The hub refused a contact event for now. EventBridge repeats it.");
  return { posted: updates.length - deadLettered };
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
