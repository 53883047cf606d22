import { App, Stack, Validations } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { inFolder, synthesise } from "./synthesised.ts";

const STREAM = "arn:aws:kinesis:us-east-1:111122223333:stream/already-there";

describe("cdk-nag's AWS Solutions rules", () => {
  test.each([
    ["everything on", { contactLens: { mode: "managed" } }],
    [
      "an instance that streams already",
      { media: { mode: "existing", prefix: "theirs" }, agentEvents: { mode: "existing", streamArn: STREAM } },
    ],
    ["no recordings, no flow, no cap", { recording: { mode: "off" }, flow: { mode: "off" }, maxConcurrentCalls: null }],
  ])("The stack has no cdk-nag finding without a reason: %s.", (_name, overrides) => {
    expect(() => synthesise(overrides, (app) => new AwsSolutionsChecks(app))).not.toThrow();
  });

  test("A cdk-nag finding without a reason stops the synthesis.", () => {
    inFolder((outdir) => {
      const app = new App({ outdir });
      Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
      new Bucket(new Stack(app, "Careless"), "Open");
      expect(() => app.synth()).toThrow(/[Vv]alidation/);
    });
  });
});
