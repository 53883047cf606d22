import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_THRESHOLDS, findAlerts } from "../../../dashboard/board/model/threshold-alerts.ts";
import type { AgentView } from "../../../dashboard/client/contract.ts";
import { fakeAgent } from "../../../dashboard/client/testing.ts";

const NOW = 1_800_000_000_000;
const view = (fields: Partial<AgentView>): AgentView => {
  const { callStartedAt = null, transcription = null, trend = [], ...agent } = fields;
  return { ...fakeAgent({ agentId: "a", since: NOW, ...agent }), callStartedAt, transcription, trend };
};
const alertsOf = (agent: AgentView, now = NOW) => findAlerts([agent], DEFAULT_THRESHOLDS, now);

describe("A status alert", () => {
  test.each([
    ["after call work", 120, 300],
    ["away", 900, 1800],
    ["on a call", 600, 1200],
    ["on hold", 60, 180],
  ] as const)("for %s is a warning after %i s and critical after %i s.", (status, warn, critical) => {
    const past = (seconds: number) => alertsOf(view({ status }), NOW + seconds * 1000);
    expect(past(warn - 1)).toEqual([]);
    expect(past(warn)).toMatchObject([{ kind: "status", level: "warn", status, limitSeconds: warn, since: NOW + warn * 1000 }]);
    expect(past(critical)).toMatchObject([{ level: "critical", limitSeconds: critical }]);
    expect(past(critical)[0]?.id).toBe(past(warn)[0]?.id);
  });

  test("does not exist for the statuses available and offline.", () => {
    expect(alertsOf(view({ status: "available" }), NOW + 1e9)).toEqual([]);
    expect(alertsOf(view({ status: "offline" }), NOW + 1e9)).toEqual([]);
  });

  test("for a missed call or an error shows at once.", () => {
    expect(alertsOf(view({ status: "missed" }))).toMatchObject([{ kind: "missed", level: "warn", since: NOW }]);
    expect(alertsOf(view({ status: "error" }))).toMatchObject([{ kind: "error", level: "critical", since: NOW }]);
  });
});

describe("A score alert", () => {
  const call = (scores: readonly [atSeconds: number, score: number][]) =>
    view({
      status: "on a call",
      contactId: "c",
      sentimentScore: scores.at(-1)?.[1] ?? null,
      trend: scores.map(([at, score]) => ({ at: NOW + at * 1000, score })),
    });

  test("begins at the moment when the score reached the limit.", () => {
    const low = alertsOf(
      call([
        [0, -1.9],
        [10, -2],
        [20, -2.5],
      ]),
      NOW + 21_000,
    );
    expect(low).toMatchObject([{ kind: "score", level: "warn", score: -2.5, since: NOW + 10_000 }]);
    const lower = alertsOf(
      call([
        [0, -2],
        [10, -3.5],
      ]),
      NOW + 11_000,
    );
    expect(lower).toMatchObject([{ kind: "score", level: "critical", since: NOW + 10_000 }]);
    expect(alertsOf(call([[0, -1.9]]))).toEqual([]);
  });

  test("shows a drop of 3 points within a minute, and shows it for a minute.", () => {
    const falling = call([
      [0, 2],
      [200, 1],
      [230, -1],
    ]);
    expect(alertsOf(falling, NOW + 230_000)).toMatchObject([{ kind: "drop", level: "warn", points: 3, since: NOW + 230_000 }]);
    expect(alertsOf(falling, NOW + 290_000)).toHaveLength(1);
    expect(alertsOf(falling, NOW + 290_001)).toEqual([]);
  });

  test("ignores a slow drop, and takes a score as valid until the next one.", () => {
    expect(
      alertsOf(
        call([
          [0, 2],
          [70, 0],
          [130, -1],
        ]),
        NOW + 130_000,
      ),
    ).toEqual([]);
    expect(
      alertsOf(
        call([
          [0, 2],
          [500, -1],
        ]),
        NOW + 500_000,
      ),
    ).toMatchObject([{ kind: "drop", points: 3 }]);
  });

  test("keeps its id and its start while one drop goes deeper.", () => {
    const deeper = call([
      [0, 3],
      [10, 0],
      [20, -1],
    ]);
    expect(alertsOf(deeper, NOW + 20_000)).toMatchObject([{ kind: "drop", points: 4, since: NOW + 10_000 }]);
    const id = alertsOf(
      call([
        [0, 3],
        [10, 0],
      ]),
      NOW + 10_000,
    )[0]?.id;
    expect(alertsOf(deeper, NOW + 20_000)[0]?.id).toBe(id);
  });

  test("has another id for a second drop in the same call.", () => {
    const first = alertsOf(
      call([
        [0, 3],
        [10, 0],
      ]),
      NOW + 10_000,
    );
    const second = alertsOf(
      call([
        [0, 3],
        [10, 0],
        [300, 3],
        [310, 0],
      ]),
      NOW + 310_000,
    );
    expect(second[0]?.kind).toBe("drop");
    expect(second[0]?.id).not.toBe(first[0]?.id);
  });
});

test("Alerts of one level and one time come in the order of their ids.", () => {
  const agents = ["b", "a", "c"].map((agentId) => view({ agentId, status: "missed" }));
  expect(findAlerts(agents, DEFAULT_THRESHOLDS, NOW).map(({ agentId }) => agentId)).toEqual(["a", "b", "c"]);
});

test("An alert stays acknowledged until it becomes more severe.", () => {
  const agent = view({ status: "on hold" });
  const warned = alertsOf(agent, NOW + 60_000);
  const seen = new Map(warned.map(({ id, level }) => [id, level]));
  expect(findAlerts([agent], DEFAULT_THRESHOLDS, NOW + 100_000, seen)[0]?.acknowledged).toBe(true);
  expect(findAlerts([agent], DEFAULT_THRESHOLDS, NOW + 180_000, seen)[0]).toMatchObject({
    level: "critical",
    acknowledged: false,
  });
});

test("Alerts come in order of severity and then of time, with unique ids, in whatever order the agents come.", () => {
  const agent = fc.record({
    agentId: fc.uuid(),
    status: fc.constantFrom("on hold" as const, "missed" as const, "error" as const, "available" as const),
    since: fc.integer({ min: NOW - 400_000, max: NOW }),
    sentimentScore: fc.constantFrom(null, -2, -4),
  });
  fc.assert(
    fc.property(fc.uniqueArray(agent, { selector: ({ agentId }) => agentId }), (fields) => {
      const agents = fields.map(view);
      const alerts = findAlerts(agents, DEFAULT_THRESHOLDS, NOW);
      expect(findAlerts([...agents].reverse(), DEFAULT_THRESHOLDS, NOW)).toEqual(alerts);
      expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
      const rank = alerts.map(({ level, since }) => (level === "critical" ? 2e15 : 0) + since);
      expect(rank).toEqual([...rank].sort((a, b) => b - a));
    }),
  );
});
