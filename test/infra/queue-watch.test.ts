import { describe, expect, test } from "vitest";
import { readQueuesSettings } from "../../aws-ingest/runtime/queues-settings.ts";
import { readContactEventsSettings } from "../../aws-ingest/runtime/settings.ts";
import { parseSettingsFile } from "../../infra/settings-file.ts";
import { EXAMPLE } from "./example.ts";
import { entriesOf, environmentOf, functionOf, ofType, rightsOf, synthesise, type Template } from "./synthesised.ts";

const template = synthesise();
const INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/a8c17f30-f72c-4900-abd2-8745056c4c99";
const rulesOf = (made: Template, entry: string) =>
  ofType(made, "AWS::Events::Rule")
    .map(({ properties }) => properties)
    .filter((rule) => JSON.stringify(rule["Targets"]).includes(`<${functionOf(made, entry).id}.Arn>`));
/** Returns the problems of the example with other settings. */
const problemsOf = (overrides: object) => {
  const parsed = parseSettingsFile({ instances: [{ ...EXAMPLE, ...overrides }] });
  return parsed.ok ? [] : parsed.problems;
};

describe("The function for queues", () => {
  test("runs once a minute, is not repeated, and its failures are noted.", () => {
    const failed = `<${ofType(template, "AWS::SQS::Queue").find(({ id }) => id.includes("Failed"))?.id}.Arn>`;
    expect(rulesOf(template, "queues")).toMatchObject([
      {
        ScheduleExpression: "rate(1 minute)",
        Targets: [{ DeadLetterConfig: { Arn: failed }, RetryPolicy: { MaximumRetryAttempts: 0 } }],
      },
    ]);
    const asynchronous = ofType(template, "AWS::Lambda::EventInvokeConfig").find(
      ({ properties }) => properties["FunctionName"] === `<${functionOf(template, "queues").id}>`,
    );
    expect(asynchronous?.properties).toMatchObject({
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: failed } },
    });
  });

  test("may read the queues, routing profiles and contacts of this instance, and nothing else of Amazon Connect.", () => {
    const connect = rightsOf(template, "queues").filter(({ actions }) => actions.some((action) => action.startsWith("connect:")));
    const rights = connect.flatMap(({ actions, resources }) => actions.map((action) => [action, ...resources]));
    // The resources of each action are those of AWS's service authorization reference.
    expect(rights.toSorted()).toEqual([
      ["connect:DescribeContact", `${INSTANCE}/contact/*`],
      ["connect:GetCurrentMetricData", INSTANCE, `${INSTANCE}/queue/*`, `${INSTANCE}/routing-profile/*`],
      ["connect:ListQueues", INSTANCE, `${INSTANCE}/queue/*`],
      ["connect:ListRoutingProfileQueues", INSTANCE, `${INSTANCE}/routing-profile/*`],
      ["connect:ListRoutingProfiles", INSTANCE, `${INSTANCE}/routing-profile/*`],
    ]);
  });

  test("gets the targets of the settings, and how often it reads.", () => {
    const made = synthesise({ queueReadSeconds: 15, serviceLevelSeconds: { Ventas: 30, "*": 60 } });
    const settings = readQueuesSettings(environmentOf(functionOf(made, "queues")));
    expect(settings.readsPerMinute).toBe(4);
    expect(settings.serviceLevelSeconds).toEqual(
      new Map([
        ["Ventas", 30],
        ["*", 60],
      ]),
    );
    const usual = readQueuesSettings(environmentOf(functionOf(template, "queues")));
    expect([usual.readsPerMinute, usual.serviceLevelSeconds]).toEqual([1, new Map([["*", 20]])]);
  });

  test("has the alarms that every function has that posts to the hub.", () => {
    const alarms = ofType(template, "AWS::CloudWatch::Alarm").map(({ properties }) => String(properties["AlarmDescription"]));
    for (const name of ["queues errors", "queues throttled", "queues PostsRefused"]) {
      expect(alarms).toContainEqual(expect.stringContaining(`(${name} > 0)`));
    }
  });
});

describe("Without queues", () => {
  const made = synthesise({ queues: false });

  test("the stack has no function for them, and only ends of contacts reach the function for contact events.", () => {
    expect(entriesOf(made)).not.toContain("queues");
    expect(rulesOf(made, "contact-events")).toMatchObject([
      { EventPattern: { detail: { instanceArn: [INSTANCE], eventType: ["DISCONNECTED", "COMPLETED"] } } },
    ]);
    expect(JSON.stringify(rulesOf(made, "contact-events"))).not.toContain("$or");
    expect(readContactEventsSettings(environmentOf(functionOf(made, "contact-events"))).postQueues).toBe(false);
    expect(readContactEventsSettings(environmentOf(functionOf(template, "contact-events"))).postQueues).toBe(true);
  });

  test("are also the deployments that have no contact events, because nobody would be seen to wait.", () => {
    expect(entriesOf(synthesise({ contactEvents: false, queues: undefined }))).not.toContain("queues");
  });
});

test.each([
  [{ queues: true, contactEvents: false }, "instances[0].queues needs the events of contacts"],
  [{ queues: "yes" }, "instances[0].queues has a wrong value. Set it to true or false."],
  [{ queueReadSeconds: 10 }, "instances[0].queueReadSeconds has a wrong value. Set it to 15, 20, 30 or 60."],
  [
    { serviceLevelSeconds: { Ventas: 0 } },
    "instances[0].serviceLevelSeconds.Ventas has a wrong value. Set it to a whole number of seconds",
  ],
  [{ serviceLevelSeconds: { Ventas: "20" } }, "instances[0].serviceLevelSeconds.Ventas has a wrong value."],
  [{ serviceLevelSeconds: 20 }, "instances[0].serviceLevelSeconds has a wrong value."],
  [
    {
      serviceLevelSeconds: Object.fromEntries(
        Array.from({ length: 90 }, (_, index) => [`La cola número ${index} de Ventas`, 20]),
      ),
    },
    "instances[0].serviceLevelSeconds takes",
  ],
])("The settings %j of queues are refused with the cure.", (overrides, message) => {
  expect(problemsOf(overrides)).toEqual([expect.stringContaining(message)]);
});
