import { describe, expect, test } from "vitest";
import { resultOf } from "../../../core/actions/action-result.ts";
import { decideRecording, type RecordingScene, recordingResult } from "../../../core/actions/decide-recording.ts";
import type { DayContact } from "../../../protocol/agent-day.ts";

const NOW = Date.UTC(2026, 10, 26, 0, 30);
const MINUTE = 60_000;

function dayContact(fields: Partial<DayContact> = {}): DayContact {
  return {
    contactId: "c1",
    initialContactId: "c0",
    channel: "voice",
    queue: "Ventas",
    begin: NOW - 60 * MINUTE,
    answeredAt: NOW - 59 * MINUTE,
    end: NOW - 30 * MINUTE,
    endKnown: true,
    talkMs: 0,
    holdMs: 0,
    afterCallMs: 0,
    missed: 0,
    sentiment: null,
    categories: [],
    transcript: false,
    ...fields,
  };
}

const scene = (fields: Partial<RecordingScene> = {}): RecordingScene => ({
  instanceId: "i1",
  role: "supervisor",
  agent: { groups: ["Ventas"], contacts: [] },
  contacts: [dayContact()],
  now: NOW,
  ...fields,
});
const boss = { roles: ["admin", "supervisor"], filter: null };
const supervisor = { roles: ["supervisor"], filter: ["Ventas"] };
const ASKED = { agentId: "a1", contactId: "c1" };

describe("Whether somebody may hear a recording", () => {
  test.each([
    [null, boss, 403, "switched_off"],
    ["supervisor", { roles: [], filter: null }, 403, "not_allowed"],
    ["supervisor", { roles: ["agent"], filter: null }, 403, "not_allowed"],
    ["supervisor", supervisor, "order", ""],
    ["supervisor", boss, "order", ""],
    ["admin", supervisor, 403, "not_allowed"],
    ["admin", boss, "order", ""],
    ["supervisor", { roles: ["supervisor"], filter: ["Soporte"] }, 404, "not_found"],
    ["supervisor", { roles: ["supervisor"], filter: [] }, 404, "not_found"],
  ] as const)("REC-1 With RECORDING_ROLE %j, somebody with %j gets %j %s.", (role, asker, status, code) => {
    const decision = decideRecording(ASKED, asker, scene({ role }));
    expect(decision.ok ? ["order", ""] : [decision.refused.status, decision.refused.code]).toEqual([status, code]);
  });

  test("REC-2 An unknown agent, and a contact that the agent did not have, are the same as one out of sight.", () => {
    const hidden = decideRecording(ASKED, { roles: ["supervisor"], filter: ["Soporte"] }, scene());
    expect(decideRecording(ASKED, boss, scene({ agent: null }))).toEqual(hidden);
    expect(decideRecording({ ...ASKED, contactId: "c9" }, boss, scene())).toEqual(hidden);
    // The first contact of a call may have been another team's.
    expect(decideRecording({ ...ASKED, contactId: "c0" }, boss, scene())).toEqual(hidden);
  });

  test("REC-3 The order names the contact and the days on which its audio may have begun.", () => {
    expect(decideRecording(ASKED, supervisor, scene())).toEqual({
      ok: true,
      mayComeYet: false,
      order: { action: "recording", instanceId: "i1", agentId: "a1", contactId: "c1", days: ["2026-11-25", "2026-11-24"] },
    });
  });

  test("REC-4 A recording may come yet while the contact goes on, and for ten minutes after its end.", () => {
    const comes = (end: number | null) => {
      const decision = decideRecording(ASKED, boss, scene({ contacts: [dayContact({ end })] }));
      return decision.ok && decision.mayComeYet;
    };
    expect([comes(null), comes(NOW - 9 * MINUTE), comes(NOW - 11 * MINUTE)]).toEqual([true, true, false]);
  });
});

describe("What the hub says of a recording", () => {
  const answer = (code: string) => resultOf({ ok: false, code, message: "What the function said." });

  test.each([
    ["no_recording", true, 409, "recording_not_ready"],
    ["no_recording", false, 404, "no_recording"],
    ["unknown", false, 504, "too_slow"],
    ["busy", false, 503, "busy"],
    ["not_permitted", false, 503, "not_permitted"],
    ["switched_off", false, 503, "switched_off"],
  ])("REC-4 The word %s with a contact that may come yet (%j) is %i %s.", (code, mayComeYet, status, word) => {
    const result = recordingResult(answer(code), mayComeYet);
    expect([result.status, result.code, result.ok]).toEqual([status, word, false]);
    expect(result.message).not.toBe("");
  });

  test("REC-4 An answer that says done and has no link is no link.", () => {
    const done = { ok: true, code: "done", message: "Done." };
    expect(recordingResult(resultOf(done), false)).toMatchObject({ ok: false, status: 504 });
    const recording = { url: "https://s3.example/r.wav", expiresAt: NOW };
    expect(recordingResult(resultOf({ ...done, recording }), false)).toMatchObject({ ok: true, recording });
  });
});
