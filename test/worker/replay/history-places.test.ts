import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { GroupView } from "../../../core/board/group-view.ts";
import { encodeLogLines } from "../../../core/history/replay/log-line.ts";
import { PastBoards } from "../../../worker/replay/past-boards.ts";
import { ReplayTables } from "../../../worker/replay/replay-tables.ts";
import { Sql } from "../../../worker/sql.ts";
import { call, center, freshInstance, posted, ticket } from "../support.ts";
import { agentState } from "../updates.ts";

const MOMENT = Date.UTC(2026, 10, 20, 12);

async function ask(instance: string, query: string, subject = "ana"): Promise<Response> {
  const headers = { authorization: `Bearer ${await ticket(instance, { subject })}` };
  return call(`/v1/instances/${instance}/history?${query}`, { headers });
}

/** Posts agents whose rows are large, and waits until the log can tell of them. Returns a moment at which they were there. */
async function loggedAgents(instance: string, count: number): Promise<number> {
  const groups = Array.from({ length: 20 }, (_, index) => `a group with a long name, number ${index}`);
  await posted(instance, ...Array.from({ length: count }, (_, index) => agentState(`agent-${index}`, { groups })));
  await expect
    .poll(async () => (await ask(instance, `at=${Date.now()}`, "probe")).status, { interval: 50, timeout: 20_000 })
    .toBe(200);
  return Date.now();
}

describe("The two places for answers", () => {
  it("HIS-5 A span gives its place back when it is read, when its reader leaves, and when nobody knows its beginning.", async () => {
    const instance = freshInstance();
    const at = await loggedAgents(instance, 1);
    const span = `from=${at}&to=${at}`;
    for (let count = 0; count < 3; count += 1) expect(await (await ask(instance, span)).text()).toContain('"complete":true');
    for (let count = 0; count < 3; count += 1) {
      const left = await ask(instance, span);
      expect(left.status).toBe(200);
      await left.body?.cancel();
    }
    for (let count = 0; count < 3; count += 1) expect((await ask(instance, `from=${at - 60_000}&to=${at}`)).status).toBe(404);
    await expect.poll(async () => (await ask(instance, span)).status, { timeout: 20_000 }).toBe(200);
  });

  it("HIS-5 Two answers are made at the same time, and a third asker is told when to come again.", async () => {
    const instance = freshInstance();
    const at = await loggedAgents(instance, 450);
    const open = [await ask(instance, `from=${at}&to=${at}`), await ask(instance, `from=${at}&to=${at}`, "eva")];
    const third = await ask(instance, `at=${at}`, "leo");
    expect([...open.map(({ status }) => status), third.status]).toEqual([200, 200, 429]);
    expect(third.headers.get("Retry-After")).toMatch(/^[1-9]$/);
    await Promise.all(open.map((answer) => answer.body?.cancel()));
  });

  it("HIS-5 A span counts for the share of whoever asks, as a moment does.", async () => {
    const instance = freshInstance();
    const at = await loggedAgents(instance, 450);
    const answers: number[] = [];
    const waits: (string | null)[] = [];
    for (let count = 0; count < 12; count += 1) {
      const answer = await ask(instance, `from=${at}&to=${at}`);
      answers.push(answer.status);
      waits.push(answer.headers.get("Retry-After"));
      await answer.text();
    }
    expect([answers[0], answers.at(-1)]).toEqual([200, 429]);
    expect([waits[0], Number(waits.at(-1)) > 0, Number(waits.at(-1)) < 60]).toEqual([null, true, true]);
    expect((await ask(instance, `from=${at}&to=${at}`, "eva")).status).toBe(200);
  });

  it("HIS-1 Each board says since when moments can be asked for, also when a keyframe is older than the kept days.", async () => {
    const instance = freshInstance();
    const at = await loggedAgents(instance, 1);
    const oldest = await runInDurableObject(center(instance), (_, { storage }) => {
      const tables = new ReplayTables(new Sql(storage.sql));
      const first = tables.oldestKeyframeAt();
      const place = { chain: 0, firstLogRow: 0, seq: 0 };
      tables.saveKeyframePart({ ...place, at: at - 400 * 24 * 3_600_000 }, 0, new ArrayBuffer(1));
      return first;
    });
    const { keptSince } = await (await ask(instance, `at=${at}`)).json<{ keptSince: number }>();
    expect([keptSince <= (oldest ?? 0), keptSince > at - 10 * 24 * 3_600_000]).toEqual([true, true]);
  });
});

describe("A span that is too long for one answer", () => {
  it("HIS-2 It ends with the time of its last change, so that whoever goes on from there gets the rest.", async () => {
    const sent = await runInDurableObject(center(freshInstance()), async (_, { storage }) => {
      const tables = new ReplayTables(new Sql(storage.sql));
      tables.deleteAll();
      const place = { chain: 1, epoch: "e", seq: 1 };
      tables.addLogRow({ ...place, id: 1, firstAt: MOMENT, lastAt: MOMENT }, "", false);
      tables.saveKeyframePart({ chain: 1, firstLogRow: 1, at: MOMENT, seq: 1 }, 0, await emptyKeyframe());
      for (let id = 2; id <= 60; id += 1) {
        const at = MOMENT + id * 1000;
        const rows = [{ collection: "agents", key: "a1", fields: rowWith(id) }];
        tables.addLogRow({ ...place, id, firstAt: at, lastAt: at }, encodeLogLines({ at, seq: id, rows }, 1).join(""), false);
      }
      const last = MOMENT + 60_000;
      const lines = await linesOf(tables, MOMENT, last);
      const end = lastOf(lines);
      const rest = await linesOf(tables, end.at, last);
      return { end, changes: lines.length, restEnds: lastOf(rest) };
    });
    expect(sent.end).toMatchObject({ data: [], removed: [], complete: false });
    expect([sent.end.at > MOMENT, sent.end.at < MOMENT + 60_000]).toEqual([true, true]);
    // The board, each change up to the last, and the end itself.
    expect(sent.changes).toBe((sent.end.at - MOMENT) / 1000 - 1 + 2);
    expect(sent.restEnds).toMatchObject({ at: MOMENT + 60_000, complete: true });
  });
});

describe("A span over a gap in the log", () => {
  /** A log of two chains: the second begins at second 10 with another agent. Returns the span from second 0 to `seconds`. */
  function spanOver(seconds: number, hasKeyframe: boolean): Promise<string[]> {
    return runInDurableObject(center(freshInstance()), async (_, { storage }) => {
      const tables = new ReplayTables(new Sql(storage.sql));
      tables.deleteAll();
      for (const [chain, epoch, key, from] of [
        [1, "before", "ana", 0],
        [3, "after", "eva", 10],
      ] as const) {
        const at = MOMENT + from * 1000;
        const place = { chain, epoch, seq: 1 };
        tables.addLogRow({ ...place, id: chain, firstAt: at, lastAt: at }, "", false);
        if (chain === 1 || hasKeyframe)
          tables.saveKeyframePart({ chain, firstLogRow: chain, at, seq: 1 }, 0, await emptyKeyframe());
        const later = at + 1000;
        const rows = [{ collection: "agents", key, fields: { agentId: key, name: key } }];
        const lines = encodeLogLines({ at: later, seq: 2, rows }, 1).join("");
        tables.addLogRow({ ...place, id: chain + 1, firstAt: later, lastAt: later, seq: 2 }, lines, false);
      }
      return linesOf(tables, MOMENT, MOMENT + seconds * 1000);
    });
  }

  it("HIS-2 It goes on with the board after the gap, and says who is no longer there.", async () => {
    const [, ...changes] = (await spanOver(20, true)).map((line) => JSON.parse(line));
    expect(changes.map(({ at, data, removed }) => [(at - MOMENT) / 1000, data.map(agentIdOf), removed])).toEqual([
      [1, ["ana"], []],
      [10, [], ["ana"]],
      [11, ["eva"], []],
      [20, [], []],
    ]);
    expect(changes.at(-1)).toMatchObject({ complete: true });
  });

  it("HIS-2 It ends before a gap after which the board is not known, or is known too late.", async () => {
    for (const [seconds, hasKeyframe] of [
      [20, false],
      [9, true],
    ] as const) {
      const end = lastOf(await spanOver(seconds, hasKeyframe));
      expect([seconds, end.at, end.complete]).toEqual([seconds, hasKeyframe ? MOMENT + 9_000 : MOMENT + 1_000, hasKeyframe]);
    }
  });
});

const agentIdOf = ({ agentId }: { agentId: string }) => agentId;

async function linesOf(tables: ReplayTables, from: number, to: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of new PastBoards(tables, new GroupView(null)).lines(from, to, to)) texts.push(text);
  return texts.join("").trimEnd().split("\n");
}

function lastOf(lines: readonly string[]): { at: number; complete?: boolean } {
  return JSON.parse(lines.at(-1) ?? "");
}

function emptyKeyframe(): Promise<ArrayBuffer> {
  const stream = new Blob([""]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

function rowWith(id: number): Record<string, unknown> {
  return { agentId: "a1", name: `${id} `.padEnd(256 * 1024, "x") };
}
