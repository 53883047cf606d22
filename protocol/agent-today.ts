import * as v from "valibot";

/** The figures of an agent's day that stand on the board. They change when a contact or a status of the agent ends. */
export const agentTodaySchema = v.object({
  /** Contacts that the agent answered and completed, after contact work included. */
  handled: v.number(),
  /** Offers that the agent did not answer. One contact may be offered and missed several times. */
  missed: v.number(),
  /** Mean time from the answer to the end of the after contact work. null = no contact was completed. */
  averageHandleMs: v.nullable(v.number()),
  /** Time on contacts, of the time on contacts or free for one: from 0 to 1. null = the agent was neither. */
  occupancy: v.nullable(v.number()),
  signedInMs: v.number(),
});
export type AgentToday = v.InferOutput<typeof agentTodaySchema>;
