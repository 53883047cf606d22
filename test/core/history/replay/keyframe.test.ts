import { expect, it } from "vitest";
import { Keyframe } from "../../../../core/history/replay/keyframe.ts";
import { parseLoggedRows } from "../../../../core/history/replay/log-line.ts";
import { aContact, anAgentState, NOON } from "../../../support/updates.ts";
import { Center } from "../../center.ts";

it("HIS-9 A keyframe is written in short steps of whole rows, also where rows are large.", () => {
  const center = new Center();
  for (let index = 0; index < 300; index += 1) {
    const contacts = Array.from({ length: (index % 5) * 4 }, (_, number) => {
      return aContact({ contactId: `call-${index}-${number}`, queue: "q".repeat(100) });
    });
    center.post(anAgentState({ agentId: `agent-${index}`, contacts }));
  }
  const { board } = center.core;
  const texts = [...new Keyframe({ chain: 1, firstLogRow: 1, at: NOON, seq: board.seq }, board).texts()];
  const rows = texts.flatMap((text) => parseLoggedRows(text).lines);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(300);
  expect(texts.every((text) => text.endsWith("\n"))).toBe(true);
  const longestRow = Math.max(...texts.flatMap((text) => text.split("\n")).map(({ length }) => length));
  // A step ends with the row with which it is full.
  expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(12 * 1024 + longestRow + 1);
  expect(texts.length).toBeGreaterThan(10);
});
