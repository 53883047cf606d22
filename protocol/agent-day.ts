import * as v from "valibot";
import { channelSchema, contactStatusSchema, sentimentSchema } from "./agent.ts";
import { agentTodaySchema } from "./agent-today.ts";

/** What an agent did in a time span: a status of its own, or something on a contact. `unknown`: nothing was heard of the agent. */
export const spellKindSchema = v.picklist(["available", "away", "offline", "unknown", ...contactStatusSchema.options]);
export type SpellKind = v.InferOutput<typeof spellKindSchema>;

/** A time span of an agent's day. Those of contacts lie beside those of the agent's own status. Times are epoch ms. */
export const agentSpellSchema = v.object({
  since: v.number(),
  /** null = it goes on. */
  until: v.nullable(v.number()),
  kind: spellKindSchema,
  /** The agent's own status by its name; null on a contact, and while nothing is known. */
  status: v.nullable(v.string()),
  /** null = it is a status of the agent. */
  contactId: v.nullable(v.string()),
  channel: v.nullable(channelSchema),
  queue: v.nullable(v.string()),
});
export type AgentSpell = v.InferOutput<typeof agentSpellSchema>;

/** A contact of an agent's day, whole, also where it began the day before. Times are epoch ms. */
export const dayContactSchema = v.object({
  contactId: v.string(),
  initialContactId: v.nullable(v.string()),
  channel: channelSchema,
  queue: v.nullable(v.string()),
  /** When it was offered to the agent. */
  begin: v.number(),
  /** null = the agent has not answered it. */
  answeredAt: v.nullable(v.number()),
  /** When the agent was done with it; null = it goes on. */
  end: v.nullable(v.number()),
  /** Whether the agent is known to have completed it at `end`. false: nothing was heard of the agent then. */
  endKnown: v.boolean(),
  talkMs: v.number(),
  holdMs: v.number(),
  afterCallMs: v.number(),
  /** Offers that the agent missed. */
  missed: v.number(),
  /** The customer's score and its quarters; null = nothing was scored. */
  sentiment: v.nullable(v.pick(sentimentSchema, ["score", "quarters"])),
  categories: v.array(v.string()),
  /** Whether its transcript can still be read. */
  transcript: v.boolean(),
});
export type DayContact = v.InferOutput<typeof dayContactSchema>;

/** Sums of an agent's day so far. Of contacts, only the time within the day counts. */
export const dayTotalsSchema = v.object({
  ...agentTodaySchema.entries,
  talkMs: v.number(),
  holdMs: v.number(),
  afterCallMs: v.number(),
  /** Time in which nothing was heard of the signed-in agent. */
  unknownMs: v.number(),
  /** Signed-in time by the agent's own status, the longest first. */
  byStatus: v.array(v.object({ status: v.string(), ms: v.number() })),
});
export type DayTotals = v.InferOutput<typeof dayTotalsSchema>;

/** The day of one agent. */
export const agentDaySchema = v.object({
  agentId: v.string(),
  /** YYYY-MM-DD in the center's time zone. */
  date: v.string(),
  timeZone: v.string(),
  /** The first date of which days are kept; null = the hub keeps none. Older hubs do not say. */
  keptFrom: v.optional(v.nullable(v.string())),
  from: v.number(),
  to: v.number(),
  serverTime: v.number(),
  spells: v.array(agentSpellSchema),
  contacts: v.array(dayContactSchema),
  totals: dayTotalsSchema,
  /** The medians of today's figures over the agents that share a group with this one; null = another day, or none has any. */
  median: v.nullable(agentTodaySchema),
});
export type AgentDay = v.InferOutput<typeof agentDaySchema>;
