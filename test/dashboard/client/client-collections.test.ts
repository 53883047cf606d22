import { beforeEach, describe, expect, test } from "vitest";
import { type BoardFrame, ClientBoard } from "../../../dashboard/client/client-board.ts";
import { BoardStore } from "../../../dashboard/client/store.ts";
import { fakeAgent, fakeAlert, fakeQueue } from "../../../dashboard/client/testing.ts";

const AT = 1_800_000_000_000;
const NONE = { data: [], removed: [] };

const list = (rows: object = {}): BoardFrame => ({
  type: "initialAgentList",
  epoch: "e",
  seq: 1,
  serverTime: AT,
  data: [fakeAgent({ agentId: "a" })],
  queues: [fakeQueue({ queueId: "q", waiting: 2 }), fakeQueue({ queueId: "r" })],
  alerts: [fakeAlert({ alertId: "x" })],
  ...JSON.parse(JSON.stringify(rows)),
});
const batch = (from: number, rows: object): BoardFrame => ({
  type: "agentStatusBatch",
  epoch: "e",
  from,
  to: from + 1,
  serverTime: AT,
  ...NONE,
  ...JSON.parse(JSON.stringify(rows)),
});

let board: ClientBoard;
let store: BoardStore;

beforeEach(() => {
  board = new ClientBoard();
  board.applyFrame(list(), AT);
  store = new BoardStore();
  store.applyFrame(list(), AT);
});

const shownIn = ({ agents, queues, alerts }: ClientBoard) => [
  [...agents.rows.values()].map(({ agentId, status }) => `${agentId} ${status}`),
  [...queues.rows.values()].map(({ queueId, waiting }) => `${queueId} ${waiting}`),
  [...alerts.rows.values()].map(({ alertId, state }) => `${alertId} ${state}`),
];

describe("The client's board", () => {
  test("applies the news of all collections in one frame, on one position.", () => {
    const frame = batch(1, {
      data: [{ agentId: "a", status: "away" }],
      queues: { data: [{ queueId: "q", waiting: 5 }], removed: ["r"] },
      alerts: { data: [{ alertId: "x", state: "resolved", resolvedAt: AT }, fakeAlert({ alertId: "y" })], removed: [] },
    });
    expect(board.applyFrame(frame, AT).kind).toBe("applied");
    expect(shownIn(board)).toEqual([["a away"], ["q 5"], ["x resolved", "y firing"]]);
    expect(board.position).toEqual({ epoch: "e", seq: 2 });
    expect(board.applyFrame(frame, AT)).toEqual({ kind: "ignored" });
  });

  test("ALR-15 keeps an alert for ten minutes after its end, as whole lists do, and then lets it go with the next news of alerts.", () => {
    const over = { alertId: "x", state: "resolved", resolvedAt: AT };
    board.applyFrame(batch(1, { alerts: { data: [over], removed: [] } }), AT);
    const newsAt = (from: number, serverTime: number) =>
      board.applyFrame(batch(from, { serverTime, alerts: { data: [fakeAlert({ alertId: `y${from}` })], removed: [] } }), AT);
    newsAt(2, AT + 599_999);
    expect(shownIn(board)[2]).toEqual(["x resolved", "y2 firing"]);
    expect(newsAt(3, AT + 600_000)).toMatchObject({ kind: "applied" });
    expect(shownIn(board)[2]).toEqual(["y2 firing", "y3 firing"]);
  });

  test("applies a resumed frame to all collections.", () => {
    const queues = { data: [fakeQueue({ queueId: "s" })], removed: ["q"] };
    board.applyFrame(
      { type: "resumed", epoch: "e", from: 1, to: 9, serverTime: AT, ...NONE, queues, alerts: { data: [], removed: ["x"] } },
      AT,
    );
    expect(shownIn(board)).toEqual([["a available"], ["r 0", "s 0"], []]);
    expect(board.position).toEqual({ epoch: "e", seq: 9 });
  });

  test("replaces all collections by a whole list, and an older hub's list has neither queues nor alerts.", () => {
    expect(board.knowsQueues).toBe(true);
    board.applyFrame({ type: "initialAgentList", epoch: "old", seq: 1, data: [fakeAgent({ agentId: "b" })] }, AT);
    expect(shownIn(board)).toEqual([["b available"], [], []]);
    expect(board.knowsQueues).toBe(false);
  });

  test.each([
    ["queue", { queues: { data: [{ queueId: "new", waiting: 1 }], removed: [] } }],
    ["alert", { alerts: { data: [{ alertId: "new", severity: "critical" }], removed: [] } }],
  ])("treats a part of an unknown %s as a gap, and changes nothing.", (_, rows) => {
    const before = shownIn(board);
    expect(board.applyFrame(batch(1, { ...rows, data: [{ agentId: "a", status: "away" }] }), AT)).toEqual({ kind: "gap" });
    expect(shownIn(board)).toEqual(before);
    expect(board.position?.seq).toBe(1);
  });

  test("keeps the objects of unchanged rows.", () => {
    const q = board.queues.rows.get("q");
    const x = board.alerts.rows.get("x");
    board.applyFrame(batch(1, { queues: { data: [{ queueId: "q", waiting: 2 }], removed: [] } }), AT);
    board.applyFrame(list(), AT);
    expect(board.queues.rows.get("q")).toBe(q);
    expect(board.alerts.rows.get("x")).toBe(x);
  });

  test("takes an alert without resolvedAt as one that fires.", () => {
    const { resolvedAt: _absent, ...alert } = fakeAlert({ alertId: "z" });
    board.applyFrame(batch(1, { alerts: { data: [alert], removed: [] } }), AT);
    expect(board.alerts.rows.get("z")?.resolvedAt).toBeNull();
  });
});

describe("A row that the client cannot read", () => {
  test.each([
    ["a whole list", (rows: object) => list(rows)],
    ["a batch", (rows: object) => batch(1, rows)],
  ])("CLI-1 A row that the client cannot read drops only itself in %s.", (_, frame) => {
    board = new ClientBoard();
    board.applyFrame(list({ data: [], queues: [], alerts: [] }), AT);
    const whole = frame({}).type === "initialAgentList";
    const rows = (data: object[]) => (whole ? data : { data, removed: [] });
    const outcome = board.applyFrame(
      frame({
        data: [null, "x", { agentId: 7 }, { ...fakeAgent({ agentId: "a" }), groups: "all" }, fakeAgent({ agentId: "b" })],
        queues: rows([{ ...fakeQueue({ queueId: "q" }), waiting: "many" }, fakeQueue({ queueId: "r" })]),
        alerts: rows([{ ...fakeAlert({ alertId: "x" }), severity: "info" }, fakeAlert({ alertId: "y" })]),
      }),
      AT,
    );
    expect(outcome.kind).toBe("applied");
    expect(shownIn(board)).toEqual([["b available"], ["r 0"], ["y firing"]]);
  });

  test("is no gap when news of it comes, and appears when it can be read.", () => {
    const strange = { ...fakeAlert({ alertId: "new" }), severity: "info" };
    expect(board.applyFrame(batch(1, { alerts: { data: [strange], removed: [] } }), AT).kind).not.toBe("gap");
    expect(board.applyFrame(batch(2, { alerts: { data: [{ alertId: "new", value: 9 }], removed: [] } }), AT).kind).not.toBe(
      "gap",
    );
    expect(board.position?.seq).toBe(3);
    board.applyFrame(batch(3, { alerts: { data: [fakeAlert({ alertId: "new" })], removed: [] } }), AT);
    expect(board.alerts.rows.get("new")?.state).toBe("firing");
    board.applyFrame(batch(4, { alerts: { data: [], removed: ["new"] } }), AT);
    expect(board.applyFrame(batch(5, { alerts: { data: [{ alertId: "new", value: 9 }], removed: [] } }), AT).kind).toBe("gap");
  });

  test("is forgotten with a whole list that lacks it: then news of a part of it is a gap.", () => {
    board.applyFrame(list({ alerts: [{ ...fakeAlert({ alertId: "new" }), severity: "info" }] }), AT);
    board.applyFrame(list({ alerts: [] }), AT);
    expect(board.applyFrame(batch(1, { alerts: { data: [{ alertId: "new", value: 9 }], removed: [] } }), AT).kind).toBe("gap");
  });

  test("leaves a known row as it was when only a change of it cannot be read.", () => {
    const before = board.queues.rows.get("q");
    board.applyFrame(
      batch(1, {
        queues: {
          data: [
            { queueId: "q", waiting: "many" },
            { queueId: "r", waiting: 1 },
          ],
          removed: [],
        },
      }),
      AT,
    );
    expect(board.queues.rows.get("q")).toBe(before);
    expect(board.queues.rows.get("r")?.waiting).toBe(1);
  });

  test("is gone with the next whole list.", () => {
    board.applyFrame(list({ data: [{ ...fakeAgent({ agentId: "a" }), stale: "yes" }] }), AT);
    expect(board.agents.rows.size).toBe(0);
  });

  test("CLI-1 An agent with an unknown status is shown as away, with the name of the status.", () => {
    board.applyFrame(batch(1, { data: [{ agentId: "a", status: "in training", statusName: "Capacitación" }] }), AT);
    expect(board.agents.rows.get("a")).toMatchObject({ status: "away", statusName: "Capacitación" });
    board.applyFrame(batch(2, { data: [{ agentId: "a", status: "available" }] }), AT);
    expect(board.agents.rows.get("a")?.status).toBe("available");
  });
});

describe("The store", () => {
  const mixed = () =>
    batch(1, {
      data: [{ agentId: "a", status: "away" }],
      queues: { data: [{ queueId: "q", waiting: 5 }], removed: [] },
      alerts: { data: [{ alertId: "x", severity: "critical" }], removed: [] },
    });

  test("tells each listener once per frame, when all collections have changed.", () => {
    const seen: string[] = [];
    const note = (who: string) => () =>
      seen.push([who, store.agents.row("a")?.status, store.queues.row("q")?.waiting, store.alerts.row("x")?.severity].join(" "));
    store.subscribe(note("all"));
    store.agents.subscribeRow("a", note("a"));
    store.queues.subscribe(note("queues"));
    store.queues.subscribeRow("q", note("q"));
    store.queues.subscribeRow("r", note("r"));
    store.alerts.subscribe(note("alerts"));
    store.alerts.onChange((_key, before, after) => seen.push(`change ${before?.severity} ${after?.severity}`));
    store.applyFrame(mixed(), AT);
    const state = "away 5 critical";
    expect(seen.sort()).toEqual(
      [`a ${state}`, `alerts ${state}`, `all ${state}`, "change warning critical", `q ${state}`, `queues ${state}`].sort(),
    );
  });

  test("tells nobody about queues when only agents have changed, and keeps their list.", () => {
    let calls = 0;
    store.queues.subscribe(() => {
      calls += 1;
    });
    const queues = store.queues.list();
    store.applyFrame(batch(1, { data: [{ agentId: "a", status: "away" }] }), AT);
    expect(calls).toBe(0);
    expect(store.queues.list()).toBe(queues);
  });

  test("CLI-4 A pause holds agents, queues and alerts, and its end shows all that has come.", () => {
    store.pause();
    store.applyFrame(mixed(), AT);
    expect([store.agents.list()[0]?.status, store.queues.list()[0]?.waiting, store.alerts.list()[0]?.severity]).toEqual([
      "available",
      2,
      "warning",
    ]);
    expect([store.queues.row("q")?.waiting, store.alerts.row("x")?.severity]).toEqual([2, "warning"]);
    store.resume();
    expect([store.agents.list()[0]?.status, store.queues.list()[0]?.waiting, store.alerts.list()[0]?.severity]).toEqual([
      "away",
      5,
      "critical",
    ]);
  });

  test("forgets all collections, tells their listeners, and reports no change.", () => {
    const seen: string[] = [];
    store.pause();
    store.queues.subscribe(() => seen.push("queues"));
    store.queues.subscribeRow("q", () => seen.push("q"));
    store.alerts.subscribe(() => seen.push("alerts"));
    store.alerts.onChange(() => seen.push("change"));
    store.clear();
    expect([store.agents.list(), store.queues.list(), store.alerts.list()]).toEqual([[], [], []]);
    expect(store.queues.row("q")).toBeUndefined();
    expect(seen.sort()).toEqual(["alerts", "q", "queues"]);
  });

  test("lists alerts that fire first, then the most severe, then the newest.", () => {
    const alerts = [
      fakeAlert({ alertId: "over", severity: "critical", state: "resolved", since: AT }),
      fakeAlert({ alertId: "old", since: AT - 5 }),
      fakeAlert({ alertId: "new", since: AT }),
      fakeAlert({ alertId: "grave", severity: "critical", since: AT - 9 }),
      fakeAlert({ alertId: "b", since: AT - 7 }),
      fakeAlert({ alertId: "a", since: AT - 7 }),
    ];
    store.applyFrame(list({ alerts }), AT);
    expect(store.alerts.list().map(({ alertId }) => alertId)).toEqual(["grave", "new", "old", "a", "b", "over"]);
  });
});
