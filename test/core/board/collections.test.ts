import { describe, expect, it } from "vitest";
import { Board } from "../../../core/board/board.ts";
import type { Collection } from "../../../core/board/collection.ts";
import type { GroupFilter } from "../../../core/board/visibility.ts";
import { Broadcaster } from "../../../core/broadcast/broadcaster.ts";
import { BACKLOG_LIMIT_BYTES } from "../../../core/broadcast/slow-consumers.ts";
import { makeFeed } from "../../../core/replication/feed.ts";
import { Replica } from "../../../core/replication/replica.ts";
import { AGENTS, type AgentRow } from "../../../core/state/agent-row.ts";
import { NOON } from "../../support/updates.ts";
import { TestPort } from "../center.ts";
import { LAMPS, type Lamp } from "../sample-collection.ts";

/** A board of agents and lamps, and the broadcaster of one of its objects. */
class House {
  readonly board = new Board("epoch-1");
  readonly agents: Collection<AgentRow> = this.board.addCollection(AGENTS);
  readonly lamps: Collection<Lamp> = this.board.addCollection(LAMPS);
  readonly broadcaster = new Broadcaster(this.board);

  lamp(lampId: string, color: string, ...rooms: string[]): void {
    const change = this.lamps.change(lampId, { lampId, color, rooms });
    if (change !== undefined) this.broadcaster.noteChange(change);
  }

  breakLamp(lampId: string): void {
    const change = this.lamps.change(lampId, null);
    if (change !== undefined) this.broadcaster.noteChange(change);
  }

  agent(agentId: string, name: string, ...groups: string[]): void {
    const row = AGENTS.parse({ agentId, name, groups, status: "available" });
    const change = this.agents.change(agentId, row);
    if (change !== undefined) this.broadcaster.noteChange(change);
  }

  flush(): void {
    this.broadcaster.flush(NOON);
  }
}

interface Options {
  filter?: GroupFilter;
  legacy?: boolean;
  at?: { epoch: string; seq: number };
}

function join(broadcaster: Broadcaster, id: string, { filter = null, legacy = false, at }: Options = {}): TestPort {
  const port = new TestPort();
  const viewer = { id, subject: id, legacy, groupFilter: filter, expiresAt: NOON + 1, watching: new Set<string>() };
  broadcaster.addSubscriber(viewer, port);
  broadcaster.sendFirstFrame(id, at ?? null, NOON);
  return port;
}

const lamp = (lampId: string, color: string, ...rooms: string[]) => ({ lampId, color, rooms, at: NOON });

describe("A second collection", () => {
  it("is in the whole list under its name, on the same seq as the agents.", () => {
    const house = new House();
    house.agent("a", "Ana");
    house.lamp("l", "red");
    const [list] = join(house.broadcaster, "v").newFrames();
    expect(list).toMatchObject({ type: "initialAgentList", seq: 2, data: [{ agentId: "a" }], lamps: [lamp("l", "red")] });
    const bodies: string[] = [];
    house.broadcaster.poll(null, NOON, (body) => bodies.push(body));
    expect(bodies.map((body) => JSON.parse(body))).toMatchObject([{ seq: 2, lamps: [lamp("l", "red")] }]);
  });

  it("comes in one frame with the agents per flush and subscriber, as patches of the changed fields.", () => {
    const house = new House();
    house.agent("a", "Ana");
    house.lamp("l", "red", "Hall");
    const port = join(house.broadcaster, "v");
    house.flush();
    port.newFrames();
    house.agent("a", "Bea");
    house.lamp("l", "blue", "Hall");
    house.lamp("m", "green");
    house.flush();
    expect(port.newFrames()).toEqual([
      {
        type: "agentStatusBatch",
        epoch: "epoch-1",
        from: 2,
        to: 5,
        serverTime: NOON,
        data: [{ agentId: "a", name: "Bea" }],
        removed: [],
        lamps: { data: [{ lampId: "l", color: "blue" }, lamp("m", "green")], removed: [] },
      },
    ]);
    expect(house.broadcaster.counters).toMatchObject({ flushes: 2, flushedAgents: 5 });
  });

  it("is absent from a frame without lamp changes, and a frame with nothing else has an empty list of agents.", () => {
    const house = new House();
    house.lamp("l", "red");
    const port = join(house.broadcaster, "v");
    house.agent("a", "Ana");
    house.flush();
    port.newFrames();
    house.agent("a", "Bea");
    house.flush();
    house.breakLamp("l");
    house.flush();
    const [agents, lamps] = port.newFrames();
    expect(agents).not.toHaveProperty("lamps");
    expect(lamps).toMatchObject({ data: [], removed: [], lamps: { data: [], removed: ["l"] } });
  });

  it("gives a resuming viewer the rows that changed and the keys of the deleted ones.", () => {
    const house = new House();
    for (const [id, color] of [
      ["l", "red"],
      ["m", "red"],
      ["n", "red"],
    ] as const)
      house.lamp(id, color);
    const { seq } = house.board;
    house.lamp("l", "blue");
    house.breakLamp("m");
    const [resumed] = join(house.broadcaster, "v", { at: { epoch: "epoch-1", seq } }).newFrames();
    expect(resumed).toMatchObject({ type: "resumed", from: 3, to: 5, data: [], removed: [] });
    expect(resumed).toHaveProperty("lamps", { data: [lamp("l", "blue")], removed: ["m"] });
    const [none] = join(house.broadcaster, "w", { at: { epoch: "epoch-1", seq: 5 } }).newFrames();
    expect(none).not.toHaveProperty("lamps");
  });

  it("obeys group filters: an entering row comes whole, a leaving row is removed, and other rows stay hidden.", () => {
    const house = new House();
    house.lamp("l", "red", "Hall");
    house.lamp("m", "red", "Kitchen");
    const hall = join(house.broadcaster, "hall", { filter: ["Hall"] });
    house.flush();
    expect(hall.newFrames()).toMatchObject([{ lamps: [lamp("l", "red", "Hall")] }]);
    house.lamp("m", "blue", "Kitchen");
    house.flush();
    expect(hall.newFrames()).toEqual([]);
    house.lamp("l", "red", "Kitchen");
    house.lamp("m", "blue", "Hall");
    house.flush();
    expect(hall.newFrames()).toMatchObject([{ from: 2, to: 5, lamps: { data: [lamp("m", "blue", "Hall")], removed: ["l"] } }]);
  });

  it("comes in one frame to a slow consumer that has drained.", () => {
    const house = new House();
    house.lamp("l", "red");
    const port = join(house.broadcaster, "v");
    house.flush();
    port.newFrames();
    port.unsent = BACKLOG_LIMIT_BYTES + 1;
    house.lamp("l", "blue");
    house.flush();
    house.lamp("l", "green");
    house.flush();
    expect(port.newFrames()).toEqual([]);
    port.unsent = 0;
    house.flush();
    expect(port.newFrames()).toMatchObject([{ type: "resumed", from: 1, to: 3, lamps: { data: [lamp("l", "green")] } }]);
  });

  it("is left out of the frames of legacy viewers.", () => {
    const house = new House();
    house.lamp("l", "red");
    const port = join(house.broadcaster, "old", { legacy: true });
    house.lamp("l", "blue");
    house.agent("a", "Ana");
    house.flush();
    const frames = port.newFrames();
    expect(frames.map(({ type }) => type)).toEqual(["initialAgentList", "agentStatusUpdate"]);
    expect(frames[0]).not.toHaveProperty("lamps");
  });

  it("reaches the viewers of a relay whole, as patches, and after a gap.", () => {
    const house = new House();
    house.agent("a", "Ana");
    house.lamp("l", "red", "Hall");
    const replica = new Replica(structuredClone(makeFeed(house.board, 0)), [AGENTS, LAMPS]);
    const port = join(replica.broadcaster, "v", { filter: ["Hall"] });
    expect(port.newFrames()).toMatchObject([{ seq: 2, lamps: [lamp("l", "red", "Hall")] }]);
    house.lamp("l", "blue", "Hall");
    expect(replica.applyFeed(structuredClone(makeFeed(house.board, 2)), NOON)).toBe("applied");
    expect(port.newFrames()).toMatchObject([{ from: 2, to: 3, lamps: { data: [{ lampId: "l", color: "blue" }] } }]);
    house.breakLamp("l");
    house.lamp("m", "green", "Hall");
    const late = structuredClone(makeFeed(house.board, 4));
    expect(replica.applyFeed(late, NOON)).toBe("gap");
    const asked = replica.position;
    expect(replica.applyAnswer(structuredClone(makeFeed(house.board, asked.seq)), asked, NOON)).toBe("applied");
    expect(port.newFrames()).toMatchObject([{ from: 3, to: 5, lamps: { data: [lamp("m", "green", "Hall")], removed: ["l"] } }]);
  });

  it("is left out by a relay version that does not know it, while the agents keep changing.", () => {
    const house = new House();
    house.agent("a", "Ana");
    house.lamp("l", "red");
    const replica = new Replica(structuredClone(makeFeed(house.board, 0)), [AGENTS]);
    const port = join(replica.broadcaster, "v");
    expect(port.newFrames()).toMatchObject([{ seq: 2, data: [{ agentId: "a" }] }]);
    house.lamp("l", "blue");
    house.agent("a", "Bea");
    expect(replica.applyFeed(structuredClone(makeFeed(house.board, 2)), NOON)).toBe("applied");
    expect(port.newFrames()).toMatchObject([{ to: 4, data: [{ agentId: "a", name: "Bea" }] }]);
  });
});
