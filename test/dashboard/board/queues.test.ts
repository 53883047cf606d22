import { describe, expect, it } from "vitest";
import { quarterBars, wholeHours } from "../../../dashboard/board/model/queue-hours.ts";
import { QueueOrder } from "../../../dashboard/board/model/queue-order.ts";
import { staffOf } from "../../../dashboard/board/model/queue-staff.ts";
import {
  chatQueues,
  placesByProfile,
  placesOf,
  queueLevel,
  queueSums,
  queuesOf,
  severityByQueue,
  worksFor,
} from "../../../dashboard/board/model/queues.ts";
import { createText } from "../../../dashboard/board/text/text.ts";
import { fakeAlert, fakeQueue } from "../../../dashboard/client/testing.ts";
import { anAgent, NOON } from "./an-agent.ts";

const { compare } = createText("es-MX");
const waitsSince = (seconds: number, available: number | null = 1) =>
  fakeQueue({ queueId: "q", waiting: 1, oldestSince: NOON - seconds * 1000, available, serviceLevelSeconds: 20 });
const quarter = (from: number, queued: number, abandoned = 0) => ({
  from,
  queued,
  answered: 0,
  abandoned,
  callbacks: 0,
  withinTarget: 0,
});

describe("The level of a queue", () => {
  it("is that of its alert, whatever the target says.", () => {
    expect(queueLevel(waitsSince(500, 0), "warning", NOON, 0)).toBe("warning");
    expect(queueLevel(fakeQueue({ queueId: "q" }), "critical", NOON, 0)).toBe("critical");
  });

  it("comes from the target without an alert, and is critical when nobody could answer.", () => {
    expect(queueLevel(fakeQueue({ queueId: "q", available: 0 }), undefined, NOON, 0)).toBe("calm");
    expect(queueLevel(waitsSince(20), undefined, NOON, 0)).toBe("calm");
    expect(queueLevel(waitsSince(21), undefined, NOON, 0)).toBe("warning");
    expect(queueLevel(waitsSince(21, null), undefined, NOON, 0)).toBe("warning");
    expect(queueLevel(waitsSince(21, 0), undefined, NOON, 0)).toBe("critical");
  });

  it("is no more than a warning for chats while an agent has a free place for one.", () => {
    const chats = { ...waitsSince(21, 0), channels: { chat: 1 } };
    expect(queueLevel(chats, undefined, NOON, 2)).toBe("warning");
    expect(queueLevel(chats, undefined, NOON, 0)).toBe("critical");
    expect(queueLevel(waitsSince(21, 0), undefined, NOON, 2)).toBe("critical");
  });

  it("takes the graver of a queue's firing alerts, and no resolved one.", () => {
    const about = { subject: { queueId: "q" } };
    const found = severityByQueue([
      fakeAlert({ alertId: "1", ...about, severity: "critical" }),
      fakeAlert({ alertId: "2", ...about }),
      fakeAlert({ alertId: "3", subject: { queueId: "r" }, state: "resolved" }),
      fakeAlert({ alertId: "4", subject: { agentId: "q" } }),
      fakeAlert({ alertId: "5" }),
    ]);
    expect([...found]).toEqual([["q", "critical"]]);
  });
});

describe("The order of the queues", () => {
  const queue = (queueId: string, level: "calm" | "warning" | "critical") => ({ queueId, name: queueId, level });

  it("has the most urgent queues first, and sorts equal ones by name.", () => {
    const order = new QueueOrder();
    const queues = [queue("b", "calm"), queue("a", "calm"), queue("z", "critical"), queue("y", "warning")];
    expect(order.next(queues, NOON, compare)).toEqual(["z", "y", "a", "b"]);
  });

  it("lets a queue rise at once, and sink only after it has been calmer for half a minute.", () => {
    const order = new QueueOrder();
    order.next([queue("a", "calm"), queue("b", "calm")], NOON, compare);
    expect(order.next([queue("a", "calm"), queue("b", "warning")], NOON + 1000, compare)).toEqual(["b", "a"]);
    const calm = [queue("a", "calm"), queue("b", "calm")];
    expect(order.next(calm, NOON + 2000, compare)).toEqual(["b", "a"]);
    expect(order.next(calm, NOON + 31_000, compare)).toEqual(["b", "a"]);
    expect(order.next(calm, NOON + 32_000, compare)).toEqual(["a", "b"]);
  });

  it("begins the half minute again when the queue becomes urgent once more.", () => {
    const order = new QueueOrder();
    const busy = [queue("a", "calm"), queue("b", "warning")];
    const calm = [queue("a", "calm"), queue("b", "calm")];
    order.next(busy, NOON, compare);
    order.next(calm, NOON + 1000, compare);
    order.next(busy, NOON + 20_000, compare);
    order.next(calm, NOON + 21_000, compare);
    expect(order.next(calm, NOON + 40_000, compare)).toEqual(["b", "a"]);
  });

  it("stays while the reader is at the tiles, and a new queue comes last.", () => {
    const order = new QueueOrder();
    order.next([queue("a", "calm"), queue("b", "calm")], NOON, compare);
    const queues = [queue("a", "calm"), queue("b", "critical"), queue("0", "critical")];
    expect(order.next(queues, NOON + 1000, compare, true)).toEqual(["a", "b", "0"]);
    expect(order.next(queues, NOON + 2000, compare)).toEqual(["0", "b", "a"]);
  });

  it("is the same when it is computed twice for the same time.", () => {
    const order = new QueueOrder();
    const queues = [queue("a", "warning"), queue("b", "calm")];
    expect(order.next(queues, NOON, compare)).toEqual(order.next(queues, NOON, compare));
  });
});

describe("The sums", () => {
  it("add up contacts, weigh the service level, and take the first of all who wait.", () => {
    const day = { answered: 0, callbacks: 1, averageAnswerMs: null, longestWaitMs: null };
    const sums = queueSums([
      fakeQueue({
        queueId: "a",
        waiting: 2,
        oldestSince: NOON,
        today: { ...day, queued: 10, abandoned: 1, withinTarget: 9, serviceLevel: 0.9 },
      }),
      fakeQueue({
        queueId: "b",
        waiting: 1,
        oldestSince: NOON - 5,
        today: { ...day, queued: 30, abandoned: 2, withinTarget: 15, serviceLevel: 0.5 },
      }),
      fakeQueue({ queueId: "c" }),
    ]);
    expect(sums).toMatchObject({ queues: 3, waiting: 3, oldestSince: NOON - 5, queued: 40, abandoned: 3, callbacks: 2 });
    expect(sums.serviceLevel).toBeCloseTo(24 / 40);
  });

  it("count a queue where nobody was answered in time, and have no level before the first contact.", () => {
    const none = { callbacks: 0, averageAnswerMs: null, longestWaitMs: null, withinTarget: 0 };
    const late = fakeQueue({ queueId: "a", today: { ...none, queued: 4, answered: 3, abandoned: 1, serviceLevel: 0 } });
    const good = fakeQueue({
      queueId: "b",
      today: { ...none, queued: 4, answered: 4, abandoned: 0, withinTarget: 4, serviceLevel: 1 },
    });
    expect(queueSums([late, good]).serviceLevel).toBe(0.5);
    expect(queueSums([fakeQueue({ queueId: "c" })]).serviceLevel).toBeNull();
  });
});

describe("The agents of a queue", () => {
  const queue = fakeQueue({ queueId: "q", name: "Ventas", profiles: ["P"] });

  it("are those whose routing profile serves it, and those with a contact of it.", () => {
    expect(worksFor(anAgent({ routingProfile: "P" }), "Ventas", ["P"])).toBe(true);
    expect(worksFor(anAgent({ queue: "Ventas" }), "Ventas", undefined)).toBe(true);
    expect(worksFor(anAgent({ routingProfile: "R", queue: "Soporte" }), "Ventas", ["P"])).toBe(false);
    const chat = { contactId: "c", channel: "chat", status: "on a contact", since: NOON, startedAt: NOON } as const;
    const second = anAgent({ contacts: [{ ...chat, queue: "Ventas", direction: null, sentimentScore: null }] });
    expect(worksFor(second, "Ventas", [])).toBe(true);
  });

  it("are grouped by status with the available ones first, and without those who are offline.", () => {
    const agents = [
      anAgent({ agentId: "1", name: "Zoe", routingProfile: "P" }),
      anAgent({ agentId: "2", name: "Ana", routingProfile: "P" }),
      anAgent({ agentId: "3", routingProfile: "P", status: "on a call" }),
      anAgent({ agentId: "4", routingProfile: "P", status: "offline" }),
      anAgent({ agentId: "5", routingProfile: "R" }),
    ];
    const groups = staffOf(queue, agents, compare);
    expect(groups.map(({ status, agents: of }) => [status, of.map(({ agentId }) => agentId)])).toEqual([
      ["available", ["2", "1"]],
      ["on a call", ["3"]],
    ]);
  });

  it("have free places for chats unless they are away or silent.", () => {
    const chats = (used: number, max: number) => [{ channel: "chat" as const, used, max }];
    const places = placesByProfile(
      [
        anAgent({ routingProfile: "P", capacity: chats(1, 4) }),
        anAgent({ routingProfile: "P", capacity: chats(0, 3), status: "away" }),
        anAgent({ routingProfile: "P", capacity: chats(0, 3), stale: true }),
        anAgent({ routingProfile: "P", capacity: chats(3, 2) }),
        anAgent({ routingProfile: "P", capacity: chats(0, 9), status: "offline" }),
        anAgent({ routingProfile: "R", capacity: chats(0, 1) }),
      ],
      "chat",
    );
    expect(placesOf(["P", "unknown"], places)).toEqual({ free: 3, max: 12 });
  });

  it("decide which queues are those of their teams.", () => {
    const queues = [
      fakeQueue({ queueId: "a", name: "A", profiles: ["P"] }),
      fakeQueue({ queueId: "b", name: "B", profiles: ["R"] }),
      fakeQueue({ queueId: "c", name: "C", profiles: ["R"] }),
      fakeQueue({ queueId: "d", name: "D" }),
    ];
    const agents = [anAgent({ routingProfile: "P" }), anAgent({ queue: "B" })];
    expect(queuesOf(queues, agents).map(({ queueId }) => queueId)).toEqual(["a", "b", "d"]);
  });

  it("show which queues have chats.", () => {
    const contact = { contactId: "c", channel: "chat", status: "on hold", since: 0, startedAt: 0, direction: null } as const;
    const agent = anAgent({ contacts: [{ ...contact, queue: "Web", sentimentScore: null }] });
    const waiting = fakeQueue({ queueId: "a", name: "App", channels: { chat: 2 } });
    expect([...chatQueues([waiting, fakeQueue({ queueId: "b", channels: { voice: 3 } })], [agent])]).toEqual(["App", "Web"]);
  });
});

describe("The last hours", () => {
  const QUARTER = 900_000;
  const start = Math.floor(NOON / QUARTER) * QUARTER;

  it("have an empty quarter where the hub left one out, up to the present one.", () => {
    const shown = wholeHours([quarter(start, 4), quarter(start + 2 * QUARTER, 1)], start + 17 * QUARTER + 5);
    expect(shown.map(({ queued }) => queued)).toEqual([4, 0, 1, ...Array<number>(15).fill(0)]);
    expect(wholeHours([], NOON)).toEqual([]);
  });

  it("are at least four hours.", () => {
    const shown = wholeHours([quarter(start, 4)], start);
    expect(shown).toHaveLength(16);
    expect(shown.at(-1)).toEqual(quarter(start, 4));
  });

  it("are bars whose highest one fills the plot, with the abandoned contacts inside.", () => {
    const bars = quarterBars([quarter(start, 10, 5), quarter(start + QUARTER, 0)], 100, 50);
    expect(bars.map(({ x, width, height, abandonedHeight }) => [x, width, height, abandonedHeight])).toEqual([
      [5, 40, 50, 25],
      [55, 40, 0, 0],
    ]);
  });
});
