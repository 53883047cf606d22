import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PinnedCard, pinnedCards } from "../../../dashboard/board/model/pinned.ts";
import type { ListRow } from "../../../dashboard/board/model/rows.ts";
import { STATUS_ORDER } from "../../../dashboard/board/model/status-order.ts";
import { statusCounts, teamCounts } from "../../../dashboard/board/model/team-counts.ts";
import { WallboardClock } from "../../../dashboard/board/model/wall-clock.ts";
import { queueTilePlan } from "../../../dashboard/board/model/wall-queues.ts";
import { wallboardBody } from "../../../dashboard/board/model/wallboard-body.ts";
import { anAgent, anAlert, NOON } from "./an-agent.ts";

const AREA = { width: 1848, height: 600 };

function needy(count: number): PinnedCard[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: "agent",
    key: `agent n${index}`,
    agentId: `n${index}`,
    level: "critical",
  }));
}

function rowsOf(count: number, prefix = "a"): ListRow[] {
  return Array.from({ length: count }, (_, index) => ({ kind: "agent", agentId: `${prefix}${index}`, position: index + 1 }));
}

function bodyOf(pinned: number, agents: number, area = AREA) {
  const teams = () => [{ name: "Ventas", total: agents, counts: statusCounts([]) }];
  return wallboardBody({ pinned: needy(pinned), rows: [...rowsOf(pinned, "n"), ...rowsOf(agents)], teams, area, unit: 1 });
}

describe("What needs a hand on the wallboard", () => {
  const agents = new Set(["ana", "beto", "carla"]);
  const keys = (alerts: Parameters<typeof pinnedCards>[0], queueTiles: string[] = []) =>
    pinnedCards(alerts, { agents, queueTiles: new Set(queueTiles) }).map(({ key }) => key);

  it("is each agent and the center once, critical ones first, and nobody whom the filters hide.", () => {
    const alerts = [
      anAlert({ id: "1", agentId: "beto" }),
      anAlert({ id: "2", agentId: "carla", level: "critical" }),
      anAlert({ id: "3", agentId: "carla" }),
      anAlert({ id: "4", agentId: "ana", acknowledged: true }),
      anAlert({ id: "5", agentId: "hidden", level: "critical" }),
      anAlert({ id: "6", agentId: null, rule: "feed-silent", level: "critical", since: NOON - 5 }),
      anAlert({ id: "7", agentId: null, contactId: "over", level: "critical" }),
    ];
    expect(keys(alerts)).toEqual(["center", "agent carla", "agent beto"]);
  });

  it("is also a queue whose tile is out of sight, because a tile in sight shows its alert itself.", () => {
    const alerts = [anAlert({ id: "8", agentId: null, queueId: "q1", level: "critical" })];
    expect(keys(alerts, ["q1"])).toEqual([]);
    expect(keys(alerts, ["q2"])).toEqual(["queue q1"]);
  });

  it("has large cards while half of the area is enough, and takes all of the area before one is out of sight.", () => {
    expect(bodyOf(4, 20).pinned).toMatchObject({ small: false, columns: 4, rest: [] });
    expect(bodyOf(9, 20).pinned).toMatchObject({ small: true, columns: 5, rest: [] });
    const full = bodyOf(25, 20);
    expect(full.pinned.shown).toHaveLength(25);
    expect(full.pages.some(({ kind }) => kind === "pinned")).toBe(false);
    expect(full.left.pinned).toBe(0);
  });

  it("turns its pages instead of the calm where even that is too little, the most urgent always in sight.", () => {
    const { pinned, pages, left } = bodyOf(40, 100);
    expect(pinned.shown.map(({ key }) => key)).toEqual(needy(pinned.shown.length).map(({ key }) => key));
    expect(new Set(pages.map(({ kind }) => kind))).toEqual(new Set(["pinned"]));
    const turning = pages.flatMap((page) => (page.kind === "pinned" ? page.cards : []));
    expect(pinned.shown.length + turning.length).toBe(40);
    expect(left.pinned).toBe(0);
    const flooded = bodyOf(400, 100);
    expect(flooded.pages.length).toBe(8);
    expect(flooded.left.pinned).toBeGreaterThan(0);
  });

  it("is never lost: for any number and any area each card is in sight, turning, or counted.", () => {
    const areas = fc.record({ width: fc.integer({ min: 300, max: 4000 }), height: fc.integer({ min: 0, max: 2000 }) });
    fc.assert(
      fc.property(fc.nat(300), fc.nat(500), areas, (count, agents, area) => {
        const { pinned, pages, left } = bodyOf(count, agents, area);
        const turning = pages.flatMap((page) => (page.kind === "pinned" ? page.cards : []));
        const seen = [...pinned.shown, ...turning].map(({ key }) => key);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.length + left.pinned).toBe(count);
        expect(pages.length).toBeLessThanOrEqual(8);
        expect(pinned.height).toBeLessThanOrEqual(area.height + 16);
      }),
    );
  });
});

describe("The calm on the wallboard", () => {
  it("has larger cards for a small team, and leaves out who is above.", () => {
    const few = bodyOf(2, 6).pages;
    expect(few).toHaveLength(1);
    expect(few[0]).toMatchObject({ kind: "agents", large: true });
    expect(few[0]?.kind === "agents" && few[0].rows.map((row) => row.kind === "agent" && row.agentId)).not.toContain("n0");
    expect(bodyOf(0, 60).pages[0]).toMatchObject({ kind: "agents", large: false });
  });

  it("is counted by team where its pages would take more than two minutes.", () => {
    expect(bodyOf(0, 300).pages.every(({ kind }) => kind === "agents")).toBe(true);
    expect(bodyOf(0, 2000).pages).toEqual([expect.objectContaining({ kind: "teams" })]);
  });

  it("counts each agent once, in teams by their whole path, or by their first level when there are too many teams.", () => {
    const center = ["México", "Colombia"].flatMap((country) =>
      STATUS_ORDER.map((status, index) =>
        anAgent({ agentId: `${country}${index}`, groups: [country, index % 2 === 0 ? "Ventas" : "Soporte"], status }),
      ),
    );
    const names = (most: number) => teamCounts(center, most, (a, b) => a.localeCompare(b)).map(({ name }) => name);
    expect(names(4)).toEqual(["Colombia · Soporte", "Colombia · Ventas", "México · Soporte", "México · Ventas"]);
    expect(names(3)).toEqual(["Colombia", "México"]);
    for (const { total, counts } of teamCounts(center, 3, (a, b) => a.localeCompare(b))) {
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(total);
    }
    expect(Object.values(statusCounts(center)).reduce((sum, count) => sum + count, 0)).toBe(center.length);
  });
});

describe("The queues of the wallboard", () => {
  const plan = (queues: number, width = 1848, height = 1008, unit = 1) => queueTilePlan(queues, { width, height }, unit);

  it("fill the line, and the last tile counts those that do not fit.", () => {
    expect([1, 4, 5].map((queues) => plan(queues))).toMatchObject([
      { columns: 1, shown: 1 },
      { columns: 4, shown: 4 },
      { columns: 5, shown: 5, narrow: true },
    ]);
    expect(plan(7)).toMatchObject({ columns: 5, shown: 4 });
  });

  it("have two lines on an upright screen, and lower tiles in a window.", () => {
    expect(plan(4, 1008, 1848)).toMatchObject({ columns: 2, shown: 4, low: false });
    expect(plan(4, 680, 400, 0.6)).toMatchObject({ low: true });
    expect(plan(4, 3696, 2016, 2)).toEqual(plan(4));
  });
});

describe("The clock of the wallboard", () => {
  const at = Date.UTC(2026, 10, 26, 16, 42);

  it("shows the time of the contact center, and names its zone only where it differs from the browser's.", () => {
    expect(new WallboardClock("es-MX", "America/Mexico_City").read(at)).toMatchObject({ time: "10:42" });
    const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(new WallboardClock("en", own).read(at).zone).toBeNull();
    expect(new WallboardClock("en", "Asia/Kathmandu").read(at).zone).toBe("GMT+5:45");
  });

  it("goes by the browser's zone when the center's is unknown to it or was not said.", () => {
    const own = new WallboardClock("en", null).read(at);
    expect(new WallboardClock("en", "Mars/Olympus").read(at)).toEqual(own);
    expect(own.zone).toBeNull();
  });
});
