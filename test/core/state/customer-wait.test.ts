import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldContactTurn, newContact } from "../../../core/state/contact-record.ts";
import { customerWaitsSince, foldCustomerWait, NO_WAIT } from "../../../core/state/customer-wait.ts";
import type { AgentContact, ContactTurn } from "../../../protocol/updates.ts";
import { aTurn, NOON } from "../../support/updates.ts";

const SECOND = 1000;
const HELD = { channel: "chat", state: "connected", since: NOON, connectedAt: NOON } as const satisfies Partial<AgentContact>;
const wrote = (role: "customer" | "agent", second: number, fields: Partial<ContactTurn> = {}) =>
  aTurn({ turnId: `${role}-${second}`, role, occurredAt: NOON + second * SECOND, final: true, text: "words", ...fields });
const recordOf = (...turns: ContactTurn[]) => ({ customerWait: turns.reduce(foldCustomerWait, NO_WAIT), channel: null });
const waits = (...turns: ContactTurn[]) => customerWaitsSince(HELD, [recordOf(...turns)]);

describe("The wait of a chat's customer", () => {
  it("WAI-1 A customer waits since the first message that nobody has answered.", () => {
    expect(waits()).toBeNull();
    expect(waits(wrote("customer", 10))).toBe(NOON + 10 * SECOND);
    expect(waits(wrote("customer", 10), wrote("customer", 20))).toBe(NOON + 10 * SECOND);
    expect(waits(wrote("customer", 10), wrote("agent", 15))).toBeNull();
    expect(waits(wrote("customer", 10), wrote("agent", 15), wrote("customer", 20))).toBe(NOON + 20 * SECOND);
  });

  it("WAI-1 A message of the agent that nobody asked for answers nothing later.", () => {
    expect(waits(wrote("agent", 5), wrote("customer", 10))).toBe(NOON + 10 * SECOND);
    expect(waits(wrote("agent", 10), wrote("customer", 10))).toBeNull();
  });

  it("WAI-2 The wait begins when the agent joins, if the customer wrote to a bot or in the queue before.", () => {
    const early = recordOf(wrote("customer", -300));
    expect(customerWaitsSince(HELD, [early])).toBe(NOON);
    expect(customerWaitsSince({ ...HELD, connectedAt: null, since: NOON + 9 }, [early])).toBe(NOON + 9);
  });

  it("WAI-2 Only the customer of a chat that an agent is on waits for an answer.", () => {
    const known = [recordOf(wrote("customer", 10))];
    for (const channel of ["voice", "task", "email"] as const) expect(customerWaitsSince({ ...HELD, channel }, known)).toBeNull();
    for (const state of ["ringing", "ended", "missed", "rejected", "error", "paused"] as const)
      expect(customerWaitsSince({ ...HELD, state }, known)).toBeNull();
    expect(customerWaitsSince({ ...HELD, state: "hold" }, known)).toBe(NOON + 10 * SECOND);
  });

  it("WAI-3 The messages of an earlier contact of the chat count too.", () => {
    const before = recordOf(wrote("customer", 10), wrote("agent", 20), wrote("customer", 30));
    expect(customerWaitsSince(HELD, [recordOf(), before])).toBe(NOON + 30 * SECOND);
    expect(customerWaitsSince(HELD, [recordOf(wrote("agent", 40)), before])).toBeNull();
    expect(customerWaitsSince(HELD, [])).toBeNull();
  });

  it("WAI-3 The words of a call that belongs to the chat ask for no written answer.", () => {
    expect(customerWaitsSince(HELD, [recordOf(), { ...recordOf(wrote("customer", 10)), channel: "voice" }])).toBeNull();
    const call = { ...newContact("call-1"), channel: "voice" as const };
    expect(foldContactTurn(call, wrote("customer", 10), true, NOON)?.customerWait).toEqual(NO_WAIT);
  });

  it("WAI-1 A turn that is not final, or that was withdrawn, is no message.", () => {
    expect(waits(wrote("customer", 10, { final: false }), wrote("customer", 11, { text: "" }))).toBeNull();
    expect(waits(wrote("customer", 10), wrote("agent", 12, { final: false }))).toBe(NOON + 10 * SECOND);
  });

  it("WAI-4 The order and repetition of the messages never matter.", () => {
    const turn = fc
      .record({ role: fc.constantFrom("customer" as const, "agent" as const), second: fc.integer({ min: 0, max: 12 }) })
      .map(({ role, second }) => wrote(role, second));
    const arrivals = fc
      .array(turn, { minLength: 1, maxLength: 12 })
      .chain((turns) => fc.tuple(fc.constant(turns), fc.shuffledSubarray([...turns, ...turns], { minLength: turns.length * 2 })));
    fc.assert(
      fc.property(arrivals, ([turns, order]) => {
        expect(recordOf(...order)).toEqual(recordOf(...turns));
        const answered = Math.max(0, ...turns.filter(({ role }) => role === "agent").map(({ occurredAt }) => occurredAt));
        const open = turns.filter(({ role, occurredAt }) => role === "customer" && occurredAt > answered);
        const expected = open.length === 0 ? null : Math.min(...open.map(({ occurredAt }) => occurredAt));
        expect(waits(...order)).toBe(expected);
      }),
    );
  });

  it("WAI-4 A flood of messages is remembered by its first and its last ones.", () => {
    const flood = Array.from({ length: 500 }, (_, second) => wrote("customer", second));
    const { customerWait } = recordOf(...flood);
    expect(customerWait.unanswered).toHaveLength(50);
    expect(waits(...flood)).toBe(NOON);
    expect(waits(...flood, wrote("agent", 400))).toBe(NOON + 499 * SECOND);
    expect(waits(...flood, wrote("agent", 500))).toBeNull();
  });
});
