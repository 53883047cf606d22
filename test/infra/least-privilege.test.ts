import { describe, expect, test } from "vitest";
import { entriesOf, functionOf, ofType, rightsOf, type Statement, statementsOf, synthesise } from "./synthesised.ts";

const EVERYTHING = { contactLens: { mode: "managed" } };
const template = synthesise(EVERYTHING);
const INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/a8c17f30-f72c-4900-abd2-8745056c4c99";

/** The two functions of the transcriber's code. */
const TRANSCRIBERS = ["transcriber", "transcriber-continue"];

/** Returns the resources on which the role of `entry` has `action`. */
const on = (entry: string, action: string, rights: Statement[] = rightsOf(template, entry)): string[] =>
  rights.filter(({ actions }) => actions.includes(action)).flatMap(({ resources }) => resources);
const idOf = (type: string, part: string): string => {
  const found = ofType(template, type).find(({ id }) => id.includes(part));
  if (found === undefined) throw new Error(`The template has no ${type} whose id contains ${part}.`);
  return found.id;
};
const key = `<${idOf("AWS::KMS::Key", "Key")}.Arn>`;

describe("Rights", () => {
  test("The stack has every function of the ingest.", () => {
    expect(entriesOf(template).toSorted()).toEqual([
      "agent-events",
      "contact-events",
      "contact-lens",
      "queues",
      "reconcile",
      "transcriber",
      "transcriber-continue",
      "trigger",
      "watchdog",
    ]);
  });

  test.each(entriesOf(template))(
    "The role of %s has no managed policy, no action pattern, and no needless wildcard resource.",
    (entry) => {
      for (const role of ofType(template, "AWS::IAM::Role")) expect(role.properties).not.toHaveProperty("ManagedPolicyArns");
      for (const { effect, actions, resources } of rightsOf(template, entry)) {
        expect(effect).toBe("Allow");
        for (const action of actions) expect(action).not.toContain("*");
        if (resources.includes("*")) {
          // These three actions have no resource that a policy could name.
          expect(actions.toSorted()).toEqual([
            "comprehend:DetectSentiment",
            "transcribe:StartCallAnalyticsStreamTranscription",
            "transcribe:StartStreamTranscription",
          ]);
          expect(TRANSCRIBERS).toContain(entry);
        }
      }
    },
  );

  test.each(entriesOf(template))("The function %s writes to its own log group and to no other.", (entry) => {
    const { LogGroup } = Object(functionOf(template, entry).properties["LoggingConfig"]);
    expect(on(entry, "logs:PutLogEvents")).toEqual([LogGroup.replace(">", ".Arn>")]);
  });

  test("The trigger may start the transcriber, count the places, sign posts and write its log, and nothing else.", () => {
    expect(on("trigger", "lambda:InvokeFunction")).toEqual([`<${functionOf(template, "transcriber").id}.Arn>`]);
    const actions = rightsOf(template, "trigger").flatMap((right) => right.actions);
    expect(actions.toSorted()).toEqual([
      "lambda:InvokeFunction",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "s3:ListBucket",
      "secretsmanager:GetSecretValue",
    ]);
    const lists = rightsOf(template, "trigger").filter(({ actions }) => actions.includes("s3:ListBucket"));
    const prefix = { "s3:prefix": "places/a8c17f30-f72c-4900-abd2-8745056c4c99/" };
    expect(lists.map(({ condition }) => condition)).toEqual([{ StringEquals: prefix }]);
  });

  test("Only contact-lens may ask for the turns of contacts, and only for those of this instance.", () => {
    for (const action of ["connect:ListRealtimeContactAnalysisSegments", "connect:ListRealtimeContactAnalysisSegmentsV2"]) {
      expect(on("contact-lens", action)).toEqual([INSTANCE, `${INSTANCE}/contact/*`]);
      for (const entry of entriesOf(template).filter((name) => name !== "contact-lens")) expect(on(entry, action)).toEqual([]);
    }
  });

  test("Only contact flows of this instance may call the trigger.", () => {
    const permissions = ofType(template, "AWS::Lambda::Permission").filter(({ properties }) =>
      String(properties["FunctionName"]).includes(functionOf(template, "trigger").id),
    );
    expect(permissions.map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        Action: "lambda:InvokeFunction",
        Principal: "connect.amazonaws.com",
        SourceArn: INSTANCE,
        SourceAccount: "111122223333",
      }),
    ]);
  });

  test.each(TRANSCRIBERS)("The function %s reads only the audio of this instance.", (entry) => {
    const streams = "arn:aws:kinesisvideo:us-east-1:111122223333:stream/vigia-connect-example-contact-center-contact-*/*";
    expect(on(entry, "kinesisvideo:GetMedia")).toEqual([streams]);
    expect(on(entry, "kinesisvideo:GetDataEndpoint")).toEqual([streams]);
    expect(on(entry, "kms:Decrypt")).toContain(key);
  });

  test("A running call can start only the function for running calls, and a new call also the one that it waits in.", () => {
    const [newCalls, runningCalls] = TRANSCRIBERS.map((entry) => `<${functionOf(template, entry).id}.Arn>`);
    expect(on("transcriber", "lambda:InvokeFunction").toSorted()).toEqual([newCalls, runningCalls].toSorted());
    expect(on("transcriber-continue", "lambda:InvokeFunction")).toEqual([runningCalls]);
  });

  test.each(TRANSCRIBERS)("The function %s may add recordings, and may not read or delete them.", (entry) => {
    const bucket = idOf("AWS::S3::Bucket", "RecordingsBucket");
    const rights = rightsOf(template, entry).filter(({ resources }) => resources.some((arn) => arn.includes(bucket)));
    expect(rights.map(({ resources }) => resources)).toEqual([[`<${bucket}.Arn>/*`]]);
    expect(rights.flatMap(({ actions }) => actions).toSorted()).toEqual(["s3:AbortMultipartUpload", "s3:PutObject"]);
  });

  test("Each function has only its part of the checkpoints of this instance.", () => {
    const bucket = idOf("AWS::S3::Bucket", "Checkpoints");
    const folder = (name: string) => `<${bucket}.Arn>/${name}/a8c17f30-f72c-4900-abd2-8745056c4c99/*`;
    const rights = (entry: string) =>
      Object.fromEntries(
        ["s3:GetObject", "s3:PutObject", "s3:ListBucket"].map((action) => [
          action,
          on(entry, action).filter((arn) => arn.includes(bucket)),
        ]),
      );
    const checkpoints = folder("checkpoints");
    const list = [`<${bucket}.Arn>`];
    const places = folder("places");
    const transcriber = {
      "s3:GetObject": [checkpoints, folder("ended"), places],
      "s3:PutObject": [checkpoints, places],
      "s3:ListBucket": list,
    };
    for (const entry of TRANSCRIBERS) expect(rights(entry)).toEqual(transcriber);
    expect(rights("trigger")).toEqual({ "s3:GetObject": [], "s3:PutObject": [], "s3:ListBucket": list });
    expect(rights("contact-events")).toEqual({ "s3:GetObject": [], "s3:PutObject": [folder("ended")], "s3:ListBucket": [] });
    expect(rights("watchdog")).toEqual({
      "s3:GetObject": [checkpoints, places],
      "s3:PutObject": [places],
      "s3:ListBucket": list,
    });
    for (const entry of ["agent-events", "contact-lens", "reconcile"])
      expect(JSON.stringify(rightsOf(template, entry))).not.toContain(bucket);
    for (const { actions } of entriesOf(template).flatMap((entry) => rightsOf(template, entry)))
      expect(actions).not.toContain("s3:DeleteObject");
  });

  test("Only the transcriber and the function for queues may ask about a contact, and only about contacts of this instance.", () => {
    expect(on("transcriber", "connect:DescribeContact")).toEqual([`${INSTANCE}/contact/*`]);
    expect(on("queues", "connect:DescribeContact")).toEqual([`${INSTANCE}/contact/*`]);
    for (const entry of entriesOf(template).filter((name) => name !== "queues" && !TRANSCRIBERS.includes(name)))
      expect(on(entry, "connect:DescribeContact")).toEqual([]);
  });

  test("The watchdog may start both transcribers, read the failed queue, and nothing else besides the checkpoints.", () => {
    const started = TRANSCRIBERS.map((entry) => `<${functionOf(template, entry).id}.Arn>`);
    expect(on("watchdog", "lambda:InvokeFunction").toSorted()).toEqual(started.toSorted());
    const failed = `<${idOf("AWS::SQS::Queue", "Failed")}.Arn>`;
    expect([on("watchdog", "sqs:ReceiveMessage"), on("watchdog", "sqs:DeleteMessage")]).toEqual([[failed], [failed]]);
    const actions = rightsOf(template, "watchdog").flatMap((right) => right.actions);
    expect(actions.filter((action) => /^(connect|secretsmanager|transcribe|kinesisvideo):/.test(action))).toEqual([]);
  });

  test.each([
    ["agent-events", "AgentEvents"],
    ["contact-lens", "ContactLens"],
  ])("The function %s reads its own stream and no other.", (entry, name) => {
    const kinesis = rightsOf(template, entry).filter(({ actions }) => actions.some((action) => action.startsWith("kinesis:")));
    expect(kinesis.flatMap(({ resources }) => resources)).toEqual([`<${idOf("AWS::Kinesis::Stream", name)}.Arn>`]);
  });

  test("The function reconcile reads this instance and changes nothing.", () => {
    const connect = rightsOf(template, "reconcile").filter(({ actions }) =>
      actions.some((action) => action.startsWith("connect:")),
    );
    for (const { actions, resources } of connect) {
      expect(resources).toEqual([INSTANCE, `${INSTANCE}/*`]);
      for (const action of actions) expect(action).toMatch(/^connect:(Get|List|Search|Describe)/);
    }
    expect(connect).not.toEqual([]);
  });

  test.each([...TRANSCRIBERS, "agent-events", "contact-lens", "reconcile", "contact-events", "queues"])(
    "The function %s may read the signing secret and send to the dead-letter queue.",
    (entry) => {
      expect(on(entry, "secretsmanager:GetSecretValue")).toEqual([`<${idOf("AWS::SecretsManager::Secret", "SigningSecret")}>`]);
      expect(on(entry, "sqs:SendMessage")).toContain(`<${idOf("AWS::SQS::Queue", "Undelivered")}.Arn>`);
    },
  );

  test("The key's only open statement allows Amazon Connect's role through Kinesis.", () => {
    const [found] = ofType(template, "AWS::KMS::Key");
    const statements = statementsOf(found?.properties["KeyPolicy"]);
    expect(found?.properties["EnableKeyRotation"]).toBe(true);
    const open = statements.filter(({ principal }) => JSON.stringify(principal) === '{"AWS":"*"}');
    expect(open).toEqual([
      expect.objectContaining({
        actions: ["kms:GenerateDataKey"],
        condition: {
          StringEquals: { "kms:CallerAccount": "111122223333", "kms:ViaService": "kinesis.us-east-1.amazonaws.com" },
          ArnLike: {
            "aws:PrincipalArn":
              "arn:aws:iam::111122223333:role/aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect_*",
          },
        },
      }),
    ]);
  });
});
