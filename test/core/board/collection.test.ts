import { describe, expect, it } from "vitest";
import { Board } from "../../../core/board/board.ts";
import { LAMPS } from "../sample-collection.ts";

const lamp = (lampId: string, ...rooms: string[]) => ({ lampId, color: "red", rooms });

function boardOfLamps() {
  const board = new Board("epoch-1");
  return { board, lamps: board.addCollection(LAMPS) };
}

describe("A collection", () => {
  it("SEQ-6 Only the deletion of a tombstone gives up positions, and a row with a value stays.", () => {
    const { board, lamps } = boardOfLamps();
    lamps.change("a", lamp("a"));
    lamps.change("b", lamp("b"));
    lamps.deleteTombstone("a");
    lamps.deleteTombstone("unknown");
    expect([lamps.visible(null).length, board.oldestResumableSeq]).toEqual([2, 0]);
    lamps.change("a", null);
    lamps.deleteTombstone("a");
    expect([lamps.row("a"), board.oldestResumableSeq]).toEqual([undefined, 3]);
    expect([2, 3, 4].map((seq) => board.canResume({ epoch: "epoch-1", seq }))).toEqual([false, true, false]);
  });

  it("SEQ-6 An older tombstone that is deleted later gives up nothing more.", () => {
    const { board, lamps } = boardOfLamps();
    for (const key of ["a", "b"]) lamps.change(key, lamp(key));
    for (const key of ["a", "b"]) lamps.change(key, null);
    lamps.deleteTombstone("b");
    lamps.deleteTombstone("a");
    expect(board.oldestResumableSeq).toBe(4);
  });

  it("SEQ-1 A tombstone of a key that was never there takes no seq.", () => {
    const { board, lamps } = boardOfLamps();
    expect(lamps.change("a", null)).toBeUndefined();
    expect([board.seq, lamps.row("a")]).toEqual([0, undefined]);
  });

  it("VIS-3 A row remembers for each group when it left it last, also through a deletion and a return.", () => {
    const { lamps } = boardOfLamps();
    lamps.change("a", lamp("a", "Hall", "Kitchen"));
    lamps.change("a", lamp("a", "Kitchen"));
    lamps.change("a", null);
    lamps.change("a", lamp("a", "Hall"));
    expect(lamps.row("a")).toMatchObject({ seq: 4, left: { Hall: 2, Kitchen: 3 } });
    lamps.change("a", lamp("a"));
    expect(lamps.row("a")?.left).toEqual({ Hall: 5, Kitchen: 3 });
    expect(lamps.missedSince(2, ["Kitchen"])).toEqual({ changed: [], removed: ["a"] });
    expect(lamps.missedSince(3, ["Kitchen"])).toEqual({ changed: [], removed: [] });
    expect(lamps.missedSince(3, ["Kitchen", "Hall"])).toEqual({ changed: [], removed: ["a"] });
  });

  it("SEQ-3 The position never moves back, whatever rows and positions a replica takes over.", () => {
    const { board, lamps } = boardOfLamps();
    lamps.restoreRow({ key: "a", seq: 7, value: lamp("a"), left: {} });
    lamps.restoreRow({ key: "b", seq: 3, value: lamp("b"), left: {} });
    expect(board.position).toEqual({ epoch: "epoch-1", seq: 7 });
    board.advance(5, 4);
    board.advance(6, 2);
    expect([board.seq, board.oldestResumableSeq]).toEqual([7, 4]);
    board.advance(9, 5);
    expect([board.seq, board.oldestResumableSeq]).toEqual([9, 5]);
    expect(lamps.change("c", lamp("c"))?.row.seq).toBe(10);
  });
});
