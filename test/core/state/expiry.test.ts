import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_EXPIRY } from "../../../core/state/expiry.ts";
import type { Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, aTurn, NOON } from "../../support/updates.ts";
import { update } from "../arbitraries.ts";
import { Center } from "../center.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ended = (occurredAt: number): Update => ({
  type: "contact.ended",
  contactId: "contact-1",
  initialContactId: null,
  occurredAt,
});
const heartbeat = (occurredAt: number): Update => ({ type: "agent.heartbeat", agentId: "agent-1", occurredAt });
const removed = (occurredAt: number): Update => ({ type: "agent.removed", agentId: "agent-1", occurredAt });

function centerWith(...updates: Update[]): Center {
  const center = new Center();
  center.postEach(...updates);
  return center;
}

describe("Stale agents", () => {
  it("TIM-1 An agent without news for 5 minutes is stale until its next news.", () => {
    const center = centerWith(anAgentState());
    expect(center.state.nextWake()).toBe(NOON + 5 * MINUTE);
    center.expireAt(NOON + 5 * MINUTE - 1);
    expect(center.agent().stale).toBe(false);
    center.expireAt(NOON + 5 * MINUTE);
    expect(center.agent().stale).toBe(true);
    center.post(heartbeat(NOON + 5 * MINUTE));
    expect(center.agent().stale).toBe(false);
  });

  it("TIM-1 The age of delayed news counts from its own time, so the agent is stale at once.", () => {
    const center = new Center();
    center.now = NOON + HOUR;
    center.post(anAgentState());
    expect(center.agent().stale).toBe(true);
  });

  it("TIM-1 An agent shown as offline never becomes stale, and needs no wake-up before it is forgotten.", () => {
    const center = centerWith(anAgentState({ signedIn: false }));
    expect(center.state.nextWake()).toBe(NOON + 30 * DAY);
    center.expireAt(NOON + DAY);
    expect(center.agent().stale).toBe(false);
  });

  it("TIM-1 A restart makes no agent stale that sends heartbeats.", () => {
    const center = centerWith(anAgentState());
    for (let minute = 2; minute <= 20; minute += 2) {
      center.now = NOON + minute * MINUTE;
      center.post(heartbeat(center.now));
      center.restart();
      center.expireAt(center.now);
      expect(center.agent().stale).toBe(false);
    }
  });
});

describe("Contacts", () => {
  it("TIM-2 A contact that an agent has held for 12 h expires, until the agent's news no longer names it.", () => {
    const held = [aContact({ since: NOON - HOUR, connectedAt: NOON - HOUR })];
    const center = centerWith(anAgentState({ contacts: held }));
    center.expireAt(NOON + 11 * HOUR - 1);
    expect(center.agent().status).toBe("on a call");
    center.expireAt(NOON + 11 * HOUR);
    expect(center.agent()).toMatchObject({ status: "available", contactId: null });
    center.restart();
    center.post(anAgentState({ occurredAt: NOON + 11 * HOUR, contacts: held }));
    expect(center.agent().status).toBe("available");
    center.post(anAgentState({ occurredAt: NOON + 11 * HOUR + 1, contacts: [] }));
    center.post(anAgentState({ occurredAt: NOON + 11 * HOUR + 2, contacts: held }));
    expect(center.agent().status).toBe("on a call");
  });

  it("TIM-3 The hub deletes a contact's turns 10 minutes after it learned of the contact's end.", () => {
    const center = centerWith(aTurn(), aSentiment(1));
    center.now = NOON + 3 * MINUTE;
    center.post(ended(NOON));
    center.expireAt(NOON + 13 * MINUTE - 1);
    expect(center.state.transcript("contact-1").turns).toHaveLength(1);
    center.expireAt(NOON + 13 * MINUTE);
    expect(center.state.transcript("contact-1").turns).toEqual([]);
    expect(center.store.turns("contact-1")).toEqual([]);
    expect(center.state.nextWake()).toBeNull();
  });

  it("TIM-3 The hub deletes the turns of a contact without an end 12 h after its last news.", () => {
    const center = centerWith(aTurn());
    center.now = NOON + HOUR;
    center.post(aTurn({ turnId: "turn-2" }));
    center.expireAt(NOON + 13 * HOUR - 1);
    expect(center.state.transcript("contact-1").turns).toHaveLength(2);
    center.expireAt(NOON + 13 * HOUR);
    expect(center.state.transcript("contact-1").turns).toEqual([]);
  });

  it("TIM-3 The hub keeps the end of a call while the agent's news still names it, so the call does not come back.", () => {
    const center = centerWith(anAgentState({ contacts: [aContact()] }), aTurn(), ended(NOON + 1));
    for (let minute = 10; minute <= 60; minute += 10) {
      center.expireAt(NOON + minute * MINUTE);
      center.post(heartbeat(center.now));
      expect(center.agent()).toMatchObject({ status: "after call work", since: NOON + 1 });
      expect(center.store.turns("contact-1")).toEqual([]);
      expect(center.state.nextWake()).toBeGreaterThan(center.now);
      center.restart();
    }
    center.post(anAgentState({ occurredAt: center.now + 1 }));
    center.expireAt(center.now + 10 * MINUTE);
    expect(center.agent().status).toBe("available");
  });
});

describe("Deleted agents", () => {
  it("TIM-4 The hub keeps the tombstone of a deleted agent for 30 days.", () => {
    const center = centerWith(anAgentState(), removed(NOON + 1));
    expect(center.state.nextWake()).toBe(NOON + 30 * DAY);
    center.expireAt(NOON + 30 * DAY - 1);
    expect(center.state.board.oldestResumableSeq).toBe(0);
    center.expireAt(NOON + 30 * DAY);
    expect(center.state.board.oldestResumableSeq).toBe(2);
    expect(center.state.nextWake()).toBeNull();
    expect([...center.store.load("new").agents]).toEqual([]);
  });

  it("TIM-4 An agent that came back stays on the board after its old tombstone would expire.", () => {
    const center = centerWith(anAgentState(), removed(NOON + 1), anAgentState({ occurredAt: NOON + 2 }));
    center.expireAt(NOON + 29 * DAY);
    center.post(heartbeat(NOON + 29 * DAY));
    center.expireAt(NOON + 31 * DAY);
    expect(center.agents()).toHaveLength(1);
  });
});

describe("Wake-ups", () => {
  it("TIM-5 The wake-ups that the hub asks for are enough, and each is later than the one before.", () => {
    fc.assert(
      fc.property(fc.array(update, { minLength: 1, maxLength: 12 }), (updates) => {
        const [lazy, eager] = [new Center(), new Center()];
        let wakeAt: number | null = null;
        for (const one of updates) {
          const asked = lazy.post(one).wakeAt;
          eager.post(one);
          if (asked !== null) wakeAt = Math.min(wakeAt ?? asked, asked);
        }
        const end = NOON + 31 * DAY;
        for (let wakeUps = 0; wakeAt !== null && wakeAt <= end; wakeUps += 1) {
          // While a chat of a week goes on, a part of it that has ended is looked at every ten minutes.
          if (wakeUps > 1500) throw new Error("The hub asked for more than 1,500 wake-ups in 31 days.");
          lazy.expireAt(wakeAt);
          eager.expireAt(wakeAt - 1);
          eager.expireAt(wakeAt);
          expect(lazy.agents()).toEqual(eager.agents());
          const next = lazy.state.nextWake();
          if (next !== null) expect(next).toBeGreaterThan(wakeAt);
          wakeAt = next;
        }
        lazy.expireAt(end);
        eager.expireAt(end);
        expect(lazy.agents()).toEqual(eager.agents());
      }),
      { numRuns: 500 },
    );
  });
});

describe("Expiry with restarts and short limits", () => {
  it("ROS-6 A heartbeat that kept an agent signed in against a snapshot still does so after a restart.", () => {
    const center = centerWith(anAgentState());
    center.now = NOON + 2 * MINUTE;
    center.post(heartbeat(NOON + 2 * MINUTE));
    center.post({ type: "roster.snapshot", takenAt: NOON + MINUTE, agents: [] });
    expect(center.agent().status).toBe("available");
    center.restart();
    center.expireAt(NOON + 2 * MINUTE);
    expect(center.agent().status).toBe("available");
  });

  it("TIM-3 A hub that deletes turns at once does not keep waking for a call that its agent's news still names.", () => {
    const center = new Center({ ...DEFAULT_EXPIRY, turnsExpireAfterMs: 0 });
    center.postEach(anAgentState({ contacts: [aContact()] }), aTurn(), ended(NOON + 1000));
    center.expireAt(NOON + 1000);
    expect(center.state.transcript("contact-1").turns).toEqual([]);
    expect(center.agent().status).toBe("after call work");
    expect(center.state.nextWake()).toBeGreaterThan(NOON + MINUTE);
  });
});
