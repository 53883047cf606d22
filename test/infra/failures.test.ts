import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { entriesOf, environmentOf, functionOf, ofType, synthesise } from "./synthesised.ts";

const template = synthesise({ contactLens: { mode: "managed" } });
const failed = ofType(template, "AWS::SQS::Queue").find(({ id }) => id.includes("Failed"))?.id;
const FAILED = `<${failed}.Arn>`;

describe("Failures", () => {
  test.each([
    ["agent-events", "AgentEvents"],
    ["contact-lens", "ContactLens"],
  ])(
    "A batch of %s is tried again by time and not by count, a crash is isolated, and a dropped record is noted.",
    (entry, name) => {
      const source = ofType(template, "AWS::Lambda::EventSourceMapping").find(
        ({ properties }) => properties["FunctionName"] === `<${functionOf(template, entry).id}>`,
      );
      expect(source?.id).toContain(name);
      expect(source?.properties).toMatchObject({
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        DestinationConfig: { OnFailure: { Destination: FAILED } },
      });
      const { MaximumRetryAttempts, MaximumRecordAgeInSeconds } = Object(source?.properties);
      // Left out, AWS sets no limit.
      expect(MaximumRetryAttempts).toBeUndefined();
      expect(MaximumRecordAgeInSeconds).toBe(entry === "agent-events" ? 12 * 3600 : 15 * 60);
    },
  );

  const asynchronous = (entry: string) =>
    ofType(template, "AWS::Lambda::EventInvokeConfig").find(
      ({ properties }) => properties["FunctionName"] === `<${functionOf(template, entry).id}>`,
    )?.properties;

  test("Lambda repeats the transcription of a call twice, each time as long as one may run, and it notes a lost one.", () => {
    expect(asynchronous("transcriber")).toMatchObject({
      MaximumRetryAttempts: 2,
      // Three runs of 15 minutes, and one and two minutes between them, are 48 minutes.
      MaximumEventAgeInSeconds: 3600,
      DestinationConfig: { OnFailure: { Destination: FAILED } },
    });
  });

  test("Lambda does not repeat a reconciliation, it repeats the end of a call twice, and it notes failures of both.", () => {
    expect(asynchronous("reconcile")).toMatchObject({
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: FAILED } },
    });
    expect(asynchronous("contact-events")).toMatchObject({
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: FAILED } },
    });
  });

  test("The watchdog runs each minute, never twice at once, and is told where the lost calls are.", () => {
    const watchdog = functionOf(template, "watchdog");
    expect(watchdog.properties["Timeout"]).toBeLessThan(60);
    const rules = ofType(template, "AWS::Events::Rule").filter(({ properties }) =>
      JSON.stringify(properties["Targets"]).includes(watchdog.id),
    );
    expect(rules.map(({ properties }) => properties["ScheduleExpression"])).toEqual(["rate(1 minute)"]);
    const { Variables } = Object(watchdog.properties["Environment"]);
    expect(Variables).toMatchObject({
      TRANSCRIBER_FUNCTION: `<${functionOf(template, "transcriber").id}>`,
      CONTINUE_FUNCTION: `<${functionOf(template, "transcriber-continue").id}>`,
      MAX_CALLS: "25",
      FAILED_QUEUE_URL: `<${failed}>`,
      STREAM_KEPT_HOURS: "24",
    });
    const bucket = Object(functionOf(template, "transcriber").properties["Environment"]).Variables.CHECKPOINTS_BUCKET;
    expect([Variables.CHECKPOINTS_BUCKET, bucket]).toEqual([bucket, expect.stringContaining("Checkpoints")]);
  });

  test("Checkpoints are encrypted, closed, gone after a day, and there without recordings too.", () => {
    const made = synthesise({ recording: { mode: "off" } });
    const buckets = ofType(made, "AWS::S3::Bucket");
    expect(buckets.map(({ id }) => id)).toEqual([expect.stringContaining("Checkpoints")]);
    expect(buckets[0]?.properties).toMatchObject({
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 1, Status: "Enabled" }] },
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
  });

  test("Without audio there are no checkpoints, no watchdog, and no marks.", () => {
    const made = synthesise({ media: { mode: "off" }, recording: { mode: "off" }, flow: { mode: "off" } });
    expect(ofType(made, "AWS::S3::Bucket")).toEqual([]);
    expect(entriesOf(made)).not.toContain("watchdog");
    expect(Object(functionOf(made, "contact-events").properties["Environment"]).Variables.CHECKPOINTS_BUCKET).toBe("");
  });

  test("Only the two transcribers may call themselves, and Lambda stops every other loop.", () => {
    for (const entry of entriesOf(template)) {
      const loop = functionOf(template, entry).properties["RecursiveLoop"];
      expect([entry, loop]).toEqual([entry, entry.startsWith("transcriber") ? "Allow" : "Terminate"]);
    }
  });

  test("New calls and running calls have reserved concurrency of their own, and null removes both and the limit of calls.", () => {
    const reserved = (calls: number | null) => {
      const made = synthesise({ maxConcurrentCalls: calls });
      return ["transcriber", "transcriber-continue"].map((entry) => {
        const { properties } = functionOf(made, entry);
        return [properties["ReservedConcurrentExecutions"], environmentOf(functionOf(made, entry))["MAX_CALLS"]];
      });
    };
    expect(reserved(25)).toEqual([
      [38, "25"],
      [28, "25"],
    ]);
    expect(reserved(1)).toEqual([
      [2, "1"],
      [2, "1"],
    ]);
    expect(reserved(null)).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  test("New calls hand over to the function for running calls, which hands over to itself.", () => {
    const next = (entry: string) => environmentOf(functionOf(template, entry))["CONTINUE_FUNCTION"];
    expect(next("transcriber")).toBe(`<${functionOf(template, "transcriber-continue").id}>`);
    expect(next("transcriber-continue")).toBeUndefined();
    const invokes = ofType(template, "AWS::Lambda::EventInvokeConfig").map(({ properties }) => properties);
    for (const entry of ["transcriber", "transcriber-continue"])
      expect(invokes).toContainEqual(
        expect.objectContaining({
          FunctionName: `<${functionOf(template, entry).id}>`,
          MaximumRetryAttempts: 2,
          MaximumEventAgeInSeconds: 3600,
        }),
      );
  });

  test("The trigger ends before Amazon Connect stops waiting, and the transcriber hands over before its timeout.", () => {
    expect(functionOf(template, "trigger").properties["Timeout"]).toBeLessThanOrEqual(8);
    const transcriber = functionOf(template, "transcriber").properties;
    const handOver = Number(Object(transcriber["Environment"]).Variables.HANDOVER_AFTER_SECONDS);
    expect(Number(transcriber["Timeout"]) - handOver).toBeGreaterThanOrEqual(60);
  });

  test.each([1, 5, 60])("Two reconciliations never run at once with a schedule of %i minutes.", (minutes) => {
    const made = synthesise({ reconcileMinutes: minutes });
    expect(functionOf(made, "reconcile").properties["Timeout"]).toBeLessThan(minutes * 60);
  });

  test("EventBridge notes the events that it could not deliver.", () => {
    for (const { properties } of ofType(template, "AWS::Events::Rule")) {
      const targets = v.parse(v.array(v.looseObject({})), properties["Targets"]);
      for (const target of targets) expect(target).toMatchObject({ DeadLetterConfig: { Arn: FAILED } });
    }
  });

  test("The rule for contact events matches only events of this instance about a queue or an end.", () => {
    const patterns = ofType(template, "AWS::Events::Rule").flatMap(({ properties }) => properties["EventPattern"] ?? []);
    expect(patterns).toEqual([
      {
        source: ["aws.connect"],
        "detail-type": ["Amazon Connect Contact Event"],
        detail: {
          instanceArn: ["arn:aws:connect:us-east-1:111122223333:instance/a8c17f30-f72c-4900-abd2-8745056c4c99"],
          $or: [
            { eventType: ["QUEUED", "CONNECTED_TO_AGENT", "DISCONNECTED", "COMPLETED", "PAUSED", "RESUMED"] },
            { eventType: ["INITIATED"], initiationMethod: ["CALLBACK", "QUEUE_TRANSFER", "TRANSFER"] },
          ],
        },
      },
    ]);
  });
});

describe("Alarms", () => {
  const alarms = ofType(template, "AWS::CloudWatch::Alarm").map(({ properties }) => Object(properties));
  const watches = (metric: string, dimension?: string) =>
    alarms.some(
      (alarm) =>
        JSON.stringify([alarm.MetricName ?? "", alarm.Metrics ?? ""]).includes(metric) &&
        (dimension === undefined || JSON.stringify(alarm.Dimensions).includes(dimension)),
    );

  test("Every alarm goes to the topic, and the topic to the e-mail address.", () => {
    const [topic] = ofType(template, "AWS::SNS::Topic");
    for (const alarm of alarms) expect(alarm.AlarmActions).toEqual([`<${topic?.id}>`]);
    expect(ofType(template, "AWS::SNS::Subscription").map(({ properties }) => properties)).toEqual([
      expect.objectContaining({ Protocol: "email", Endpoint: "oncall@example.com", TopicArn: `<${topic?.id}>` }),
    ]);
  });

  test.each(entriesOf(template))("Errors and throttling of %s raise an alarm.", (entry) => {
    const id = functionOf(template, entry).id;
    expect([watches("Errors", id), watches("Throttles", id)]).toEqual([true, true]);
  });

  test("CloudWatch may publish the alarms of this account, because the topic's own policy replaces the default one.", () => {
    const policy = v.parse(
      v.looseObject({ PolicyDocument: v.looseObject({ Statement: v.array(v.record(v.string(), v.unknown())) }) }),
      ofType(template, "AWS::SNS::TopicPolicy")[0]?.properties,
    );
    expect(policy.PolicyDocument.Statement.filter(({ Effect }) => Effect === "Allow")).toEqual([
      expect.objectContaining({
        Action: "sns:Publish",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Condition: {
          StringEquals: { "aws:SourceAccount": "111122223333" },
          ArnLike: { "aws:SourceArn": expect.stringMatching(/:cloudwatch:us-east-1:111122223333:alarm:\*$/) },
        },
      }),
    ]);
  });

  test("Late streams, dead letters, late audio, refused posts and records, and calls without a turn raise an alarm.", () => {
    for (const entry of ["agent-events", "contact-lens"])
      expect(watches("IteratorAge", functionOf(template, entry).id)).toBe(true);
    for (const { id } of ofType(template, "AWS::SQS::Queue")) {
      expect(watches("ApproximateNumberOfMessagesVisible", `<${id}.QueueName>`)).toBe(true);
    }
    for (const metric of ["MillisBehindLive", "CallsWithoutTurn", "PostsRefused", "RecordsRefused", "RecordsUnknown"])
      expect(watches(metric)).toBe(true);
  });

  test("Every alarm says what happened, with the metric, the limit and the chapter of the runbook.", () => {
    const form = /^[A-Z][\w, -]+ \([\w -]+ > \d+\)\. What to do: docs\/operate\.md#[a-z-]+$/;
    for (const alarm of alarms) expect(alarm.AlarmDescription).toMatch(form);
    const texts = alarms.map((alarm) => alarm.AlarmDescription);
    expect(texts).toContain(
      "A call ended without one transcribed sentence (transcriber CallsWithoutTurn > 0). What to do: docs/operate.md#calls-are-not-transcribed",
    );
    expect(new Set(texts).size).toBe(texts.length);
  });

  test("A metric without data raises no alarm.", () => {
    for (const alarm of alarms) expect(alarm.TreatMissingData).toBe("notBreaching");
  });
});
