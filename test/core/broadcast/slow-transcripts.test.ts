import { describe, expect, it } from "vitest";
import { BACKLOG_LIMIT_BYTES, SLOW_LIMIT_MS } from "../../../core/broadcast/slow-consumers.ts";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { aContact, anAgentState, aTurn, NOON } from "../../support/updates.ts";
import { Center, type TestPort } from "../center.ts";

/** Returns a viewer that watches a contact over a full connection, and a quick one. */
function fullViewer(): { center: Center; slow: TestPort; quick: TestPort; sendTurn: (turnId: string) => void } {
  const center = new Center();
  center.post(anAgentState({ contacts: [aContact()] }));
  const [slow, quick] = [center.join("slow", { watching: ["contact-1"] }), center.join("quick", { watching: ["contact-1"] })];
  center.flush();
  for (const port of [slow, quick]) port.newFrames();
  slow.unsent = BACKLOG_LIMIT_BYTES + 1;
  const sendTurn = (turnId: string) => {
    center.broadcaster.sendTurns("contact-1", [aTurn({ turnId })], false, [], center.now);
  };
  return { center, slow, quick, sendTurn };
}

describe("FLU-5 A slow consumer that watches a contact", () => {
  it("gets no turns while its connection is full, and its transcript again once it has drained.", () => {
    const { center, slow, quick, sendTurn } = fullViewer();
    for (let turn = 0; turn < 100; turn += 1) sendTurn(`turn-${turn}`);
    expect(slow.texts).toEqual([]);
    expect(quick.texts).toHaveLength(100);
    expect(center.broadcaster.hasSlowConsumers).toBe(true);
    slow.unsent = 0;
    center.flush();
    expect(slow.resent).toEqual(["contact-1"]);
    expect(center.broadcaster.hasSlowConsumers).toBe(false);
    // The board did not change, so the viewer needs no list.
    expect(slow.texts).toEqual([]);
  });

  it("gets neither turns nor changes between the two limits, and both once it has drained.", () => {
    const { center, slow, sendTurn } = fullViewer();
    sendTurn("turn-1");
    slow.unsent = BACKLOG_LIMIT_BYTES / 4 + 1;
    sendTurn("turn-2");
    center.post(anAgentState({ occurredAt: NOON + 1, name: "Ana", contacts: [aContact()] }));
    center.flush();
    expect(slow.texts).toEqual([]);
    slow.unsent = BACKLOG_LIMIT_BYTES / 4;
    center.flush();
    expect(slow.newFrames()).toMatchObject([{ type: "resumed", from: 1, to: 2, data: [{ name: "Ana" }] }]);
    expect(slow.resent).toEqual(["contact-1"]);
    sendTurn("turn-3");
    expect(slow.newFrames()).toMatchObject([{ type: "transcript" }]);
  });

  it("gets its transcript again with the whole list that it asks for.", () => {
    const { center, slow, sendTurn } = fullViewer();
    sendTurn("turn-1");
    slow.unsent = BACKLOG_LIMIT_BYTES;
    center.broadcaster.resync("slow", NOON);
    expect(slow.newFrames()).toMatchObject([{ type: "initialAgentList" }]);
    expect(slow.resent).toEqual(["contact-1"]);
  });

  it("is closed when it has not drained within 30 s, even if only turns are waiting.", () => {
    const { center, slow, quick, sendTurn } = fullViewer();
    sendTurn("turn-1");
    center.broadcaster.expireSessions(NOON + SLOW_LIMIT_MS - 1);
    expect(slow.closed).toBeNull();
    expect(center.broadcaster.nextWake(NOON)).toBe(NOON + 1000);
    center.broadcaster.expireSessions(NOON + SLOW_LIMIT_MS);
    expect([slow.closed, quick.closed]).toEqual([CLOSE.slowConsumer, null]);
  });

  it("gets the answer to its watch once it has drained, so that repeated requests do not fill the connection.", () => {
    const { center, slow } = fullViewer();
    for (let times = 0; times < 20; times += 1) {
      center.broadcaster.sendTranscript("slow", "contact-1", [aTurn()], false, [], NOON);
    }
    expect(slow.texts).toEqual([]);
    slow.unsent = 0;
    center.flush();
    expect(slow.resent).toEqual(["contact-1"]);
  });
});
