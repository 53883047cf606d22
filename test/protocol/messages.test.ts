import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ClientBoard } from "../../dashboard/client/client-board.ts";
import { parseFrame } from "../../dashboard/client/frames.ts";
import { CLOSE, mayReturn } from "../../protocol/close-codes.ts";
import { clientMessageSchema } from "../../protocol/messages.ts";

const isAccepted = (message: unknown) => v.safeParse(clientMessageSchema, message).success;

describe("Messages of clients", () => {
  it.each([
    { type: "watch", contactId: "contact-1" },
    { type: "unwatch", contactId: "contact-1" },
    { type: "refresh", ticket: "a.b.c" },
    { type: "resync" },
    { type: "resync", later: "fields are no objection" },
    { type: "watch", contactId: "c".repeat(256) },
  ])("SES-12 The schema accepts %j.", (message) => expect(isAccepted(message)).toBe(true));

  it.each([
    null,
    [],
    "resync",
    {},
    { type: "dance" },
    { type: "watch" },
    { type: "watch", contactId: "" },
    { type: "watch", contactId: 7 },
    { type: "watch", contactId: "c".repeat(257) },
    { type: "refresh" },
    { type: "refresh", ticket: "" },
  ])("SES-12 The schema refuses %j.", (message) => expect(isAccepted(message)).toBe(false));
});

describe("Messages of the hub", () => {
  it("FLU-4 A client ignores fields, frame types and removed ids that it does not know.", () => {
    expect(parseFrame('{"type":"weather","sun":true}')).toBeNull();
    const board = new ClientBoard();
    const applyFrame = (frame: object) => {
      const parsed = parseFrame(JSON.stringify({ epoch: "e", serverTime: 1, data: [], later: 7, ...frame }));
      if (parsed?.type !== "initialAgentList" && parsed?.type !== "agentStatusBatch")
        throw new Error("The client did not recognize the frame as a list or a batch.");
      return board.applyFrame(parsed, 1);
    };
    applyFrame({ type: "initialAgentList", seq: 1 });
    expect(applyFrame({ type: "agentStatusBatch", from: 1, to: 2, removed: ["never-shown"] }).kind).not.toBe("gap");
    expect(board.position).toEqual({ epoch: "e", seq: 2 });
  });
});

describe("Close codes", () => {
  it("SES-10 The range of a close code says whether a client reconnects.", () => {
    const never = Object.values(CLOSE).filter(({ code }) => !mayReturn(code));
    expect(never.map(({ reason }) => reason)).toEqual([
      "bad_ticket",
      "bad_message",
      "revoked",
      "too_many_viewers",
      "not_allowed",
    ]);
    for (const code of [1000, 1001, 1006, 1012, 3000, 4000, 4499, 5000]) expect(mayReturn(code)).toBe(true);
    for (const code of [4500, 4999]) expect(mayReturn(code)).toBe(false);
  });

  it("SES-10 Close codes and reasons are distinct, are in the range for applications, and fit into a close frame.", () => {
    const all = Object.values(CLOSE);
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
    expect(new Set(all.map(({ reason }) => reason)).size).toBe(all.length);
    for (const { code, reason } of all) {
      expect(code).toBeGreaterThanOrEqual(4000);
      expect(code).toBeLessThan(5000);
      // RFC 6455, section 5.5 allows 125 bytes, and the code takes two of them.
      expect(new TextEncoder().encode(reason).length).toBeLessThanOrEqual(123);
      expect(reason).toMatch(/^[a-z]+(_[a-z]+)*$/);
    }
  });
});
