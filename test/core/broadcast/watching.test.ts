import { describe, expect, it } from "vitest";
import { BACKLOG_LIMIT_BYTES } from "../../../core/broadcast/slow-consumers.ts";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { anAgentState, aTurn, NOON } from "../../support/updates.ts";
import { Center, type TestPort } from "../center.ts";

/** Returns two viewers that watch the same contact, without their first frames. */
function twoWatching() {
  const center = new Center();
  const [one, other] = [center.join("one", { watching: ["contact-1"] }), center.join("other", { watching: ["contact-1"] })];
  for (const port of [one, other]) port.newFrames();
  const send = (contactId = "contact-1") => center.broadcaster.sendTurns(contactId, [aTurn()], false, ["Ventas"], NOON);
  return { center, one, other, send };
}
const framesOf = (...ports: TestPort[]) => ports.map((port) => port.newFrames().length);

describe("Two viewers that watch one contact", () => {
  it.each<[string, (center: Center) => void]>([
    ["disconnects", ({ broadcaster }) => broadcaster.removeSubscriber("one")],
    ["stops watching", ({ broadcaster }) => broadcaster.setWatching("one", "contact-1", false)],
    ["is revoked", ({ broadcaster }) => void broadcaster.revoke("one")],
    ["is closed", ({ broadcaster }) => broadcaster.closeViewer("one", CLOSE.restarting)],
  ])("TRA-1 One viewer that %s gets no more turns, and the other still does.", (_, leave) => {
    const { center, one, other, send } = twoWatching();
    leave(center);
    send();
    expect(framesOf(one, other)).toEqual([0, 1]);
    expect([...center.broadcaster.watchedContacts()]).toEqual(["contact-1"]);
    center.broadcaster.removeSubscriber("other");
    expect([...center.broadcaster.watchedContacts()]).toEqual([]);
  });

  it("TRA-1 A viewer that stops watching one contact still gets the turns of its others.", () => {
    const { center, one, send } = twoWatching();
    center.broadcaster.setWatching("one", "contact-2", true);
    expect(center.broadcaster.viewer("one")?.watching).toEqual(new Set(["contact-1", "contact-2"]));
    center.broadcaster.setWatching("one", "contact-1", false);
    send("contact-1");
    send("contact-2");
    expect(one.newFrames()).toMatchObject([{ type: "transcript", contactId: "contact-2" }]);
    expect(center.broadcaster.viewer("one")?.watching).toEqual(new Set(["contact-2"]));
    center.broadcaster.removeSubscriber("one");
    expect([...center.broadcaster.watchedContacts()]).toEqual(["contact-1"]);
  });

  it("TRA-4 Turns and transcripts reach only viewers that see one of the contact's groups.", () => {
    const { center, one } = twoWatching();
    const narrow = center.join("narrow", { groupFilter: ["Soporte"], watching: ["contact-1"] });
    narrow.newFrames();
    const sendTo = (groups: readonly string[]) => {
      center.broadcaster.sendTurns("contact-1", [aTurn()], false, groups, NOON);
      center.broadcaster.sendTranscript("narrow", "contact-1", [aTurn()], false, groups, NOON);
    };
    sendTo(["Ventas"]);
    expect(framesOf(one, narrow)).toEqual([1, 0]);
    sendTo(["Ventas", "Soporte"]);
    expect(framesOf(one, narrow)).toEqual([1, 2]);
  });

  it("TRA-4 A viewer gets the turns that it missed while the contact was out of sight.", () => {
    const { center } = twoWatching();
    const narrow = center.join("narrow", { groupFilter: ["Soporte"], watching: ["contact-1"] });
    narrow.newFrames();
    const sendTurn = (turnId: string, group: string) =>
      center.broadcaster.sendTurns("contact-1", [aTurn({ turnId })], false, [group], NOON);
    sendTurn("turn-1", "Ventas");
    sendTurn("turn-2", "Ventas");
    expect([narrow.newFrames(), narrow.resent]).toEqual([[], []]);
    sendTurn("turn-3", "Soporte");
    sendTurn("turn-4", "Soporte");
    expect(narrow.newFrames()).toMatchObject([{ turns: [{ turnId: "turn-3" }] }, { turns: [{ turnId: "turn-4" }] }]);
    expect(narrow.resent).toEqual(["contact-1"]);
  });

  it("TRA-4 A transcript does not reach a viewer that has stopped watching meanwhile.", () => {
    const { center, one } = twoWatching();
    center.broadcaster.setWatching("one", "contact-1", false);
    center.broadcaster.sendTranscript("one", "contact-1", [aTurn()], true, [], NOON);
    center.broadcaster.sendTranscript("gone", "contact-1", [aTurn()], true, [], NOON);
    expect(one.texts).toEqual([]);
  });
});

describe("A viewer that leaves", () => {
  it("FLU-5 A slow consumer that disconnects is gone from the slow consumers.", () => {
    const { center, one, send } = twoWatching();
    one.unsent = BACKLOG_LIMIT_BYTES + 1;
    send();
    expect(center.broadcaster.hasSlowConsumers).toBe(true);
    center.broadcaster.removeSubscriber("one");
    expect(center.broadcaster.hasSlowConsumers).toBe(false);
    one.unsent = 0;
    center.flush();
    expect([one.texts, one.resent]).toEqual([[], []]);
  });

  it("VIS-2 The last viewer of a group takes the group along, and the next one begins at the newest change.", () => {
    const center = new Center();
    center.post(anAgentState());
    center.join("first", { groupFilter: ["Ventas"] });
    center.broadcaster.removeSubscriber("first");
    center.post(anAgentState({ occurredAt: NOON + 1, name: "Ana" }));
    center.flush();
    const port = center.join("second", { groupFilter: ["Ventas"] });
    port.newFrames();
    center.post(anAgentState({ occurredAt: NOON + 2, name: "Bea" }));
    center.flush();
    expect(port.newFrames()).toMatchObject([{ from: 2, to: 3 }]);
  });

  it("VIS-2 A group lives on while one of its viewers stays.", () => {
    const center = new Center();
    center.post(anAgentState());
    const [, other] = [center.join("one", { groupFilter: ["Ventas"] }), center.join("other", { groupFilter: ["Ventas"] })];
    center.broadcaster.removeSubscriber("one");
    other.newFrames();
    center.post(anAgentState({ occurredAt: NOON + 1, name: "Ana" }));
    center.flush();
    expect(other.newFrames()).toMatchObject([{ type: "agentStatusBatch", data: [{ name: "Ana" }] }]);
  });

  it("SES-8 Only the viewers whose session is over are closed, and the next wake is the earliest end that is left.", () => {
    const center = new Center();
    const early = center.join("early");
    center.now += 1000;
    const late = center.join("late");
    const end = NOON + 60 * 60_000;
    expect(center.broadcaster.nextWake(NOON)).toBe(end);
    center.broadcaster.expireSessions(end);
    expect([early.closed, late.closed]).toEqual([CLOSE.ticketExpired, null]);
    expect(center.broadcaster.nextWake(end)).toBe(end + 1000);
  });
});
