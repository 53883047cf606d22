import { describe, expect, test } from "vitest";
import { isRuleEvent, readRuleEvent } from "../../../aws-ingest/connect/rule-event.ts";

const ARN = "arn:aws:connect:us-east-1:111122223333:instance/i1";
/** The fields that the AWS CDK lists (@aws-cdk/mixins-preview, ContactLensRealtimeRulesMatched, 2026-11). */
const CONTACT_LENS = {
  version: "0",
  source: "aws.connect",
  "detail-type": "Contact Lens Realtime Rules Matched",
  time: "2026-11-25T20:00:00Z",
  detail: {
    version: "1.0",
    ruleName: "Cliente enojado",
    actionName: "Cliente enojado event",
    instanceArn: ARN,
    contactArn: `${ARN}/contact/c1`,
    agentArn: `${ARN}/agent/a1`,
    queueArn: `${ARN}/queue/q1`,
  },
};
const METRICS = {
  ...CONTACT_LENS,
  "detail-type": "Metrics Rules Matched",
  detail: {
    ruleName: "QUEUE_WAIT_TOO_LONG",
    instanceArn: ARN,
    matched: { queues: [{ queueArn: `${ARN}/queue/q1` }, { queueArn: `${ARN}/queue/q2` }], agents: [`${ARN}/agent/a1`] },
  },
};
const NONE = { contactId: null, agentId: null, queueId: null };
const value = (event: unknown) => {
  const reading = readRuleEvent(event, "i1");
  return reading.outcome === "read" ? reading.value : reading;
};

describe("An event of a rule of Amazon Connect", () => {
  test("RAI-1 One of Contact Lens is about its contact, and names the agent.", () => {
    expect(value(CONTACT_LENS)).toEqual([
      {
        type: "alert.raised",
        ruleName: "Cliente enojado",
        severity: "warning",
        contactId: "c1",
        agentId: "a1",
        queueId: null,
        occurredAt: Date.parse("2026-11-25T20:00:00Z"),
      },
    ]);
  });

  test("RAI-1 One on metrics is about every agent and queue that it names anywhere, or about the whole center.", () => {
    expect(value(METRICS)).toMatchObject([
      { ...NONE, agentId: "a1" },
      { ...NONE, queueId: "q1" },
      { ...NONE, queueId: "q2" },
    ]);
    expect(value({ ...METRICS, detail: { ...METRICS.detail, matched: null } })).toMatchObject([NONE]);
    const many = Array.from({ length: 100 }, (_, n) => `${ARN}/queue/q${n}`);
    expect(value({ ...METRICS, detail: { ...METRICS.detail, matched: many } })).toHaveLength(20);
    const foreign = [`${ARN}2/queue/q9`, "arn:aws:s3:::bucket/queue/q9"];
    expect(value({ ...METRICS, detail: { ...METRICS.detail, matched: foreign } })).toMatchObject([NONE]);
  });

  test("RAI-1 One of another instance is passed over, and a wrong one is named by its place.", () => {
    expect(readRuleEvent(CONTACT_LENS, "i2")).toMatchObject({ outcome: "not-mine", kind: "another-instance" });
    const wrong = (detail: object, rest: object = {}) =>
      readRuleEvent({ ...CONTACT_LENS, detail: { ...CONTACT_LENS.detail, ...detail }, ...rest }, "i1");
    expect(wrong({ ruleName: 7 })).toMatchObject({ reason: "detail.ruleName is missing or wrong" });
    expect(wrong({ instanceArn: null })).toMatchObject({ reason: "detail.instanceArn is missing or wrong" });
    expect(wrong({}, { time: "yesterday" })).toMatchObject({ reason: "time is missing or wrong" });
    expect(wrong({}, { detail: [] })).toMatchObject({ reason: "detail is missing or wrong" });
    expect([
      isRuleEvent(CONTACT_LENS),
      isRuleEvent(METRICS),
      isRuleEvent({ "detail-type": "Amazon Connect Contact Event" }),
    ]).toEqual([true, true, false]);
  });
});
