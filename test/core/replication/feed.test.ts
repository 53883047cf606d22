import { describe, expect, it } from "vitest";
import { Board } from "../../../core/board/board.ts";
import type { RowFields } from "../../../core/board/collection.ts";
import { type Feed, makeFeed, readFeedRows } from "../../../core/replication/feed.ts";
import { AGENTS } from "../../../core/state/agent-row.ts";
import { LAMPS } from "../sample-collection.ts";

function boardOf(...definitions: (typeof AGENTS | typeof LAMPS)[]): Board {
  const board = new Board("epoch-1");
  for (const definition of definitions) board.addCollection<RowFields>(definition);
  return board;
}

const readRows = (board: Board, feed: Partial<Feed>) =>
  readFeedRows(board, { epoch: "epoch-1", from: 0, to: 9, floor: 0, rows: [], ...feed }).map(({ row }) => row);

describe("A feed", () => {
  it("has the rows after its position, the deleted ones too, and the names of the other collections only if they have rows.", () => {
    const board = new Board("epoch-1");
    const lamps = board.addCollection(LAMPS);
    const others = board.addCollection({ ...LAMPS, name: "others" });
    for (const lampId of ["a", "b"]) lamps.change(lampId, { lampId, color: "red", rooms: [] });
    lamps.change("b", null);
    expect(makeFeed(board, 1)).toEqual({
      epoch: "epoch-1",
      from: 1,
      to: 3,
      floor: 0,
      rows: [{ lampId: "b", seq: 3, value: null, left: {} }],
    });
    others.change("c", { lampId: "c", color: "red", rooms: [] });
    expect(makeFeed(board, 3)).toMatchObject({ rows: [], collections: { others: [{ lampId: "c", seq: 4 }] } });
    lamps.deleteTombstone("b");
    expect(makeFeed(board, 4)).toEqual({ epoch: "epoch-1", from: 4, to: 4, floor: 3, rows: [] });
    expect(makeFeed(new Board("empty"), 0)).toMatchObject({ rows: [] });
  });

  it("is read in the order of the seqs, over all collections.", () => {
    const rows = readRows(boardOf(AGENTS, LAMPS), {
      rows: [
        { agentId: "a", seq: 3, agent: { agentId: "a" }, left: {} },
        { agentId: "b", seq: 1, agent: null, left: { Ventas: 1 } },
      ],
      collections: { lamps: [{ lampId: "l", seq: 2, value: { lampId: "l" }, left: {} }], unknown: [{ lampId: "x", seq: 4 }] },
    });
    expect(rows.map(({ key, seq }) => [key, seq])).toEqual([
      ["b", 1],
      ["l", 2],
      ["a", 3],
    ]);
    expect(rows[0]).toEqual({ key: "b", seq: 1, value: null, left: { Ventas: 1 } });
    expect(rows[1]?.value).toEqual({ lampId: "l", color: "white", rooms: [] });
  });

  it.each([
    ["key", { seq: 1, value: null, left: {} }],
    ["key that is a text", { lampId: 7, seq: 1, value: null, left: {} }],
    ["seq", { lampId: "l", value: null, left: {} }],
    ["seq that is a number", { lampId: "l", seq: "1", value: null, left: {} }],
    ["value that the collection can read", { lampId: "l", seq: 1, value: { color: "red" }, left: {} }],
    ["value that is an object", { lampId: "l", seq: 1, value: false, left: {} }],
  ])("is read without a row that has no %s.", (_, unreadable) => {
    const good = { lampId: "m", seq: 2, value: null, left: {} };
    expect(readRows(boardOf(LAMPS), { rows: [unreadable, good] }).map(({ key }) => key)).toEqual(["m"]);
  });

  it("is read with defaults for a row without value or `left`.", () => {
    expect(readRows(boardOf(LAMPS), { rows: [{ lampId: "l", seq: 1 }] })).toEqual([{ key: "l", seq: 1, value: null, left: {} }]);
    const odd = { lampId: "l", seq: 1, value: null, left: ["Ventas"] };
    expect(readRows(boardOf(LAMPS), { rows: [odd] })).toEqual([{ key: "l", seq: 1, value: null, left: {} }]);
  });
});
