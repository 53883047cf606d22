import type { AgentClient, HubReply } from "../contract.ts";

/** The day of an agent, without a date. */
const TODAY = /^agents\/[^/?]+\/day$/;
/** A day of the past changes no more, and that of today is looked at for a moment only. While it plays, each would cost a ticket. */
const KEPT_MS = 60_000;
/** A page of rows and its neighbours. */
const MOST_KEPT = 300;

/**
 * Returns the questions that a board of the past may ask. "Today" is the day of the shown moment there. Nothing can be changed: what
 * is no question gets 409 with the word "replay".
 * @param at returns the shown moment (epoch ms)
 */
export function pastQuestions(live: Pick<AgentClient, "ask" | "center" | "now">, at: () => number): AgentClient["ask"] {
  const days = new Map<string, { reply: Promise<HubReply>; askedAt: number }>();
  return (question) => {
    if (question.method !== "GET") return Promise.resolve({ status: 409, body: { error: "replay" } });
    if (!TODAY.test(question.resource)) return live.ask(question);
    const resource = `${question.resource}?date=${dateOf(at(), live.center()?.timeZone)}`;
    const known = days.get(resource);
    if (known !== undefined && live.now() - known.askedAt < KEPT_MS) return known.reply;
    const reply = live.ask({ ...question, resource });
    days.delete(resource);
    days.set(resource, { reply, askedAt: live.now() });
    for (const oldest of days.keys()) {
      if (days.size <= MOST_KEPT) break;
      days.delete(oldest);
    }
    // What failed is asked again.
    void reply.then(({ status }) => {
      if (status !== 200 && days.get(resource)?.reply === reply) days.delete(resource);
    });
    return reply;
  };
}

/** Returns the date in the center's zone, YYYY-MM-DD. Without a known zone it is that of this machine. */
function dateOf(at: number, timeZone: string | undefined): string {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  try {
    return new Intl.DateTimeFormat("en-CA", { ...parts, timeZone }).format(at);
  } catch {
    return new Intl.DateTimeFormat("en-CA", parts).format(at);
  }
}
