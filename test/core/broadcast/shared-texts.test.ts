import { describe, expect, it } from "vitest";
import { GroupView } from "../../../core/board/group-view.ts";
import type { GroupFilter } from "../../../core/board/visibility.ts";
import { SharedTexts } from "../../../core/broadcast/shared-texts.ts";
import { anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const MEBI = 1024 * 1024;

/** Returns texts about a board, and a function that asks for one and writes it. */
function textsOf(center: Center) {
  const texts = new SharedTexts(center.state.board);
  const listFor = (filter: GroupFilter, now = NOON, knows = 0) => {
    const text = texts.textFor(new GroupView(filter), { kind: "list" }, knows, now);
    text.writeRows();
    return text;
  };
  return { texts, listFor };
}

function centerOf(agents: number, name = "Ana"): Center {
  const center = new Center();
  for (let index = 0; index < agents; index += 1)
    center.post(anAgentState({ agentId: `agent-${index}`, name, groups: ["Ventas"] }));
  return center;
}

describe("Shared texts", () => {
  it("A shared text serves every request within a second while nothing changes.", () => {
    const center = centerOf(1);
    const { listFor } = textsOf(center);
    const first = listFor(null);
    expect(listFor(null, NOON + 999)).toBe(first);
    const later = listFor(null, NOON + 1000);
    expect(later).not.toBe(first);
    center.post(anAgentState({ agentId: "agent-2" }));
    expect(listFor(null, NOON + 1000)).not.toBe(later);
  });

  it("A shared text is made again when the clock is set back.", () => {
    const { listFor } = textsOf(centerOf(1));
    expect(listFor(null, NOON - 5000)).not.toBe(listFor(null, NOON));
  });

  it("Filters that differ by groups of no agent share one text, and filters with another effect do not.", () => {
    const { listFor } = textsOf(centerOf(1));
    const text = listFor(["Ventas"]);
    expect(listFor(["Ventas", "Directory 1"])).toBe(text);
    expect(listFor(["Directory 2", "Ventas", "Ventas"])).toBe(text);
    expect(listFor(["Directory 3"])).toBe(listFor([]));
    expect(listFor(["Directory 3"])).not.toBe(text);
    expect(listFor(null)).not.toBe(text);
  });

  it("A resume is shared by those who missed the same, and is no list.", () => {
    const center = centerOf(2);
    const { texts, listFor } = textsOf(center);
    const since = (seq: number) => texts.textFor(new GroupView(null), { kind: "missed", since: seq }, 0, NOON);
    expect(since(1)).toBe(since(1));
    expect(since(0)).not.toBe(since(1));
    expect(listFor(null)).not.toBe(since(0));
  });

  it("A long text that is still being written serves new viewers on a busy board, and no viewer that knows more.", () => {
    const center = centerOf(3);
    const texts = new SharedTexts(center.state.board);
    const ask = (knows: number) => texts.textFor(new GroupView(null), { kind: "list" }, knows, NOON);
    const text = ask(0);
    for (let step = 0; step < 2; step += 1) text.writeRows(1);
    center.post(anAgentState({ agentId: "agent-9" }));
    expect(ask(0)).toBe(text);
    expect(ask(3)).toBe(text);
    expect(ask(4)).not.toBe(text);
  });

  it("Shared texts take at most 4 Mi characters and one text more, even if every request needs its own.", () => {
    const center = centerOf(5, "x".repeat(MEBI));
    const texts = new SharedTexts(center.state.board);
    const kept = Array.from({ length: 10 }, (_, since) => {
      texts.textFor(new GroupView(null), { kind: "missed", since: 4 + since / 100 }, 0, NOON).writeRows();
      return Math.round(texts.characters / MEBI);
    });
    expect(kept).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2]);
  });

  it("Shared texts are at most 64, however short they are.", () => {
    const center = centerOf(1);
    const texts = new SharedTexts(center.state.board);
    const kept = Array.from({ length: 66 }, (_, since) => {
      texts.textFor(new GroupView(null), { kind: "missed", since: 1 + since }, 0, NOON).writeRows();
      return texts.characters;
    });
    const [one = 0] = kept;
    expect(kept.slice(62).map((characters) => characters / one)).toEqual([63, 64, 1, 2]);
  });

  it("Texts that are outdated are dropped.", () => {
    const center = centerOf(1, "x".repeat(MEBI));
    const { texts, listFor } = textsOf(center);
    listFor(null);
    expect(texts.characters).toBeGreaterThan(MEBI);
    texts.dropOld(NOON + 999);
    expect(texts.characters).toBeGreaterThan(MEBI);
    texts.dropOld(NOON + 1000);
    expect(texts.characters).toBe(0);
  });
});
