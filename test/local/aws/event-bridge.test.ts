import { afterEach, describe, expect, test, vi } from "vitest";
import { type BusEvent, type EventRule, type LocalEventBridge, startEventBridge } from "../../../local/aws/event-bridge.ts";
import { type EventPattern, matchesPattern } from "../../../local/aws/event-bridge-pattern.ts";

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
