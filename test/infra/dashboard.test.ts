import { describe, expect, test } from "vitest";
import { EXAMPLE } from "./example.ts";
import { ofType, synthesise } from "./synthesised.ts";

describe("The CloudWatch dashboard", () => {
  test("The dashboard shows the posts of the functions that count posts, and of no other.", () => {
    const template = synthesise({ actions: ["status"], contactLens: { mode: "managed" } });
    const [dashboard] = ofType(template, "AWS::CloudWatch::Dashboard");
    const body = String(dashboard?.properties["DashboardBody"]);
    const services = [...body.matchAll(/"PostsAccepted","service","([\w-]+)"/g)].map(([, service]) => service);
    expect(services.toSorted()).toEqual(["agent-events", "contact-events", "contact-lens", "queues", "reconcile", "transcriber"]);
  });

  test.each([
    ["us-east-1", "aws", "us-east-1.console.aws.amazon.com"],
    ["us-gov-west-1", "aws-us-gov", "us-gov-west-1.console.amazonaws-us-gov.com"],
  ])("The address of the dashboard in %s is in the console of the partition %s.", (region, partition, host) => {
    const moved = JSON.stringify(EXAMPLE).replaceAll("us-east-1", region).replaceAll("arn:aws:", `arn:${partition}:`);
    const { DashboardUrl } = synthesise(JSON.parse(moved)).Outputs;
    expect(DashboardUrl?.Value).toMatch(new RegExp(`^https://${host}/cloudwatch/home\\?region=${region}#dashboards:name=`));
  });
});
