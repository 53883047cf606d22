import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_EXPIRY } from "../../../core/state/expiry.ts";
import type { Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, aTranscription, aTurn, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const MINUTE = 60_000;
const TALKING = anAgentState({ contacts: [aContact()] });
const ended = (occurredAt: number): Update => ({
  type: "contact.ended",
  contactId: "contact-1",
  initialContactId: null,
  occurredAt,
});
const turn = (occurredAt: number) => aTurn({ turnId: `turn-${occurredAt}`, occurredAt });

function statusAfter(...updates: Update[]): string {
  const center = new Center();
  center.postEach(TALKING, ...updates);
  return center.agent().status;
}

describe("The end of a contact", () => {
  it.each<[string, Update]>([
    ["a turn", turn(NOON + MINUTE + 1)],
    ["a score", aSentiment(1, { occurredAt: NOON + MINUTE + 1 })],
  ])("END-1 is taken back by %s of later talk, and a newer end counts again.", (_, talk) => {
    expect(statusAfter(ended(NOON + MINUTE))).toBe("after call work");
    expect(statusAfter(ended(NOON + MINUTE), talk)).toBe("on a call");
    expect(statusAfter(talk, ended(NOON + MINUTE))).toBe("on a call");
    expect(statusAfter(ended(NOON + MINUTE), talk, ended(NOON + 2 * MINUTE))).toBe("after call work");
  });

  it.each<[string, Update]>([
    ["talk of the same time", turn(NOON + MINUTE)],
    ["talk of before", aSentiment(1, { occurredAt: NOON })],
    ["the word that somebody listens", aTranscription("live", { occurredAt: NOON + 2 * MINUTE })],
  ])("END-1 stays through %s.", (_, news) => {
    expect(statusAfter(ended(NOON + MINUTE), news)).toBe("after call work");
  });

  it("END-1 that was taken back makes the transcript incomplete again, and it does not expire.", () => {
    const center = new Center();
    center.postEach(TALKING, turn(NOON + 1), ended(NOON + MINUTE));
    expect(center.state.transcript("contact-1").complete).toBe(true);
    center.post(turn(NOON + 2 * MINUTE));
    expect(center.state.transcript("contact-1").complete).toBe(false);
    center.expireAt(center.now + DEFAULT_EXPIRY.turnsExpireAfterMs + MINUTE);
    expect(center.state.transcript("contact-1").turns).toHaveLength(2);
  });

  it("END-1 is the same in every order of ends, turns and scores.", () => {
    const at = fc.integer({ min: 1, max: 6 }).map((minute) => NOON + minute * MINUTE);
    const update = fc.oneof(
      at.map(ended),
      at.map(turn),
      at.map((occurredAt) => aSentiment(1, { occurredAt })),
    );
    fc.assert(
      fc.property(fc.array(update, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (updates, random) => {
        const shuffled = [...updates].map((one) => ({ one, key: random.next().value ?? 0 })).sort((a, b) => a.key - b.key);
        expect(statusAfter(...shuffled.map(({ one }) => one))).toBe(statusAfter(...updates));
      }),
    );
  });

  it("END-1 An end that comes after a restart is taken back by a turn from before the restart.", () => {
    const center = new Center();
    center.post(anAgentState({ contacts: [aContact()] }), aTurn());
    center.post(aTurn({ turnId: "turn-2", occurredAt: NOON + 9_000 }));
    // A final turn stays, although the partial one was newer.
    center.post(aTurn({ turnId: "turn-3", contactId: "contact-2", occurredAt: NOON + 1_000 }));
    center.post(aTurn({ turnId: "turn-3", contactId: "contact-2", occurredAt: NOON + 9_000, final: false }));
    center.restart();
    const end = { type: "contact.ended", initialContactId: null, occurredAt: NOON + 5_000 } as const;
    center.post({ ...end, contactId: "contact-1" }, { ...end, contactId: "contact-2" });
    expect(center.agent()).toMatchObject({ status: "on a call" });
    expect(center.state.transcript("contact-2")).toMatchObject({ complete: false });
  });
});
