import { describe, expect, test } from "vitest";
import { type CallState, INITIAL_STATE } from "../../../aws-ingest/call/transcriber-job.ts";
import { type RecognisedTurn, TurnTracker } from "../../../aws-ingest/call/turn-tracker.ts";
import type { Update } from "../../../protocol/updates.ts";

const T0 = 1_790_000_000_000;
const CONTACT = { contactId: "contact-2", initialContactId: "contact-1" };
const START: CallState = {
  ...INITIAL_STATE,
  t0Ms: T0,
};

function trackerOf(state: Partial<CallState> = {}, baseMs = 0): TurnTracker {
  const tracker = new TurnTracker(CONTACT, { ...START, ...state });
  tracker.beginSession(baseMs);
  return tracker;
}

/** A final turn of a session, in the session's own time. */
function recognised(beginMs: number, endMs: number, fields: Partial<RecognisedTurn> = {}): RecognisedTurn {
  const utteranceId = `${fields.role ?? "customer"}-${beginMs}`;
  const labels = { sentiment: "positive", languageCode: null } as const;
  return { kind: "turn", utteranceId, role: "customer", beginMs, endMs, text: "hello", final: true, ...labels, ...fields };
}

/** The state as the next invocation reads it. */
function handedOver(tracker: TurnTracker): CallState {
  return { ...START, ...JSON.parse(JSON.stringify(tracker.state())) };
}

function scoreTimes(updates: readonly Update[]): number[] {
  return updates.flatMap((update) => (update.type === "contact.sentiment" ? [update.occurredAt] : []));
}

function turnIds(updates: readonly Update[]): string[] {
  return updates.flatMap((update) => (update.type === "contact.turn" ? [update.turnId] : []));
}

describe("The updates of a turn", () => {
  test("carry both ids of the contact and times of its own timeline.", () => {
    const tracker = trackerOf({}, 40_000);
    const [turn, score] = tracker.addTurn(recognised(1000, 2500));
    expect(turn).toMatchObject({ ...CONTACT, turnId: "customer-41000", beginMs: 41_000, endMs: 42_500, occurredAt: T0 + 42_500 });
    expect(score).toMatchObject({ ...CONTACT, type: "contact.sentiment", turns: 1, occurredAt: T0 + 42_500 });
  });

  test("have no sentiment and no score while the turn is partial.", () => {
    expect(trackerOf().addTurn(recognised(0, 900, { final: false }))).toMatchObject([{ final: false, sentiment: null }]);
  });

  test("have no score when the turn has no sentiment.", () => {
    expect(
      trackerOf()
        .addTurn(recognised(0, 900, { sentiment: null }))
        .map(({ type }) => type),
    ).toEqual(["contact.turn"]);
  });
});

test("A turn that becomes final is no longer open.", () => {
  const tracker = trackerOf();
  tracker.addTurn(recognised(0, 900, { final: false }));
  tracker.addTurn(recognised(0, 1500));
  expect(tracker.hasOpenTurn).toBe(false);
});

test("A final turn without text withdraws its partial turn, without a sentiment, and is no longer open.", () => {
  const tracker = trackerOf();
  expect(tracker.addTurn(recognised(0, 900, { text: "" }))).toEqual([]);
  tracker.addTurn(recognised(2000, 2900, { final: false }));
  const withdrawal = tracker.addTurn(recognised(2000, 2900, { text: "" }));
  expect(withdrawal).toMatchObject([{ turnId: "customer-2000", text: "", final: true, sentiment: null }]);
  expect(withdrawal).toHaveLength(1);
  expect(tracker.hasOpenTurn).toBe(false);
  expect(tracker.turnCount).toBe(0);
});

test("The timeline begins at the whole millisecond of the first audio.", () => {
  const tracker = trackerOf({ t0Ms: null });
  tracker.setStart(T0 + 0.4);
  expect(tracker.addTurn(recognised(0, 900))).toMatchObject([{ occurredAt: T0 + 900 }, { occurredAt: T0 + 900 }]);
});

test("A state that was handed over does not change with later turns.", () => {
  const tracker = trackerOf();
  const state = tracker.state();
  tracker.addTurn(recognised(0, 5000));
  expect(state).toMatchObject({ transcribedUntil: { customer: 0, agent: 0 }, turns: [], newestSentiment: 0 });
});

describe("The score with the most turns", () => {
  test("has the newest time when turns end at the same time or out of order.", () => {
    const tracker = trackerOf();
    const updates = [
      ...tracker.addTurn(recognised(0, 5000)),
      ...tracker.addTurn(recognised(100, 5000, { role: "agent" })),
      ...tracker.addTurn(recognised(2000, 3000, { role: "agent" })),
      ...tracker.addTurn(recognised(6000, 9000)),
    ];
    expect(scoreTimes(updates)).toEqual([T0 + 5000, T0 + 5001, T0 + 5002, T0 + 9000]);
  });

  test("has the newest time also behind a hand-over.", () => {
    const before = trackerOf();
    before.addTurn(recognised(0, 5000));
    before.addTurn(recognised(100, 5000, { role: "agent" }));
    const after = trackerOf(handedOver(before));
    const updates = after.addTurn(recognised(1000, 4000, { role: "agent" }));
    expect(scoreTimes(updates)).toEqual([T0 + 5002]);
    expect(updates.at(-1)).toMatchObject({ turns: 3 });
  });

  test("is never newer than the contact's end.", () => {
    const tracker = trackerOf();
    tracker.addTurn(recognised(0, 5000));
    tracker.addTurn(recognised(100, 5000, { role: "agent" }));
    expect(tracker.endContact(4990)).toEqual({ type: "contact.ended", ...CONTACT, occurredAt: T0 + 5001 });
    expect(tracker.endContact(8000)).toMatchObject({ occurredAt: T0 + 8000 });
  });
});

describe("A session that ends", () => {
  test("counts all its audio as transcribed when it is drained.", () => {
    const tracker = trackerOf({}, 10_000);
    tracker.endSession(true, 30_000);
    expect(tracker.transcribedUntil).toEqual({ customer: 30_000, agent: 30_000 });
  });

  test("leaves a second before a cut untranscribed, because a word may have just begun.", () => {
    const tracker = trackerOf();
    tracker.cutSession(30_000);
    tracker.endSession(true, 30_000);
    expect(tracker.transcribedUntil).toEqual({ customer: 29_000, agent: 29_000 });
  });

  test("counts audio up to ten seconds before its last result when it broke off.", () => {
    const tracker = trackerOf();
    tracker.addTurn(recognised(50_000, 60_000));
    tracker.endSession(false, 90_000);
    expect(tracker.transcribedUntil).toEqual({ customer: 60_000, agent: 50_000 });
  });

  test("counts silence behind its last result when it broke off.", () => {
    const tracker = trackerOf();
    tracker.addTurn(recognised(1000, 2000));
    tracker.noteSilence(70_000);
    tracker.noteSilence(65_000);
    tracker.endSession(false, 90_000);
    expect(tracker.transcribedUntil).toEqual({ customer: 60_000, agent: 60_000 });
  });

  test("counts nothing beyond a turn that it left open, and nothing twice.", () => {
    const tracker = trackerOf({ transcribedUntil: { customer: 12_000, agent: 15_000 } }, 12_000);
    tracker.addTurn(recognised(8000, 9000, { final: false }));
    expect(tracker.hasOpenTurn).toBe(true);
    expect(tracker.safeUntilMs).toBe(12_000);
    tracker.endSession(true, 40_000);
    expect(tracker.transcribedUntil).toEqual({ customer: 19_700, agent: 40_000 });
    expect(tracker.hasOpenTurn).toBe(false);
  });
});

test("A session that breaks off at once counts none of the results of the session before.", () => {
  const tracker = trackerOf();
  tracker.addTurn(recognised(30_000, 40_000, { final: false }));
  tracker.noteSilence(60_000);
  tracker.endSession(false, 60_000);
  expect(tracker.transcribedUntil).toEqual({ customer: 29_700, agent: 50_000 });
  tracker.beginSession(29_000);
  tracker.endSession(false, 29_000);
  expect(tracker.transcribedUntil).toEqual({ customer: 29_700, agent: 50_000 });
});

test("A session may use an utterance id that the session before used for another turn.", () => {
  const tracker = trackerOf();
  tracker.addTurn(recognised(1000, 2000, { utteranceId: "u-1" }));
  tracker.endSession(true, 20_000);
  tracker.beginSession(20_000);
  expect(turnIds(tracker.addTurn(recognised(1000, 2000, { utteranceId: "u-1" })))).toEqual(["customer-21000"]);
});

test("Speech whose audio is gone is skipped on both sides, and transcribed speech stays transcribed.", () => {
  const tracker = trackerOf({ transcribedUntil: { customer: 10_000, agent: 50_000 } });
  tracker.skipBefore(30_000);
  expect(tracker.transcribedUntil).toEqual({ customer: 30_000, agent: 50_000 });
  tracker.skipBefore(20_000);
  expect(tracker.transcribedUntil).toEqual({ customer: 30_000, agent: 50_000 });
});

describe("A turn that touches the cut", () => {
  test("is kept back, and is posted once when nothing follows.", () => {
    const tracker = trackerOf();
    tracker.cutSession(10_000);
    expect(tracker.addTurn(recognised(4000, 6999))).toHaveLength(2);
    expect(tracker.addTurn(recognised(5000, 7000, { role: "agent" }))).toEqual([]);
    tracker.endSession(true, 10_000);
    expect(tracker.transcribedUntil).toEqual({ customer: 9000, agent: 4700 });
    expect(turnIds(tracker.releaseUnsureTurns())).toEqual(["agent-5000"]);
    expect(tracker.releaseUnsureTurns()).toEqual([]);
    expect(tracker.turnCount).toBe(2);
  });

  test("keeps its id when the next invocation transcribes its speech again at a slightly other time.", () => {
    const before = trackerOf();
    before.cutSession(10_000);
    before.addTurn(recognised(5000, 8000, { role: "agent" }));
    before.endSession(true, 10_000);
    const after = trackerOf(handedOver(before), 4000);
    const partial = after.addTurn(recognised(1400, 5000, { role: "agent", final: false }));
    const final = after.addTurn(recognised(1400, 7000, { role: "agent" }));
    expect(turnIds([...partial, ...final])).toEqual(["agent-5000", "agent-5000"]);
    expect(final).toMatchObject([{ beginMs: 5400, endMs: 11_000 }, { turns: 1 }]);
    // The id belongs to one turn only.
    expect(turnIds(after.addTurn(recognised(1500, 6000, { role: "agent" })))).toEqual(["agent-5500"]);
  });

  test("gives its id to no turn of the other side and to none half a second away.", () => {
    const pendingTurns = [{ turnId: "cut", role: "agent" as const, beginMs: 5000, endMs: 6000 }];
    const idOf = (beginMs: number, endMs: number, role: "agent" | "customer") =>
      turnIds(trackerOf({ pendingTurns }).addTurn(recognised(beginMs, endMs, { role })))[0];
    expect(idOf(5000, 6000, "customer")).toBe("customer-5000");
    expect(idOf(6500, 7000, "agent")).toBe("agent-6500");
    expect(idOf(6499, 7000, "agent")).toBe("cut");
    expect(idOf(4000, 4500, "agent")).toBe("agent-4000");
    expect(idOf(4000, 4501, "agent")).toBe("cut");
  });

  test("is no longer pending when its speech has been transcribed.", () => {
    const pendingTurns = [
      { turnId: "early", role: "agent" as const, beginMs: 5000, endMs: 20_000 },
      { turnId: "late", role: "agent" as const, beginMs: 18_000, endMs: 21_000 },
    ];
    const tracker = trackerOf({ pendingTurns });
    tracker.endSession(true, 20_000);
    expect(tracker.state().pendingTurns.map(({ turnId }) => turnId)).toEqual(["late"]);
  });
});

test("A session knows nothing of the turns that the session before left open or kept back.", () => {
  const tracker = trackerOf();
  tracker.addTurn(recognised(1000, 2000, { final: false }));
  tracker.cutSession(5000);
  tracker.addTurn(recognised(3000, 4000, { role: "agent" }));
  tracker.endSession(true, 5000);
  tracker.beginSession(0);
  expect(tracker.hasOpenTurn).toBe(false);
  expect(tracker.releaseUnsureTurns()).toEqual([]);
  // The new session is not cut, so the repeated turn is final at once.
  expect(turnIds(tracker.addTurn(recognised(3000, 4000, { role: "agent" })))).toEqual(["agent-3000"]);
});

test("A category is posted once in a call, also behind a hand-over, at the end of its match or of the newest result.", () => {
  const tracker = trackerOf({}, 20_000);
  tracker.addTurn(recognised(1000, 3000));
  expect(tracker.addCategory("refund", 2000)).toEqual([
    { type: "contact.category", ...CONTACT, name: "refund", occurredAt: T0 + 22_000 },
  ]);
  expect(tracker.addCategory("greeting", null)).toMatchObject([{ name: "greeting", occurredAt: T0 + 23_000 }]);
  expect(tracker.addCategory("refund", 9000)).toEqual([]);
  const after = trackerOf(handedOver(tracker), 20_000);
  expect(after.addCategory("greeting", null)).toEqual([]);
  expect(after.categories).toEqual(["refund", "greeting"]);
});
