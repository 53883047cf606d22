import { afterEach, describe, expect, test, vi } from "vitest";
import { type BusEvent, type EventRule, type LocalEventBridge, startEventBridge } from "../../../local/aws/event-bridge.ts";
import { type EventPattern, matchesPattern } from "../../../local/aws/event-bridge-pattern.ts";
import { createRandom } from "../../../local/simulator/random.ts";

const instanceArn = "arn:aws:connect:us-east-1:111122223333:instance/a8c17f30-f72c-4900-abd2-8745056c4c99";

function contactEvent(eventType: string, contactId = "c-1"): BusEvent {
  return {
    source: "aws.connect",
    "detail-type": "Amazon Connect Contact Event",
    detail: { eventType, contactId, instanceArn },
    time: Date.UTC(2024, 3, 29, 4, 5, 33, 250),
  };
}

const rule: EventRule = {
  name: "contacts",
  functionName: "contact-events",
  pattern: { source: ["aws.connect"], detail: { instanceArn: [instanceArn], eventType: ["DISCONNECTED", "COMPLETED"] } },
};

let bus: LocalEventBridge | null = null;

function start(rules: EventRule[]) {
  const invoked: [string, unknown][] = [];
  bus = startEventBridge({ rules, invokeLater: (name, event) => void invoked.push([name, event]) });
  return { bus, invoked };
}

afterEach(() => {
  bus?.close();
  vi.useRealTimers();
});

describe("A rule", () => {
  test("invokes its function with each matching event and its envelope.", () => {
    const { bus: local, invoked } = start([rule]);
    expect(local.putEvent(contactEvent("DISCONNECTED"))).toEqual(["contacts"]);
    expect(local.putEvent(contactEvent("QUEUED"))).toEqual([]);
    expect(invoked).toMatchObject([
      [
        "contact-events",
        {
          version: "0",
          source: "aws.connect",
          "detail-type": "Amazon Connect Contact Event",
          time: "2024-04-29T04:05:33Z",
          account: "111122223333",
          region: "us-east-1",
          detail: { eventType: "DISCONNECTED" },
        },
      ],
    ]);
  });

  test("with a schedule invokes its function at each interval until the bus closes.", () => {
    vi.useFakeTimers();
    const { bus: local, invoked } = start([{ name: "every-minute", functionName: "reconcile", everyMs: 60_000 }]);
    vi.advanceTimersByTime(180_000);
    expect(invoked).toHaveLength(3);
    expect(invoked[0]).toMatchObject(["reconcile", { source: "aws.events", "detail-type": "Scheduled Event" }]);
    local.close();
    vi.advanceTimersByTime(180_000);
    expect(invoked).toHaveLength(3);
  });

  test("with an input passes that input instead of the event.", () => {
    const { bus: local, invoked } = start([{ ...rule, input: { once: true } }]);
    local.putEvent(contactEvent("COMPLETED"));
    expect(invoked).toEqual([["contact-events", { once: true }]]);
  });
});

describe("The bus", () => {
  const ids = (invoked: [string, unknown][]) =>
    invoked.map(([, event]) => /"contactId":"(c-\d)"/.exec(JSON.stringify(event))?.[1]);

  test("loses one event and delivers another twice when a test orders it.", () => {
    const { bus: local, invoked } = start([rule]);
    local.faults.drop = 1;
    local.faults.repeat = 1;
    for (const id of ["c-1", "c-2", "c-3"]) local.putEvent(contactEvent("COMPLETED", id));
    expect(ids(invoked)).toEqual(["c-2", "c-2", "c-3"]);
  });

  test("delivers late and out of order when a test orders it.", () => {
    vi.useFakeTimers();
    const { bus: local, invoked } = start([rule]);
    local.faults.delayMs = 1000;
    local.putEvent(contactEvent("COMPLETED", "c-1"));
    local.faults.delayMs = 0;
    local.putEvent(contactEvent("COMPLETED", "c-2"));
    vi.advanceTimersByTime(1000);
    expect(ids(invoked)).toEqual(["c-2", "c-1"]);
  });

  test("refuses an event above 256 KB.", () => {
    const { bus: local } = start([rule]);
    expect(() => local.putEvent({ ...contactEvent("COMPLETED"), detail: { text: "x".repeat(256 * 1024) } })).toThrow(RangeError);
  });
});

test.each<[boolean, string, EventPattern]>([
  [true, "the prefix of a value", { detail: { name: [{ prefix: "ana" }] } }],
  [false, "another prefix than the value's", { detail: { name: [{ prefix: "beto" }] } }],
  [true, "the suffix of a value", { detail: { name: [{ suffix: "ríos" }] } }],
  [true, "a value in another case", { detail: { name: [{ "equals-ignore-case": "ANA RÍOS" }] } }],
  [false, "a value that anything-but excludes", { detail: { name: [{ "anything-but": ["ana ríos"] }] } }],
  [true, "a value that anything-but allows", { detail: { name: [{ "anything-but": "beto" }] } }],
  [true, "a missing field that must be missing", { detail: { queue: [{ exists: false }] } }],
  [false, "a present field that must be missing", { detail: { name: [{ exists: false }] } }],
  [true, "an entry of a list", { resources: ["b"] }],
  [false, "a value that is not in a list", { resources: ["c"] }],
  [true, "a null value", { detail: { agent: [null] } }],
  [true, "a value that meets one of two conditions", { detail: { name: ["beto", { prefix: "ana" }] } }],
  [false, "a field inside a missing field", { other: { name: ["ana"] } }],
])("matchesPattern returns %s for %s.", (matches, _, pattern) => {
  expect(matchesPattern(pattern, { resources: ["a", "b"], detail: { name: "ana ríos", agent: null } })).toBe(matches);
});

describe("The bus under conditions of chance", () => {
  const EVENTS = 2_000;
  const CONDITIONS = { lost: 0.05, repeated: 0.02, delayMs: [50, 1_500], late: 0.01, lateMs: [20_000, 30_000] } as const;

  /** Puts one event each 100 ms. Returns the numbers of the events as the function got them, with the delays. */
  function deliverAll(seed: string): { number: number; delayMs: number }[] {
    vi.useFakeTimers();
    const got: { number: number; delayMs: number }[] = [];
    const begin = Date.now();
    const local = startEventBridge({
      rules: [rule, { name: "tick", functionName: "watchdog", everyMs: 10_000 }],
      invokeLater: (_, event) => {
        const number = Number(/"contactId":"c-(\d+)"/.exec(JSON.stringify(event))?.[1] ?? -1);
        got.push({ number, delayMs: Date.now() - begin - number * 100 });
      },
    });
    local.faults.conditions = { ...CONDITIONS, random: createRandom(seed).next };
    for (let number = 0; number < EVENTS; number += 1) {
      local.putEvent(contactEvent("COMPLETED", `c-${number}`));
      vi.advanceTimersByTime(100);
    }
    vi.advanceTimersByTime(30_000);
    local.close();
    vi.useRealTimers();
    return got;
  }
  const numbersOf = (got: { number: number }[]) => got.flatMap(({ number }) => (number < 0 ? [] : [number]));

  test("loses, repeats, delays and shuffles about as many events as it was told, and no scheduled one.", () => {
    const got = deliverAll("a");
    const numbers = numbersOf(got);
    const different = new Set(numbers);
    expect(got.length - numbers.length).toBe((EVENTS * 100 + 30_000) / 10_000);
    expect(EVENTS - different.size).toBeGreaterThan(EVENTS * 0.035);
    expect(EVENTS - different.size).toBeLessThan(EVENTS * 0.065);
    expect(numbers.length - different.size).toBeGreaterThan(EVENTS * 0.01);
    expect(numbers.length - different.size).toBeLessThan(EVENTS * 0.03);
    const late = got.filter(({ number, delayMs }) => number >= 0 && delayMs > 10_000).length;
    expect(late).toBeGreaterThan(EVENTS * 0.004);
    expect(late).toBeLessThan(EVENTS * 0.02);
    expect(numbers.filter((number, index) => number < (numbers[index - 1] ?? 0)).length).toBeGreaterThan(EVENTS * 0.2);
  });

  test("makes the same faults for the same seed and others for another seed.", () => {
    const first = deliverAll("a");
    expect(deliverAll("a")).toEqual(first);
    expect(numbersOf(deliverAll("b"))).not.toEqual(numbersOf(first));
  });
});
