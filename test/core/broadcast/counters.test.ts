import { describe, expect, it } from "vitest";
import { BACKLOG_LIMIT_BYTES, SLOW_LIMIT_MS } from "../../../core/broadcast/slow-consumers.ts";
import { newCounters } from "../../../core/broadcast/viewer.ts";
import { anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const bytesOf = (texts: readonly string[]) => texts.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);

/** Returns a center with two agents and no pending changes, and what its counters have counted since. */
function countedCenter() {
  const center = new Center();
  center.postEach(anAgentState({ name: "Íñigo" }), anAgentState({ agentId: "agent-2" }));
  center.flush();
  Object.assign(center.broadcaster.counters, newCounters());
  return { center, counters: center.broadcaster.counters };
}

describe("The counters of the broadcaster", () => {
  it("A whole list counts as a snapshot, also for a viewer that cannot resume.", () => {
    const { center, counters } = countedCenter();
    center.join("v");
    center.join("w", { at: { epoch: "epoch-0", seq: 1 } });
    center.join("old", { legacy: true, at: { epoch: "epoch-1", seq: 1 } });
    expect(counters).toMatchObject({ snapshots: 3, resumed: 0, resyncs: 0, frames: 3 });
  });

  it("A resumed viewer counts as resumed.", () => {
    const { center, counters } = countedCenter();
    center.join("v", { at: { epoch: "epoch-1", seq: 1 } });
    expect(counters).toMatchObject({ snapshots: 0, resumed: 1, resyncs: 0, frames: 1 });
  });

  it("A list that a viewer asks for counts as a resync once it is sent, and so do the changes for a drained viewer.", () => {
    const { center, counters } = countedCenter();
    const port = center.join("v");
    center.broadcaster.resync("v", NOON);
    center.broadcaster.resync("unknown", NOON);
    expect(counters).toMatchObject({ snapshots: 1, resyncs: 1 });
    port.unsent = BACKLOG_LIMIT_BYTES + 1;
    center.broadcaster.resync("v", NOON);
    expect(counters.resyncs).toBe(1);
    port.unsent = 0;
    center.flush();
    expect(counters).toMatchObject({ snapshots: 1, resumed: 0, resyncs: 2, slowCloses: 0 });
  });

  it("A drained viewer that missed turns alone counts no resync.", () => {
    const { center, counters } = countedCenter();
    const port = center.join("v", { watching: ["contact-1"] });
    port.unsent = BACKLOG_LIMIT_BYTES + 1;
    center.broadcaster.sendTurns("contact-1", [], false, [], NOON);
    port.unsent = 0;
    center.flush();
    expect(port.resent).toEqual(["contact-1"]);
    expect(counters.resyncs).toBe(0);
  });

  it("Each viewer that is closed as too slow counts once.", () => {
    const { center, counters } = countedCenter();
    for (const id of ["v", "w"]) center.join(id).unsent = BACKLOG_LIMIT_BYTES + 1;
    center.post(anAgentState({ occurredAt: NOON + 1, name: "Ana" }));
    center.flush();
    center.broadcaster.expireSessions(NOON + SLOW_LIMIT_MS);
    center.broadcaster.expireSessions(NOON + 2 * SLOW_LIMIT_MS);
    expect(counters.slowCloses).toBe(2);
    expect(center.broadcaster.size).toBe(0);
  });

  it("A flush counts once, with each of its rows once, and a flush without changes does not count.", () => {
    const { center, counters } = countedCenter();
    center.postEach(
      anAgentState({ occurredAt: NOON + 1, name: "Ana" }),
      anAgentState({ occurredAt: NOON + 2, name: "Anna" }),
      anAgentState({ agentId: "agent-3" }),
    );
    center.flush();
    center.flush();
    expect(counters).toMatchObject({ flushes: 1, flushedAgents: 2, frames: 0 });
    center.post(anAgentState({ occurredAt: NOON + 3, name: "Ana" }));
    center.flush();
    expect(counters).toMatchObject({ flushes: 2, flushedAgents: 3 });
  });

  it("Frames and their bytes as UTF-8 count per viewer, whatever their kind.", () => {
    const { center, counters } = countedCenter();
    const ports = [center.join("v"), center.join("w"), center.join("old", { legacy: true })];
    center.postEach(anAgentState({ occurredAt: NOON + 1, name: "Ñ" }), anAgentState({ agentId: "agent-3", name: "日本" }));
    center.flush();
    center.broadcaster.sendError("v", "not_json", "The message is not valid JSON.");
    center.broadcaster.renewSession("w", NOON, null, NOON);
    const texts = ports.flatMap((port) => port.texts);
    expect(texts).toHaveLength(9);
    expect(counters).toMatchObject({ frames: 9, bytes: bytesOf(texts) });
  });
});
