import { describe, expect, test } from "vitest";
import { forgetAgentSentiment, withoutAgentSentiment } from "../../../core/state/agent-sentiment.ts";
import { ContactCenterState } from "../../../core/state/contact-center-state.ts";
import { DEFAULT_EXPIRY } from "../../../core/state/expiry.ts";
import type { ContactSentiment, ContactTurn, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const SIDE = { score: -2.5, quarters: [0, -5, null, null], recent: -5 };
const UNKNOWN = { score: null, quarters: [null, null, null, null], recent: null };
const SENTIMENT: ContactSentiment = {
  ...{ type: "contact.sentiment", contactId: "c1", initialContactId: null, occurredAt: NOON },
  ...{ customer: SIDE, agent: { ...SIDE, score: -3.7 }, turns: 4 },
};
const turn = (role: "agent" | "customer"): ContactTurn => ({
  ...{ type: "contact.turn", contactId: "c1", initialContactId: null, turnId: `${role}-1`, role, beginMs: 0, endMs: 900 },
  ...{ text: "Buenos días", final: true, sentiment: "negative", occurredAt: NOON },
});

test("An update loses the agent's score and labels, and keeps everything else.", () => {
  expect(withoutAgentSentiment(SENTIMENT)).toEqual({ ...SENTIMENT, agent: UNKNOWN });
  expect(withoutAgentSentiment(turn("agent"))).toEqual({ ...turn("agent"), sentiment: null });
  expect(withoutAgentSentiment(turn("customer"))).toEqual(turn("customer"));
  const ended: Update = { type: "contact.ended", contactId: "c1", initialContactId: null, occurredAt: NOON };
  expect(withoutAgentSentiment(ended)).toBe(ended);
});

describe("A hub that wakes up and no longer keeps the agents' sentiment", () => {
  const earlierHub = () => {
    const center = new Center();
    center.post(anAgentState({ contacts: [aContact({ contactId: "c1" })] }), SENTIMENT, turn("agent"), turn("customer"));
    return center;
  };

  test("finds none of it in its state, and deletes it from its store.", () => {
    const { store } = earlierHub();
    const state = forgetAgentSentiment(store.load("epoch-1"), store);
    expect([...state.contacts]).toMatchObject([{ sentiment: { customer: SIDE, agent: UNKNOWN } }]);
    const stored = store.load("epoch-1");
    expect([...stored.contacts]).toMatchObject([{ sentiment: { customer: SIDE, agent: UNKNOWN } }]);
    expect([...stored.agents].map(({ row }) => row?.value?.sentiment)).toEqual([{ customer: SIDE, agent: UNKNOWN }]);
    expect(store.turns("c1").map(({ role, sentiment }) => [role, sentiment])).toEqual([
      ["agent", null],
      ["customer", "negative"],
    ]);
  });

  test("shows the call as before, and takes the same score again for known.", () => {
    const { store } = earlierHub();
    const events = { rowChanged: () => {}, turnsAdded: () => {} };
    const state = new ContactCenterState(forgetAgentSentiment(store.load("epoch-1"), store), store, events, DEFAULT_EXPIRY);
    expect(state.transcript("c1").turns).toMatchObject([{ sentiment: null }, { sentiment: "negative" }]);
    expect(state.applyBatch([withoutAgentSentiment(SENTIMENT)], new Set(), NOON)).toMatchObject({ accepted: 0, stale: 1 });
  });
});
