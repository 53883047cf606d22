import { type CenterContext, publishContact } from "./center-context.ts";
import type { SimulatedContact } from "./contact-event.ts";
import { isWaiting, type RunningContact } from "./running-contact.ts";

/** A missed or failed offer stays with the agent until the agent clears it. Milliseconds at speed 1. */
const CLEARS_WITHIN = [6_000, 15_000] as const;

/** Ends the contact wherever it is. */
export function endContact(context: CenterContext, contact: RunningContact, now: number, reason: string): void {
  const { facts, stage, chat, plan } = contact;
  const { contactId } = facts;
  contact.stage = { kind: "over" };
  facts.disconnect = { at: now, reason };
  if (stage.kind === "ringing") stage.agent.finishContact(now, contactId, "MISSED", clearingTime(context, now), null);
  else if ("agent" in stage) stage.agent.finishContact(now, contactId, "ENDED", now + plan.afterWorkMs, facts);
  if (contact.call !== null) context.publish({ type: "call-ends", contactId, at: now });
  if (chat !== null) context.publish({ type: "chat-ends", contactId, at: now });
  publishContact(context, facts, "DISCONNECTED", now);
  if (facts.agent === null) publishContact(context, facts, "COMPLETED", now);
  else facts.afterWork = { startedAt: now, endedAt: null };
  context.books.endContact(contact, now);
}

/** The customer leaves the queue. */
export function abandonContact(context: CenterContext, contact: RunningContact, now: number): void {
  context.books.countContact(contact, "abandoned");
  endContact(context, contact, now, "CUSTOMER_DISCONNECT");
}

/** The center closes. A contact that waits counts as one that left, and a callback that is dialled as one without an answer. */
export function closeContact(context: CenterContext, contact: RunningContact, now: number): void {
  if (isWaiting(contact)) context.books.countContact(contact, "abandoned");
  if (contact.stage.kind === "dialling") context.books.countContact(contact, "unreached");
  endContact(context, contact, now, "OTHER");
}

/** The agent has finished the work after the end of a contact. */
export function completeContact(context: CenterContext, facts: SimulatedContact, now: number): void {
  if (facts.afterWork !== null) facts.afterWork.endedAt = now;
  publishContact(context, facts, "COMPLETED", now);
}

/** When an agent clears a contact that was not taken, epoch ms. */
export function clearingTime({ random, speed }: CenterContext, now: number): number {
  return now + random.between(...CLEARS_WITHIN) / speed;
}
