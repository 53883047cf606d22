import { expect, it } from "vitest";
import { GroupView } from "../../../../core/board/group-view.ts";
import { COLLECTIONS } from "../../../../core/center/collections.ts";
import { Keyframe } from "../../../../core/history/replay/keyframe.ts";
import { ReplayReader } from "../../../../core/history/replay/replay-reader.ts";
import { anAgentState, NOON } from "../../../support/updates.ts";
import { Center } from "../../center.ts";

const VENTAS = new GroupView(["Ventas"]);

/** The board of a center with these agents, each in one group. */
function pastBoard(groups: Readonly<Record<string, string>>) {
  const center = new Center();
  for (const [agentId, group] of Object.entries(groups)) center.post(anAgentState({ agentId, groups: [group] }));
  const { board } = center.core;
  const keyframe = new Keyframe({ chain: 1, firstLogRow: 1, at: NOON, seq: board.seq }, board);
  const reader = new ReplayReader(COLLECTIONS, keyframe.place);
  reader.applyKeyframe([...keyframe.texts()].join(""));
  return reader.board;
}

const parsed = (pieces: Iterable<string>) => JSON.parse(`{${[...pieces].join("")}}`);

it("HIS-1 A past board is written a row at a time, so that posts go on meanwhile.", () => {
  const agents = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`a${index}`, index % 2 === 0 ? "Ventas" : "Soporte"]),
  );
  const pieces = [...pastBoard(agents).listPieces(VENTAS, NOON)];
  expect(pieces.every((piece) => piece.split('"agentId"').length <= 2)).toBe(true);
  // A row out of sight is a step too: it was read.
  expect(pieces.filter((piece) => piece === "").length).toBe(25);
  expect(parsed(pieces)).toMatchObject({ data: { length: 25 }, queues: [], alerts: [] });
});

it("HIS-2 After a gap in the log a viewer gets the whole new board, and whom it sees no more.", () => {
  const before = pastBoard({ a1: "Ventas", a2: "Ventas", a3: "Soporte" });
  const after = pastBoard({ a1: "Ventas", a2: "Soporte" });
  expect(parsed(after.changePiecesFrom(before, VENTAS, NOON))).toMatchObject({
    data: [{ agentId: "a1" }],
    removed: ["a2"],
    queues: { data: [], removed: [] },
    alerts: { data: [], removed: [] },
  });
});
