import { describe, expect, test } from "vitest";
import { type EventPattern, matchesPattern } from "../../../local/aws/event-bridge-pattern.ts";

/** The rules are those of Event Ruler's README ("And and Or relationship among fields with Ruler", read 2026-11-26). */
describe("A choice under $or", () => {
  const cloudWatch: EventPattern = {
    source: ["aws.cloudwatch"],
    $or: [
      { metricName: ["CPUUtilization", "ReadLatency"] },
      { metricType: ["MetricType"], namespace: ["AWS/EC2", "AWS/ES"] },
      { scope: ["Service"] },
    ],
  };

  test.each([
    ["its first pattern", { metricName: "ReadLatency" }, true],
    ["both fields of its second pattern", { metricType: "MetricType", namespace: "AWS/ES" }, true],
    ["its last pattern", { scope: "Service" }, true],
    ["all of its patterns", { metricName: "ReadLatency", metricType: "MetricType", namespace: "AWS/ES", scope: "Service" }, true],
    ["half of its second pattern", { metricType: "MetricType" }, false],
    ["none of its patterns", { metricName: "DiskReads" }, false],
  ])("decides for an event that has %s.", (_, fields, matches) => {
    expect(matchesPattern(cloudWatch, { source: "aws.cloudwatch", ...fields })).toBe(matches);
  });

  test("needs the fields beside it, too.", () => {
    expect(matchesPattern(cloudWatch, { source: "aws.ec2", scope: "Service" })).toBe(false);
    expect(matchesPattern(cloudWatch, { scope: "Service" })).toBe(false);
  });

  test("is about the fields beside it when it stands in an inner pattern.", () => {
    const inner: EventPattern = {
      $or: [{ metricName: ["CPU"] }, { namespace: ["AWS/EC2"] }],
      detail: { $or: [{ source: ["aws.cloudwatch"] }, { "detail-type": ["Alarm"] }] },
    };
    expect(matchesPattern(inner, { namespace: "AWS/EC2", detail: { "detail-type": "Alarm" } })).toBe(true);
    expect(matchesPattern(inner, { namespace: "AWS/EC2", "detail-type": "Alarm", detail: {} })).toBe(false);
    expect(matchesPattern(inner, { detail: { source: "aws.cloudwatch", namespace: "AWS/EC2" } })).toBe(false);
  });

  test("may hold another choice.", () => {
    const nested: EventPattern = { $or: [{ a: [1] }, { b: [2], $or: [{ c: [3] }, { d: [4] }] }] };
    expect(matchesPattern(nested, { a: 1 })).toBe(true);
    expect(matchesPattern(nested, { b: 2, d: 4 })).toBe(true);
    expect(matchesPattern(nested, { b: 2 })).toBe(false);
    expect(matchesPattern(nested, { c: 3, d: 4 })).toBe(false);
  });

  test("may use conditions within its patterns.", () => {
    const pattern: EventPattern = { $or: [{ type: [{ prefix: "QUE" }] }, { due: [{ exists: true }] }] };
    expect(matchesPattern(pattern, { type: "QUEUED" })).toBe(true);
    expect(matchesPattern(pattern, { type: "INITIATED", due: "soon" })).toBe(true);
    expect(matchesPattern(pattern, { type: "INITIATED" })).toBe(false);
  });
});

test.each<[string, EventPattern]>([
  ["one pattern", { $or: [{ a: [1] }] }],
  ["values", { $or: ["a", "b"] }],
  ["conditions", { $or: [{ prefix: "a" }, { suffix: "b" }] }],
  ["a pattern of inner fields", { $or: { a: [1] } }],
])("With %s, $or is the name of a field like any other.", (_, pattern) => {
  expect(matchesPattern(pattern, { a: 1 })).toBe(false);
  expect(matchesPattern(pattern, { a: 1, $or: "c" })).toBe(false);
});

test("A field with the name $or is matched as EventBridge matched it before it had choices.", () => {
  expect(matchesPattern({ $or: { a: [1] } }, { $or: { a: 1 } })).toBe(true);
  expect(matchesPattern({ $or: [{ prefix: "Que" }, { suffix: "b" }] }, { $or: "Queue" })).toBe(true);
});
