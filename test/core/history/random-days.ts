import fc from "fast-check";
import type { AgentContact, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { agentUpdate, removal, update } from "../arbitraries.ts";
import { aQueueContact } from "../queues/queue-center.ts";
import { MINUTE } from "./day-center.ts";

export const AGENTS = ["agent-1", "agent-2", "agent-3"];
const second = fc.integer({ min: 0, max: 8 }).map((seconds) => NOON + seconds * 1000);

/** What a contact event says of an end: of times before the agent's own news, of the same, and long after it. */
const ended = fc
  .record({
    contactId: fc.constantFrom("call-1", "call-2", "call-9"),
    agentId: fc.constantFrom(...AGENTS),
    connectedAt: fc.option(second, { nil: null }),
    endedAt: second,
    later: fc.constantFrom(0, 0, 1, 20, 45, 90, 300),
  })
  .map(({ later, endedAt, ...fields }): Update => aQueueContact({ ...fields, endedAt: endedAt + later * MINUTE }));

const { type: _type, agentId: _agentId, occurredAt: _occurredAt, ...free } = anAgentState();
const held = (contactId: string, state: AgentContact["state"], seconds: number) =>
  aContact({ contactId, state, since: NOON + seconds * 1000, connectedAt: NOON });
const onCall = held("call-1", "connected", 0);
const onHold = held("call-2", "hold", 1);
const shows = [
  free,
  { ...free, contacts: [onCall] },
  { ...free, contacts: [held("call-1", "hold", 3)] },
  { ...free, contacts: [onCall, onHold] },
  { ...free, contacts: [onCall, onHold, held("call-3", "ended", 2)] },
];
/** Looks at one agent that show the same again and again, so that many are repetitions within ten minutes. */
const look = fc
  .record({
    isStream: fc.boolean(),
    shown: fc.constantFrom(...shows),
    occurredAt: second,
    // Within ten minutes, and around the silence after which nobody knows what the agent does.
    later: fc.constantFrom(0, 1, 5, 9, 12, 29, 31),
  })
  .map(({ isStream, shown, occurredAt, later }): Update => {
    const of = { agentId: "agent-1", occurredAt: occurredAt + later * MINUTE };
    return isStream ? anAgentState({ ...shown, ...of }) : { type: "agent.heartbeat", ...of, snapshot: shown };
  });

const minutes = fc.oneof(
  fc.constant(0),
  fc.nat({ max: 60 }),
  fc.nat({ max: 40 }).map((steps) => steps * 13),
);

/** News of agents in half a day after {@link NOON}: the same again and again, at times close together and far apart. */
const newsOfDay: fc.Arbitrary<Update> = fc
  .tuple(
    fc.oneof(
      { arbitrary: agentUpdate, weight: 3 },
      { arbitrary: update, weight: 3 },
      { arbitrary: look, weight: 4 },
      { arbitrary: removal, weight: 1 },
      { arbitrary: ended, weight: 2 },
    ),
    minutes,
  )
  .map(([one, later]) => movedBy(one, later * MINUTE));

/** The same news at another time. */
export function movedBy(one: Update, ms: number): Update {
  return JSON.parse(JSON.stringify(one, (_, value) => (isTime(value) ? value + ms : value)));
}

/** The newest time that the news names, epoch ms. */
export function timeOf(one: Update): number {
  let newest = 0;
  JSON.stringify(one, (_, value) => {
    if (isTime(value)) newest = Math.max(newest, value);
    return value;
  });
  return newest;
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value > 1e12;
}

/** Updates, and another delivery of them: each twice, in any order. */
export const deliveries = fc.array(newsOfDay, { minLength: 1, maxLength: 14 }).chain((all) =>
  fc.record({
    all: fc.constant(all),
    other: fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }),
    restarts: fc.array(fc.nat({ max: all.length * 2 }), { maxLength: 3 }).map((indexes) => new Set(indexes)),
  }),
);
