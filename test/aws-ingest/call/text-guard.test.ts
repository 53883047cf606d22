import fc from "fast-check";
import { expect, test } from "vitest";
import { finalTurnsOnly, guardedTurn, isWithheld, WITHHELD_TEXT } from "../../../aws-ingest/call/text-guard.ts";
import type { RecognisedTurn } from "../../../aws-ingest/call/turn-tracker.ts";
import type { Update } from "../../../protocol/updates.ts";

const TURN: RecognisedTurn = {
  ...{ kind: "turn", utteranceId: "u", role: "customer", beginMs: 0, endMs: 900 },
  ...{ text: "Soy Ana Ruiz.", final: true, sentiment: "neutral", languageCode: null, issues: [{ begin: 0, end: 3 }] },
};
const update = (fields: object): Update => ({
  ...{ type: "contact.turn", contactId: "c", initialContactId: null, turnId: "t", role: "agent", beginMs: 0, endMs: 1 },
  ...{ text: "words", final: true, sentiment: null, occurredAt: 1 },
  ...fields,
});

test("Only the final turn of a session that masks keeps its text.", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.option(fc.boolean(), { nil: undefined }), (final, redacted) => {
      const turn = { ...TURN, final, ...(redacted !== undefined && { redacted }) };
      const kept = final && redacted === true;
      expect(guardedTurn(turn).text).toBe(kept ? TURN.text : WITHHELD_TEXT);
      expect(guardedTurn(turn).issues).toEqual(kept ? TURN.issues : []);
      expect(guardedTurn(turn).sentiment).toBe("neutral");
      expect(isWithheld(turn)).toBe(final && !kept);
    }),
  );
});

test("A withdrawn turn stays withdrawn and is not counted as withheld.", () => {
  expect(guardedTurn({ ...TURN, text: "" }).text).toBe("");
  expect(isWithheld({ ...TURN, text: "" })).toBe(false);
});

test("Partial turns and withdrawals are left out, and everything else stays.", () => {
  const ended: Update = { type: "contact.ended", contactId: "c", initialContactId: null, occurredAt: 2 };
  const final = update({});
  expect(finalTurnsOnly([update({ final: false }), final, update({ text: "" }), ended])).toEqual([final, ended]);
});
