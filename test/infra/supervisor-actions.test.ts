import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { readActionsSettings } from "../../aws-ingest/runtime/actions-settings.ts";
import { parseSettingsFile } from "../../infra/settings-file.ts";
import { ACTIONS } from "../../protocol/actions.ts";
import { checkActionSwitches } from "../../scripts/deploy/check-actions.ts";
import { EXAMPLE, exampleWith } from "./example.ts";
import { entriesOf, environmentOf, functionOf, ofType, rightsOf, synthesise, type Template } from "./synthesised.ts";

const INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/a8c17f30-f72c-4900-abd2-8745056c4c99";
const [USERS, CONTACTS, STATUSES] = ["agent", "contact", "agent-state"].map((kind) => `${INSTANCE}/${kind}/*`);
const RECORDED = { mode: "on", retentionDays: 30 };
const OWN_AUDIO = ["s3:GetObject", /^<CallAudioRecordingsBucket\w+\.Arn>\/\*\.wav$/] as const;
const escaped = (text: string | undefined) => (text ?? "none").replaceAll(/[.*]/g, "\\$&");
const everything = synthesise({ actions: [...ACTIONS] });

/** The rights in Amazon Connect: the action, its resources, and its condition if there is one. */
const rights = (template: Template) =>
  rightsOf(template, "actions")
    .flatMap(({ actions, resources, condition }) =>
      actions.map((action) => [action, ...resources, ...(condition === undefined ? [] : [JSON.stringify(condition)])]),
    )
    .filter(([action]) => action?.startsWith("connect:"))
    .toSorted();

const FIND = ["connect:SearchUsers", INSTANCE];
const MONITOR = ["connect:MonitorContact", INSTANCE, USERS, CONTACTS];
const SILENT = JSON.stringify({
  "ForAllValues:StringEquals": { "connect:MonitorCapabilities": ["SILENT_MONITOR"] },
  Null: { "connect:MonitorCapabilities": "false" },
});
const SET_STATUS = [
  ["connect:ListAgentStatuses", INSTANCE, STATUSES],
  ["connect:PutUserStatus", INSTANCE, STATUSES, USERS],
];

describe("The function for actions", () => {
  test("is not there unless the settings switch an action on.", () => {
    const template = synthesise();
    expect(entriesOf(template)).not.toContain("actions");
    expect(ofType(template, "AWS::Lambda::Url")).toEqual([]);
    expect(Object.keys(template.Outputs)).not.toContain("ActionsUrl");
    expect(JSON.stringify(template)).not.toContain("connect:PutUserStatus");
  });

  // The resources of each action are those of AWS's service authorization reference.
  test.each([
    [["status"], SET_STATUS],
    [["free"], [["connect:DismissUserContact", USERS]]],
    [["listen"], [[...MONITOR, SILENT], FIND]],
    [["barge"], [MONITOR, FIND]],
    [
      ["listen", "barge"],
      [MONITOR, FIND],
    ],
    [["stop"], [["connect:StopContact", CONTACTS]]],
  ])("has exactly the rights of %j.", (actions, expected) => {
    const template = synthesise({ actions });
    expect(rights(template)).toEqual(expected);
    expect([...readActionsSettings(environmentOf(functionOf(template, "actions"))).enabled]).toEqual(
      ACTIONS.filter((action) => actions.includes(action)),
    );
  });

  test("may besides read its own secret, add ids to its own bucket, and write its log.", () => {
    const others = rightsOf(everything, "actions").flatMap(({ actions, resources }) =>
      actions.filter((action) => !action.startsWith("connect:")).map((action) => [action, ...resources]),
    );
    expect(others.map(([action]) => action).toSorted()).toEqual([
      "kms:GenerateDataKey",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "s3:PutObject",
      "secretsmanager:GetSecretValue",
    ]);
    const secret = others.find(([action]) => action === "secretsmanager:GetSecretValue")?.[1] ?? "";
    expect(secret).not.toBe(JSON.stringify(everything.Outputs["SigningSecretArn"]?.Value).replaceAll('"', ""));
    expect(secret).toContain("SupervisorActions");
    expect(others.find(([action]) => action === "s3:PutObject")?.[1]).toMatch(
      /^<SupervisorActionsIds\w+\.Arn>\/actions\/a8c17f30-f72c-4900-abd2-8745056c4c99\/\*$/,
    );
  });

  // Reading as a presigned address does needs the rights of the role that signed it. Nothing may be listed.
  test.each([
    [
      "its own",
      { recording: RECORDED, recordingLinks: { mode: "on" } },
      [OWN_AUDIO],
      ["kms:Decrypt"],
      { own: true, connect: false },
    ],
    [
      "Amazon Connect's",
      {
        recording: { mode: "off" },
        recordingLinks: { mode: "on", connectRecordings: { location: "calls/acme/CallRecordings" } },
      },
      [
        ["connect:DescribeContact", CONTACTS],
        ["s3:GetObject", "arn:aws:s3:::calls/acme/CallRecordings/*"],
      ],
      [],
      { own: false, connect: true },
    ],
  ])("REC-5 reads exactly %s recordings when links to them are on.", (_name, overrides, expected, keys, has) => {
    const template = synthesise(overrides);
    const all = rightsOf(template, "actions").flatMap(({ actions, resources }) =>
      actions.map((action) => [action, ...resources]),
    );
    const common = [
      "kms:GenerateDataKey",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "s3:PutObject",
      "secretsmanager:GetSecretValue",
    ];
    expect(all.map(([action]) => action).toSorted()).toEqual(
      [...common, ...keys, ...expected.map(([action]) => action)].toSorted(),
    );
    for (const [action, resource] of expected) {
      expect(all.find(([name]) => name === action)?.[1]).toMatch(
        resource instanceof RegExp ? resource : new RegExp(`^${escaped(resource)}$`),
      );
    }
    const environment = environmentOf(functionOf(template, "actions"));
    expect([environment["RECORDING_LINKS_BUCKET"] !== undefined, environment["CONNECT_RECORDINGS"] !== undefined]).toEqual([
      has.own,
      has.connect,
    ]);
  });

  test("REC-5 passes the AWS Solutions rules with links to recordings.", () => {
    const connectRecordings = { location: "calls/acme", keyArn: "arn:aws:kms:us-east-1:111122223333:key/abc" };
    const overrides = { recording: RECORDED, recordingLinks: { mode: "on", connectRecordings } };
    expect(() => synthesise(overrides, (app) => new AwsSolutionsChecks(app))).not.toThrow();
  });

  test("has an address for everybody, with both permissions that one needs, and ends before the hub stops waiting.", () => {
    const { id, properties } = functionOf(everything, "actions");
    expect(properties["Timeout"]).toBe(9);
    expect(ofType(everything, "AWS::Lambda::Url").map((url) => url.properties)).toEqual([
      { AuthType: "NONE", TargetFunctionArn: `<${id}.Arn>` },
    ]);
    const permissions = ofType(everything, "AWS::Lambda::Permission")
      .map((permission) => permission.properties)
      .filter(({ FunctionName }) => String(FunctionName).includes(id));
    expect(permissions).toHaveLength(2);
    expect(permissions).toContainEqual({
      Action: "lambda:InvokeFunctionUrl",
      FunctionName: `<${id}.Arn>`,
      FunctionUrlAuthType: "NONE",
      Principal: "*",
    });
    expect(permissions).toContainEqual({
      Action: "lambda:InvokeFunction",
      FunctionName: `<${id}.Arn>`,
      InvokedViaFunctionUrl: true,
      Principal: "*",
    });
    expect(Object.keys(everything.Outputs)).toEqual(expect.arrayContaining(["ActionsUrl", "ActionsSecretArn"]));
  });

  test("has an alarm for refused orders and none for posts, because it posts nothing.", () => {
    const names = ofType(everything, "AWS::CloudWatch::Alarm").map(({ properties }) => String(properties["AlarmDescription"]));
    const own = names.filter((text) => text.includes("(actions "));
    expect(own.map((text) => /\(actions (\w+)/.exec(text)?.[1]).toSorted()).toEqual(["ActionsRefused", "errors", "throttled"]);
    expect(own.join(" ")).not.toContain("PostsRefused");
  });

  test("passes the AWS Solutions rules.", () => {
    expect(() => synthesise({ actions: [...ACTIONS] }, (app) => new AwsSolutionsChecks(app))).not.toThrow();
  });
});

test("The settings name the actions of the protocol, and refuse others.", () => {
  const problems = (actions: unknown) => {
    const parsed = parseSettingsFile({ instances: [{ ...EXAMPLE, actions }] });
    return parsed.ok ? [] : parsed.problems;
  };
  expect(problems([...ACTIONS])).toEqual([]);
  expect(problems(["whisper"])).toEqual([expect.stringContaining("instances[0].actions[0]")]);
});

test("`preflight` names actions that only one of the two clouds has.", () => {
  const check = (actions: string[], vars: Record<string, string>) => {
    const { settings, stage } = exampleWith({ actions });
    return checkActionSwitches({ settings, stage: { ...stage, vars } }).map(({ what }) => what);
  };
  expect(check(["status", "free"], { ACTIONS: "free status" })).toEqual([]);
  expect(check([], {})).toEqual([]);
  expect(check(["status", "stop"], { ACTIONS: "status" })).toEqual([expect.stringContaining("actions has stop")]);
  expect(check([], { ACTIONS: "listen" })).toEqual([expect.stringContaining("has listen, which the stack")]);
});

test("`preflight` names links to recordings that only one of the two clouds has.", () => {
  const check = (mode: "on" | "off", vars: Record<string, string>) => {
    const { settings, stage } = exampleWith({ recording: RECORDED, recordingLinks: { mode } });
    return checkActionSwitches({ settings, stage: { ...stage, vars } }).map(({ what }) => what);
  };
  expect(check("on", { RECORDING_ROLE: "admin" })).toEqual([]);
  expect(check("off", {})).toEqual([]);
  expect(check("on", {})).toEqual([expect.stringContaining("lets nobody hear")]);
  expect(check("off", { RECORDING_ROLE: "admin" })).toEqual([expect.stringContaining("opens no recording")]);
});

test("The settings refuse links to recordings where none is kept, and a location that is no bucket and prefix.", () => {
  const problems = (more: object) => {
    const parsed = parseSettingsFile({ instances: [{ ...EXAMPLE, ...more }] });
    return parsed.ok ? [] : parsed.problems;
  };
  const links = (location: string) => ({ mode: "on", connectRecordings: { location } });
  expect(problems({ recording: { mode: "off" }, recordingLinks: { mode: "on" } })).toEqual([
    expect.stringContaining("instances[0].recordingLinks finds no recording"),
  ]);
  expect(problems({ recording: { mode: "off" }, recordingLinks: links("calls/acme") })).toEqual([]);
  for (const location of ["calls", "calls/", "s3://calls/a", "calls/*", "Calls/a"])
    expect(problems({ recordingLinks: links(location) })).toHaveLength(1);
});
