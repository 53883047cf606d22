import type { Channel } from "../../../../protocol/agent.ts";
import type { AgentDay, AgentSpell, DayContact, DayTotals, SpellKind } from "../../../../protocol/agent-day.ts";
import type { AgentToday } from "../../../../protocol/agent-today.ts";
import { array, flag, list, member, number, optional, orNull, shape, text, wordOf } from "../../../client/guards.ts";

const channel = wordOf<Channel>({ voice: 1, chat: 1, task: 1, email: 1 });
const score = orNull(number);

const spell = shape<AgentSpell>({
  since: number,
  until: orNull(number),
  kind: wordOf<SpellKind>({
    available: 1,
    away: 1,
    offline: 1,
    unknown: 1,
    ringing: 1,
    "on a call": 1,
    "on a contact": 1,
    "on hold": 1,
    "after call work": 1,
    missed: 1,
    error: 1,
    paused: 1,
  }),
  status: orNull(text),
  contactId: orNull(text),
  channel: orNull(channel),
  queue: orNull(text),
});

const contact = shape<DayContact>({
  contactId: text,
  initialContactId: orNull(text),
  channel,
  queue: orNull(text),
  begin: number,
  answeredAt: orNull(number),
  end: orNull(number),
  endKnown: flag,
  talkMs: number,
  holdMs: number,
  afterCallMs: number,
  missed: number,
  sentiment: orNull(shape<NonNullable<DayContact["sentiment"]>>({ score, quarters: list(score) })),
  categories: list(text),
  transcript: flag,
});

const figures = {
  handled: number,
  missed: number,
  averageHandleMs: orNull(number),
  occupancy: orNull(number),
  signedInMs: number,
};
const totals = shape<DayTotals>({
  ...figures,
  talkMs: number,
  holdMs: number,
  afterCallMs: number,
  unknownMs: number,
  byStatus: list(shape<DayTotals["byStatus"][number]>({ status: text, ms: number })),
});

const day = shape<AgentDay>({
  agentId: text,
  date: text,
  timeZone: text,
  keptFrom: optional(orNull(text)),
  from: number,
  to: number,
  serverTime: number,
  spells: list(spell),
  contacts: list(contact),
  totals,
  median: orNull(shape<AgentToday>(figures)),
});

/**
 * Reads the answer to a question for a day. A time span or contact that this board does not understand, for example of a newer hub,
 * is left out. Null = the answer is no day.
 */
export function readDay(body: unknown): AgentDay | null {
  const [spells, contacts] = [member(body, "spells"), member(body, "contacts")];
  if (!array(spells) || !array(contacts)) return null;
  const readable = { ...Object(body), spells: spells.filter(spell), contacts: contacts.filter(contact) };
  return day(readable) ? readable : null;
}
