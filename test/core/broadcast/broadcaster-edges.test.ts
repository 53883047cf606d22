import { describe, expect, it } from "vitest";
import { Board } from "../../../core/board/board.ts";
import { Broadcaster } from "../../../core/broadcast/broadcaster.ts";
import { BACKLOG_LIMIT_BYTES } from "../../../core/broadcast/slow-consumers.ts";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { anAgentState, NOON } from "../../support/updates.ts";
import { Center, TestPort } from "../center.ts";
import { LAMPS, type Lamp } from "../sample-collection.ts";

const changed = (round: number, ...groups: string[]) =>
  anAgentState({ occurredAt: NOON + round, name: `Round ${round}`, groups });

describe("A viewer that is not there", () => {
  it("SES-8 Every call for an unknown viewer does nothing.", () => {
    const { broadcaster } = new Center();
    broadcaster.sendFirstFrame("gone", null, NOON);
    broadcaster.resync("gone", NOON);
    broadcaster.renewSession("gone", NOON, null, NOON);
    broadcaster.setWatching("gone", "contact-1", true);
    broadcaster.sendTranscript("gone", "contact-1", [], false, [], NOON);
    broadcaster.sendError("gone", "not_json", "The message is not valid JSON.");
    broadcaster.closeViewer("gone", CLOSE.resync);
    broadcaster.removeSubscriber("gone");
    expect([broadcaster.revoke("gone"), broadcaster.size, broadcaster.viewer("gone")]).toEqual([0, 0, undefined]);
    expect([...broadcaster.watchedContacts()]).toEqual([]);
    expect(broadcaster.counters).toMatchObject({ frames: 0, snapshots: 0, resyncs: 0 });
  });
});

describe("A viewer with another filter", () => {
  it("SES-9 The viewer gets the changes of its new groups and none of its old ones, and the others stay.", () => {
    const center = new Center();
    const [moving, staying] = ["moving", "staying"].map((id) => center.join(id, { groupFilter: ["Ventas"] }));
    center.broadcaster.renewSession("moving", NOON + 1, ["Soporte"], NOON);
    for (const port of [moving, staying]) port?.newFrames();
    center.post(changed(1, "Ventas"));
    center.flush();
    expect([moving?.newFrames().length, staying?.newFrames().length]).toEqual([0, 1]);
    center.post(changed(2, "Soporte"));
    center.flush();
    expect(moving?.newFrames()).toMatchObject([{ type: "agentStatusBatch", data: [{ name: "Round 2" }] }]);
    expect(center.broadcaster.viewer("moving")).toMatchObject({ groupFilter: ["Soporte"], expiresAt: NOON + 1 });
    center.broadcaster.removeSubscriber("moving");
    center.post(changed(3, "Soporte"));
    center.flush();
    expect(moving?.newFrames()).toEqual([]);
  });

  it("SES-9 A viewer whose connection is full gets the list of its new groups once it has drained.", () => {
    const center = new Center();
    center.post(changed(1, "Soporte"));
    const port = center.join("v", { groupFilter: ["Ventas"] });
    port.newFrames();
    port.unsent = BACKLOG_LIMIT_BYTES + 1;
    center.broadcaster.renewSession("v", NOON + 9, ["Soporte"], NOON);
    expect(port.newFrames()).toMatchObject([{ type: "refreshed" }]);
    port.unsent = 0;
    center.flush();
    expect(port.newFrames()).toMatchObject([{ type: "initialAgentList", data: [{ name: "Round 1" }] }]);
  });
});

describe("A change that waits for its flush", () => {
  it("SEQ-4 A waiting change does not come twice to a viewer that resumed or asked for the list meanwhile.", () => {
    const center = new Center();
    center.post(changed(1));
    center.flush();
    const asking = center.join("asking");
    center.post(changed(2));
    const resuming = center.join("resuming", { at: { epoch: "epoch-1", seq: 1 } });
    center.broadcaster.resync("asking", NOON);
    for (const port of [resuming, asking]) expect(port.newFrames().at(-1)).toMatchObject({ data: [{ name: "Round 2" }] });
    center.flush();
    expect([resuming.texts, asking.texts]).toEqual([[], []]);
  });

  it("FLU-2 Rows come in the order of their last change.", () => {
    const center = new Center();
    const [port, legacy] = [center.join("v"), center.join("old", { legacy: true })];
    for (const one of [port, legacy]) one.newFrames();
    const named = (agentId: string, name: string, round: number) => anAgentState({ agentId, name, occurredAt: NOON + round });
    center.postEach(named("a", "Ana", 1), named("b", "Bea", 1), named("a", "Anna", 2));
    center.flush();
    expect(port.newFrames()).toMatchObject([{ data: [{ agentId: "b" }, { agentId: "a" }] }]);
    expect(legacy.newFrames().map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it("VIS-3 A row that swaps one of its groups comes whole to the viewers of the new one.", () => {
    const center = new Center();
    center.post(changed(1, "Ventas", "Soporte"));
    center.flush();
    const [fresh, old] = [center.join("fresh", { groupFilter: ["Otros"] }), center.join("old", { groupFilter: ["Soporte"] })];
    for (const port of [fresh, old]) port.newFrames();
    center.post(changed(2, "Ventas", "Otros"));
    center.flush();
    expect(fresh.newFrames()).toMatchObject([{ data: [center.agent()], removed: [] }]);
    expect(old.newFrames()).toMatchObject([{ data: [], removed: ["agent-1"] }]);
  });
});

describe("A slow consumer", () => {
  it("FLU-5 A frame that would take a connection above 256 KiB unsent is not sent, but a drained one takes any frame.", () => {
    const center = new Center();
    const port = center.join("v");
    port.newFrames();
    const flushLarge = (round: number) => {
      const name = String(round).repeat(800);
      const team = Array.from({ length: 300 }, (_, index) =>
        anAgentState({ agentId: `agent-${index}`, occurredAt: NOON + round, name }),
      );
      center.post(...team);
      center.flush();
    };
    port.unsent = BACKLOG_LIMIT_BYTES / 4;
    flushLarge(1);
    expect(port.newFrames()).toMatchObject([{ type: "agentStatusBatch" }]);
    port.unsent = BACKLOG_LIMIT_BYTES / 4 + 1;
    flushLarge(2);
    expect(port.newFrames()).toEqual([]);
    expect(center.broadcaster.hasSlowConsumers).toBe(true);
    port.unsent = 0;
    center.flush();
    expect(port.newFrames()).toMatchObject([{ type: "resumed" }]);
  });

  it("FLU-5 A slow consumer is quick again after it got the whole list that it asked for.", () => {
    const center = new Center();
    const port = center.join("v");
    port.unsent = BACKLOG_LIMIT_BYTES + 1;
    center.post(changed(1));
    center.flush();
    port.unsent = BACKLOG_LIMIT_BYTES / 2;
    port.newFrames();
    center.broadcaster.resync("v", NOON);
    expect(port.newFrames()).toMatchObject([{ type: "initialAgentList", seq: 1 }]);
    expect(center.broadcaster.hasSlowConsumers).toBe(false);
    center.post(changed(2));
    center.flush();
    expect(port.newFrames()).toMatchObject([{ type: "agentStatusBatch", from: 1, to: 2 }]);
  });

  it("SES-8 The broadcaster wakes within a second for a slow consumer, and earlier when a session ends before.", () => {
    const center = new Center();
    const port = center.join("v");
    port.unsent = BACKLOG_LIMIT_BYTES + 1;
    center.post(changed(1));
    center.flush();
    expect(center.broadcaster.nextWake(NOON)).toBe(NOON + 1000);
    center.broadcaster.renewSession("v", NOON + 999, null, NOON);
    expect(center.broadcaster.nextWake(NOON)).toBe(NOON + 999);
  });
});

describe("The text of a row", () => {
  it("VIS-2 The text of a row is made once in a flush, however many filters and legacy viewers there are.", () => {
    let made = 0;
    const counted = <Made>(value: Made): Made => {
      made += 1;
      return value;
    };
    const board = new Board("epoch-1");
    const lamps = board.addCollection<Lamp>({
      ...LAMPS,
      toWire: (lamp) => counted({ ...lamp }),
      toPatch: (lamp) => counted({ ...lamp }),
      firstRelease: { valueField: "lamp", toLegacyWire: (lamp) => counted({ ...lamp }) },
    });
    const broadcaster = new Broadcaster(board);
    const change = (color: string) => {
      const noted = lamps.change("l", { lampId: "l", color, rooms: ["Hall", "Kitchen"] });
      if (noted !== undefined) broadcaster.noteChange(noted);
      made = 0;
      broadcaster.flush(NOON);
      return made;
    };
    for (const groupFilter of [null, ["Hall"], ["Kitchen"]]) {
      for (const legacy of [false, true]) {
        const id = `${groupFilter} ${legacy}`;
        broadcaster.addSubscriber(
          { id, subject: id, legacy, groupFilter, expiresAt: NOON + 1, watching: new Set() },
          new TestPort(),
        );
      }
    }
    // The first time whole and for legacy viewers, then as a patch and for legacy viewers.
    expect([change("red"), change("blue")]).toEqual([2, 2]);
    expect(broadcaster.counters.frames).toBe(12);
  });
});
