import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentContact, ContactTranscription, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, aTranscription, aTurn, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const SECOND = 1000;
const onCall = anAgentState({ contacts: [aContact()] });
const holding = (state: AgentContact["state"]) => anAgentState({ contacts: [aContact({ state })] });
const ended: Update = { type: "contact.ended", contactId: "contact-1", initialContactId: null, occurredAt: NOON + 1 };
const category: Update = {
  type: "contact.category",
  contactId: "contact-1",
  initialContactId: null,
  name: "PortalIssue",
  occurredAt: NOON,
};

function centerAfter(...updates: Update[]): Center {
  const center = new Center();
  center.postEach(...updates);
  return center;
}

const shown = (center: Center) => center.agent().transcription;
const rowsOf = (center: Center, ...updates: Update[]) => {
  const before = center.store.rowsWritten;
  center.post(...updates);
  return center.store.rowsWritten - before;
};

describe("The register of a contact's transcription", () => {
  const state = fc.constantFrom<ContactTranscription["state"][]>("live", "ended", "failed", "off", "waiting");
  const news = fc.record({ state, second: fc.nat({ max: 3 }) });

  it("TRN-1 The newest state counts in every order, and of equal times the more final one.", () => {
    const finality = ["waiting", "live", "off", "failed", "ended"];
    fc.assert(
      fc.property(fc.array(news, { minLength: 1, maxLength: 6 }), (all) => {
        const center = centerAfter(
          onCall,
          ...all.map(({ state, second }) => aTranscription(state, { occurredAt: NOON + second * SECOND })),
        );
        const [newest] = all.toSorted((a, b) => b.second - a.second || finality.indexOf(b.state) - finality.indexOf(a.state));
        expect(shown(center)).toBe(newest?.state === "ended" ? null : newest?.state);
      }),
    );
  });

  it("TRN-1 A state that comes late changes neither the shown one nor the time at which it is lost.", () => {
    const center = centerAfter(onCall, aTranscription("live", { occurredAt: NOON + 5 * SECOND }));
    center.now = NOON + 40 * SECOND;
    expect(center.post(aTranscription("off", { occurredAt: NOON + 4 * SECOND }))).toMatchObject({ stale: 1 });
    expect(center.post(aTranscription("live", { occurredAt: NOON + 4 * SECOND }))).toMatchObject({ stale: 1 });
    center.expireAt(NOON + 45 * SECOND);
    expect(shown(center)).toBe("lost");
  });
});

describe("The transcription of an agent", () => {
  it("TRN-2 An agent's call of which no sender spoke has none, also while turns come.", () => {
    expect(shown(centerAfter(onCall))).toBeNull();
    expect(shown(centerAfter(onCall, aTurn(), aSentiment(1)))).toBeNull();
  });

  it.each(["live", "failed", "off", "waiting"] as const)(
    "TRN-2 A call that is %s shows so, whichever of the two is posted first.",
    (state) => {
      expect(shown(centerAfter(onCall, aTranscription(state)))).toBe(state);
      expect(shown(centerAfter(aTranscription(state), onCall))).toBe(state);
    },
  );

  it("TRN-2 A transcription that ended shows as nothing known.", () => {
    expect(shown(centerAfter(onCall, aTranscription("live"), aTranscription("ended", { occurredAt: NOON + 1 })))).toBeNull();
  });

  it.each<[AgentContact["state"], "live" | null, "off" | null]>([
    ["ringing", "live", "off"],
    ["connected", "live", "off"],
    ["hold", "live", "off"],
    ["ended", null, "off"],
    ["missed", null, null],
    ["error", null, null],
    ["paused", null, null],
  ])("TRN-2 While the contact is %s, a live transcription shows as %s and one that is off as %s.", (contact, live, off) => {
    expect(shown(centerAfter(holding(contact), aTranscription("live")))).toBe(live);
    expect(shown(centerAfter(holding(contact), aTranscription("off")))).toBe(off);
  });

  it("TRN-2 The end of a contact takes a live or lost transcription away, for nobody has to listen any more.", () => {
    const center = centerAfter(onCall, aTranscription("live"));
    center.expireAt(NOON + 45 * SECOND);
    expect(shown(center)).toBe("lost");
    center.post(ended);
    expect(center.agent()).toMatchObject({ status: "after call work", transcription: null });
  });

  it("TRN-2 The closest contact of the call with a state counts, as for the score.", () => {
    const second = anAgentState({ contacts: [aContact({ contactId: "call-2", initialContactId: "call-1" })] });
    const first = aTranscription("live", { contactId: "call-1" });
    expect(shown(centerAfter(second, first, aSentiment(1, { contactId: "call-2" })))).toBe("live");
    expect(shown(centerAfter(second, aTranscription("off", { contactId: "call-2" }), first))).toBe("off");
  });
});

describe("A transcription that waits for a place", () => {
  it("TRN-6 It shows as waiting during the call and after it, is never lost, and is live when it begins late.", () => {
    const center = centerAfter(onCall, aTranscription("waiting"));
    expect(center.state.nextWake()).toBeGreaterThan(NOON + 60 * SECOND);
    center.expireAt(NOON + 10 * 60 * SECOND);
    expect(shown(center)).toBe("waiting");
    const late = NOON + 11 * 60 * SECOND;
    center.post(aTranscription("live", { occurredAt: late }));
    expect(shown(center)).toBe("live");
    expect(shown(centerAfter(onCall, aTranscription("waiting"), ended))).toBe("waiting");
  });
});

describe("A transcription of which nothing arrives", () => {
  it("TRN-3 It is lost 45 s after its last sign, and the hub asks to be woken for that.", () => {
    const center = centerAfter(onCall, aTranscription("live"));
    expect(center.state.nextWake()).toBe(NOON + 45 * SECOND);
    center.expireAt(NOON + 45 * SECOND - 1);
    expect(shown(center)).toBe("live");
    center.expireAt(NOON + 45 * SECOND);
    expect(shown(center)).toBe("lost");
    expect(center.state.nextWake()).toBeGreaterThan(NOON + 45 * SECOND);
  });

  it("TRN-3 Its age counts from the arrival of the sign, so that a wrong clock of a sender does not matter.", () => {
    const center = new Center();
    center.now = NOON + 10 * 60 * SECOND;
    center.post(onCall, aTranscription("live"));
    center.expireAt(center.now + 44 * SECOND);
    expect(shown(center)).toBe("live");
  });

  it.each<[string, Update]>([
    ["turn", aTurn()],
    ["score", aSentiment(1)],
    ["category", category],
    ["transcription", aTranscription("live", { occurredAt: NOON + 1 })],
  ])("TRN-3 A %s keeps it live and takes a loss back.", (_, sign) => {
    const center = centerAfter(onCall, aTranscription("live"));
    center.now = NOON + 40 * SECOND;
    center.post(sign);
    center.expireAt(NOON + 84 * SECOND);
    expect(shown(center)).toBe("live");
    center.expireAt(NOON + 85 * SECOND);
    expect(shown(center)).toBe("lost");
    const { seq } = center.state.board;
    center.post(aTurn({ turnId: "turn-2" }));
    expect(shown(center)).toBe("live");
    expect(center.state.board.seq).toBe(seq + 1);
  });

  it.each<[string, Update]>([
    ["repeated turn", aTurn()],
    ["end of the contact", ended],
    ["news of the agent", anAgentState({ occurredAt: NOON + 1, contacts: [aContact({ queue: "Otra" })] })],
  ])("TRN-3 A %s is no sign that somebody listens.", (_, update) => {
    const other = anAgentState({ contacts: [aContact({ contactId: "contact-2", initialContactId: "contact-1" })] });
    const center = centerAfter(other, aTurn(), aTranscription("live"));
    center.now = NOON + 40 * SECOND;
    center.post(update);
    center.expireAt(NOON + 45 * SECOND);
    expect(center.state.nextWake()).not.toBe(NOON + 85 * SECOND);
    center.post({ ...other, occurredAt: NOON + 2 });
    expect(shown(center)).toBe("lost");
  });

  it.each(["ended", "failed", "off"] as const)("TRN-3 One that is %s is never lost and needs no wake-up.", (state) => {
    const center = centerAfter(aTranscription(state));
    expect(center.state.nextWake()).toBe(NOON + center.times.contactExpiresAfterMs);
  });

  it("TRN-3 A live call is lost exactly when its last sign is 45 s old, whatever the signs and the wake-ups before.", () => {
    const sign = fc.constantFrom<("turn" | "score" | "live" | "nothing")[]>("turn", "score", "live", "nothing");
    const step = fc.record({ sign, seconds: fc.integer({ min: 1, max: 60 }), restart: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const center = centerAfter(onCall, aTranscription("live"));
        let heardAt = center.now;
        for (const [index, { sign, seconds, restart }] of steps.entries()) {
          center.expireAt(center.now + seconds * SECOND);
          const late = { occurredAt: NOON + index + 1 };
          if (sign === "turn") center.post(aTurn({ turnId: `turn-${index}`, ...late }));
          if (sign === "score") center.post(aSentiment(1, late));
          if (sign === "live") center.post(aTranscription("live", late));
          if (sign !== "nothing") heardAt = center.now;
          const isLost = center.now - heardAt >= 45 * SECOND;
          expect(shown(center)).toBe(isLost ? "lost" : "live");
          const wakeAt = center.state.nextWake() ?? 0;
          if (!isLost) expect(wakeAt).toBeLessThanOrEqual(heardAt + 45 * SECOND);
          // Storage may know of signs up to 15 s too little, so a restart is checked right after a sign only.
          if (restart && sign !== "nothing" && sign !== "turn") center.restart();
        }
      }),
      { numRuns: 500 },
    );
  });

  it("TRN-3 A restart keeps a loss, and does not make a call look lost that is heard every 20 s.", () => {
    const center = centerAfter(onCall, aTranscription("live"));
    for (let second = 20; second <= 300; second += 20) {
      center.now = NOON + second * SECOND;
      center.post(second % 40 === 0 ? aTurn({ turnId: `turn-${second}` }) : aTranscription("live", { occurredAt: center.now }));
      center.restart();
      center.expireAt(center.now + 19 * SECOND);
      expect(shown(center)).toBe("live");
    }
    center.expireAt(NOON + 345 * SECOND);
    center.restart();
    expect(shown(center)).toBe("lost");
    center.post({ ...onCall, occurredAt: NOON + 1 });
    expect(shown(center)).toBe("lost");
  });

  it("TRN-3 Turns of a live call write their contact once in 15 s, and never without a transcription or for one that is off.", () => {
    const turn = (id: number) => aTurn({ turnId: `turn-${id}` });
    for (const [state, rows] of [
      ["live", 2],
      ["off", 1],
      [null, 1],
    ] as const) {
      const center = centerAfter(onCall, ...(state === null ? [] : [aTranscription(state)]), turn(0));
      expect(rowsOf(center, turn(1))).toBe(1);
      center.now += 15 * SECOND;
      expect(rowsOf(center, turn(2))).toBe(rows);
      expect(rowsOf(center, turn(3))).toBe(1);
    }
  });
});
