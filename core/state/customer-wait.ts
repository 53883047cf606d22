import * as v from "valibot";
import type { Channel } from "../../protocol/agent.ts";
import type { AgentContact, ContactTurn } from "../../protocol/updates.ts";
import { isTalk } from "./consultations.ts";

/** Messages of the customer that are remembered while nobody answers. Few customers write more of them. */
const MAX_UNANSWERED = 50;

/** Who wrote last on a contact, in registers that no order of arrival changes. Times are epoch ms. */
export const customerWaitSchema = v.object({
  /** When the agent's side wrote its newest turn; 0 = never. */
  answeredAt: v.fallback(v.number(), 0),
  /** When the customer's turns after that were written, the oldest first. */
  unanswered: v.fallback(v.array(v.number()), []),
});
export type CustomerWait = Readonly<v.InferOutput<typeof customerWaitSchema>>;

export const NO_WAIT: CustomerWait = { answeredAt: 0, unanswered: [] };

/** Whether the customer of such a contact may wait for an answer. The agent, who tells the channel, may be known after the turns. */
export function mayBeChat(channel: Channel | null): boolean {
  return channel === "chat" || channel === null;
}

/** Returns the registers with a turn; the same object if it says nothing new. A turn that is not final yet says nothing. */
export function foldCustomerWait(known: CustomerWait, { role, final, text, occurredAt }: ContactTurn): CustomerWait {
  if (!final || text === "" || occurredAt <= known.answeredAt) return known;
  if (role === "agent") return { answeredAt: occurredAt, unanswered: known.unanswered.filter((at) => at > occurredAt) };
  if (known.unanswered.includes(occurredAt)) return known;
  const unanswered = [...known.unanswered, occurredAt].sort((a, b) => a - b);
  // The first says since when the customer waits, and the last that somebody still does after a late answer.
  if (unanswered.length > MAX_UNANSWERED) unanswered.splice(-2, 1);
  return { ...known, unanswered };
}

/**
 * Since when the customer of a chat waits for an answer of the agent's side, epoch ms: since the first message that nobody has
 * answered, or since the agent joined if the message is older. null = nobody waits, or the contact is no chat with an agent.
 * @param held the contact as the agent holds it, while the agent is on it
 * @param records what is known of it and of the other contacts of the same chat (`ContactIndex.matches`)
 */
export function customerWaitsSince(
  held: Pick<AgentContact, "channel" | "state" | "since" | "connectedAt">,
  records: readonly { customerWait: CustomerWait; channel: Channel | null }[],
): number | null {
  if (held.channel !== "chat" || !isTalk(held.state)) return null;
  const chats = records.filter(({ channel }) => mayBeChat(channel));
  const answeredAt = Math.max(0, ...chats.map(({ customerWait }) => customerWait.answeredAt));
  const unanswered = chats.flatMap(({ customerWait }) => customerWait.unanswered).filter((at) => at > answeredAt);
  if (unanswered.length === 0) return null;
  return Math.max(Math.min(...unanswered), held.connectedAt ?? held.since);
}
