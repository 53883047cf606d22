import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { FakeClock } from "../../../../dashboard/client/fake-clock.ts";
import { PastStore } from "../../../../dashboard/client/replay/past-store.ts";
import { readMoment } from "../../../../dashboard/client/replay/piece.ts";
import { REPLAY_SPEEDS, ReplaySession } from "../../../../dashboard/client/replay/replay-session.ts";
import { fakeAgent } from "../../../../dashboard/client/testing.ts";
import { rulesOf } from "../../../core/alerts/sample-facts.ts";
import { play, steps } from "../../../core/history/replay/random-history.ts";
import { ReplayedCenter } from "../../../core/history/replay/replayed-center.ts";
import { anAgentState, NOON } from "../../../support/updates.ts";
import { PastHub } from "./past-hub.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const AN_HOUR_LATER = NOON + 60 * MINUTE;

/** Lets every answer arrive. */
const settle = async () => {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
};

/** A whole list has an alert for so long after its end. A page that was there before keeps it (ALR-15). */
const LISTED_AFTER_END_MS = 10 * MINUTE;

/**
 * What a page shows at `at`, in one order. How a trend began, and which alerts were over for long, depends on when the reader came, so
 * these do not count.
 */
function shownBy(store: PastStore, at: number): string {
  const agents = store.agents.list().map(({ trend: _, duration: __, ...agent }) => agent);
  const alerts = store.alerts.list().filter(({ resolvedAt }) => (resolvedAt ?? at) + LISTED_AFTER_END_MS > at);
  const rows = [...agents, ...store.queues.list(), ...alerts].map((row) =>
    JSON.stringify(
      Object.entries(row)
        .filter(([, value]) => value != null)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );
  return rows.sort().join("\n");
}

/** The board of a moment as a page shows it that only asks for this moment. */
function askedAt(hub: PastHub, at: number): string {
  const store = new PastStore();
  const piece = readMoment(hub.listsAt(at));
  if (piece === null) throw new Error(`The hub does not know the board of ${at}.`);
  store.showLists(piece.lists, [], false);
  return shownBy(store, at);
}

let center: ReplayedCenter;
let clock: FakeClock;
let hub: PastHub;
let session: ReplaySession;

/** Opens the replay of a center in which an agent changes its status every 30 s for an hour. */
function open(at: number | null, now = AN_HOUR_LATER): void {
  clock = new FakeClock(now);
  hub = new PastHub(center, () => clock.now());
  session = new ReplaySession(hub, at, clock);
}

const statusAt = () => session.store.agents.row("A1")?.statusName;

/** Lets time pass in the steps of a browser, with the answers that arrive. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    clock.advance(250);
    await settle();
  }
}

beforeEach(() => {
  center = new ReplayedCenter(rulesOf());
  center.beginLog();
  for (let index = 1; index <= 120; index += 1) {
    center.now = NOON + index * 30 * SECOND;
    const status = { name: `Status ${index}`, kind: "custom" as const, since: center.now };
    center.post(anAgentState({ agentId: "A1", occurredAt: center.now, status }));
    center.storeKeyframe();
  }
});

describe("A board of the past", () => {
  test("is the one that the hub has for the moment, however the reader goes back and forth.", async () => {
    const place = fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      plays: fc.boolean(),
      speed: fc.constantFrom(...REPLAY_SPEEDS),
    });
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(steps, fc.array(place, { minLength: 2, maxLength: 6 }), async (history, places) => {
        center = play(history);
        open(NOON, center.now + MINUTE);
        await settle();
        for (const { share, plays, speed } of places) {
          session.seek(NOON + share * (center.now - NOON));
          session.setSpeed(speed);
          if (plays) session.play();
          await settle();
          await pass(plays ? 3_000 : 0);
          session.pause();
          await settle();
          const { at, shownAt, problem } = session.state();
          expect({ shownAt, problem }).toEqual({ shownAt: at, problem: null });
          expect(shownBy(session.store, at)).toBe(askedAt(hub, at));
          compared += 1;
        }
        session.close();
      }),
      { numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(100);
  });

  test("begins a minute ago without a wish, and at the oldest moment where less is kept.", async () => {
    open(null);
    await settle();
    expect(session.state()).toMatchObject({ at: AN_HOUR_LATER - MINUTE, shownAt: AN_HOUR_LATER - MINUTE, keptSince: NOON });
    open(null, NOON + 20 * SECOND);
    await settle();
    expect(session.state()).toMatchObject({ at: NOON, shownAt: NOON, problem: null });
  });

  test("asks the hub once for a moment, and only for the last one while the slider is dragged.", async () => {
    open(NOON + MINUTE);
    await settle();
    for (let second = 1; second <= 50; second += 1) session.seek(NOON + MINUTE + second * SECOND);
    await settle();
    expect(hub.asked).toEqual([60, 61, 110].map((second) => `history?at=${NOON + second * SECOND}`));
    expect(session.state()).toMatchObject({ shownAt: NOON + 110 * SECOND, loading: false });
  });

  test("tells the listeners of each row what a jump changed, also of one that was not there yet.", async () => {
    center.now = NOON + 61 * MINUTE;
    center.post(anAgentState({ agentId: "A2", occurredAt: center.now }));
    open(center.now + 30 * SECOND, center.now + MINUTE);
    await settle();
    const heard: string[] = [];
    for (const agentId of ["A1", "A2"]) session.store.agents.subscribeRow(agentId, () => heard.push(agentId));
    expect(session.store.agents.row("A2")).toBeDefined();
    session.seek(NOON + MINUTE);
    await settle();
    expect([session.store.agents.row("A2"), heard.sort()]).toEqual([undefined, ["A1", "A2"]]);
    session.seek(center.now + 30 * SECOND);
    await settle();
    expect(session.store.agents.row("A2")).toBeDefined();
    expect(heard.filter((agentId) => agentId === "A2")).toHaveLength(2);
  });

  test("shows the rest of a change that has a part of an alert which no list has, because it was over for long.", () => {
    const store = new PastStore();
    const agent = fakeAgent({ agentId: "A1", statusName: "Available" });
    store.showLists({ at: NOON, keptSince: NOON, data: [agent], queues: [], alerts: [] }, [], false);
    const alerts = { data: [{ alertId: "r:A1:1", acknowledgedBy: "eva" }], removed: [] };
    store.showChanges([{ at: NOON + 1, data: [{ agentId: "A1", statusName: "Almuerzo" }], removed: [], alerts }]);
    expect([store.agents.row("A1")?.statusName, store.alerts.list()]).toEqual(["Almuerzo", []]);
  });

  test("never goes beyond the present.", async () => {
    open(NOON);
    session.seek(AN_HOUR_LATER + 5 * MINUTE);
    await settle();
    expect(session.state()).toMatchObject({ at: AN_HOUR_LATER - SECOND, problem: null });
  });
});

describe("The play head", () => {
  test.each(REPLAY_SPEEDS)("moves %i times as fast as the reader's clock.", async (speed) => {
    open(NOON + 10 * MINUTE);
    await settle();
    session.setSpeed(speed);
    session.play();
    await settle();
    await pass(4_000);
    session.pause();
    expect(session.state().at).toBe(NOON + 10 * MINUTE + speed * 4_000);
    expect(statusAt()).toBe(`Status ${Math.floor((10 * MINUTE + speed * 4_000) / 30_000)}`);
  });

  test("goes on from where it is when the speed changes while it plays.", async () => {
    open(NOON + 10 * MINUTE);
    await settle();
    session.play();
    await settle();
    await pass(4_000);
    session.setSpeed(15);
    await settle();
    expect(session.state().at).toBe(NOON + 10 * MINUTE + 4_000);
    await pass(1_000);
    session.setSpeed(1);
    await pass(1_000);
    session.pause();
    expect(session.state().at).toBe(NOON + 10 * MINUTE + 4_000 + 15_000 + 1_000);
  });

  test("asks for pieces ahead, keeps few of them, and gathers the changes of a tick.", async () => {
    open(NOON);
    await settle();
    let pictures = 0;
    session.store.subscribe(() => {
      pictures += 1;
    });
    session.setSpeed(60);
    session.play();
    await settle();
    for (let second = 0; second < 50; second += 1) {
      await pass(1_000);
      expect(session.pieceCount).toBeLessThanOrEqual(4);
    }
    expect(session.state()).toMatchObject({ at: NOON + 50 * MINUTE, playing: true });
    // 10 minutes at 60 times, and one question for the first moment.
    expect(hub.asked.length).toBeLessThanOrEqual(8);
    expect(pictures).toBeLessThanOrEqual(202);
    session.close();
  });

  test("waits for a piece that is late, and does not leave anything out.", async () => {
    open(NOON + 10 * MINUTE);
    await settle();
    hub.refusals.push({ status: 429, body: { error: "too_many_requests" }, retryAfterMs: 5_000 });
    session.play();
    await settle();
    await pass(3_000);
    expect(session.state()).toMatchObject({ at: NOON + 10 * MINUTE, playing: true, problem: "busy", loading: true });
    await pass(6_000);
    expect(session.state()).toMatchObject({ problem: null, loading: false });
    expect(session.state().at).toBeGreaterThan(NOON + 13 * SECOND);
    expect(session.state().at).toBeLessThanOrEqual(NOON + 10 * MINUTE + 4_000);
    session.close();
  });

  test("goes on where the hub has cut a piece off.", async () => {
    open(NOON + MINUTE);
    hub.changesPerSpan = 1;
    await settle();
    session.setSpeed(60);
    session.play();
    await settle();
    await pass(5_000);
    session.pause();
    expect(session.state()).toMatchObject({ at: NOON + 6 * MINUTE, problem: null });
    expect(statusAt()).toBe("Status 12");
  });

  test("stops at the present and says so.", async () => {
    open(AN_HOUR_LATER - 10 * SECOND);
    await settle();
    session.setSpeed(15);
    session.play();
    await settle();
    await pass(3_000);
    expect(session.state()).toMatchObject({ playing: false, ended: true, problem: null });
    expect(AN_HOUR_LATER + 3_000 - session.state().at).toBeLessThan(6_000);
  });
});

describe("A moment that the hub does not show", () => {
  const problemWith = async (status: number, error: string) => {
    open(NOON + MINUTE);
    hub.refusals.push({ status, body: { error } });
    await settle();
    return session.state();
  };

  test("has the word for its cause, and the replay does not ask again.", async () => {
    expect(await problemWith(404, "no_history")).toMatchObject({ problem: "no_history", loading: false });
    expect(await problemWith(404, "not_found")).toMatchObject({ problem: "old_hub" });
    expect(await problemWith(403, "forbidden")).toMatchObject({ problem: "not_allowed" });
    expect(await problemWith(400, "invalid_query")).toMatchObject({ problem: "refused" });
    expect(hub.asked).toHaveLength(1);
  });

  test("is asked for again when the reader plays on.", async () => {
    expect(await problemWith(400, "invalid_query")).toMatchObject({ problem: "refused", shownAt: null });
    session.play();
    await settle();
    await pass(1_000);
    session.pause();
    expect(session.state()).toMatchObject({ problem: null, shownAt: NOON + MINUTE + SECOND });
  });

  test("is asked for again when the hub was busy or out of reach.", async () => {
    for (const [status, problem] of [
      [429, "busy"],
      [0, "network"],
      [503, "network"],
    ] as const) {
      open(NOON + MINUTE);
      hub.refusals.push({ status, body: null });
      await settle();
      expect(session.state()).toMatchObject({ problem, loading: true });
      await pass(3_250);
      expect(session.state()).toMatchObject({ problem: null, shownAt: NOON + MINUTE });
    }
  });

  test("says since when boards are kept, and the reader can go on from there.", async () => {
    open(NOON - MINUTE);
    await settle();
    expect(session.state()).toMatchObject({ problem: "not_kept", keptSince: NOON, shownAt: null, loading: false });
    session.seek(NOON + MINUTE);
    await settle();
    expect(session.state()).toMatchObject({ problem: null, shownAt: NOON + MINUTE });
  });

  test("is a hole when there are older ones.", async () => {
    open(NOON + MINUTE);
    await settle();
    hub.refusals.push({ status: 404, body: { error: "not_kept" } });
    session.seek(NOON + 2 * MINUTE);
    await settle();
    expect(session.state()).toMatchObject({ problem: "hole", keptSince: NOON });
  });

  test("does not stop the replay when the reader has gone on meanwhile.", async () => {
    open(NOON + MINUTE);
    hub.refusals.push({ status: 404, body: { error: "not_kept" } });
    session.seek(NOON + 3 * MINUTE);
    await settle();
    expect(session.state()).toMatchObject({ problem: null, shownAt: NOON + 3 * MINUTE });
  });
});
