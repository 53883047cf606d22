import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSettingsFile } from "../../infra/settings-file.ts";
import { EXAMPLE, exampleWith } from "./example.ts";

const problemsOf = (value: unknown): readonly string[] => {
  const parsed = parseSettingsFile(value);
  return parsed.ok ? [] : parsed.problems;
};
const withSetting = (overrides: Record<string, unknown>) => problemsOf({ instances: [{ ...EXAMPLE, ...overrides }] });
const STREAM = "arn:aws:kinesis:us-east-1:111122223333:stream/agents";

describe("The settings of an instance", () => {
  test("The committed example is valid and says where the instance is.", () => {
    expect(parseSettingsFile(JSON.parse(readFileSync("vigia.config.example.json", "utf8")))).toMatchObject({
      ok: true,
      deployments: [
        {
          settings: { hubUrl: "https://vigia.example.com" },
          instance: {
            region: "us-east-1",
            account: "111122223333",
            id: "a8c17f30-f72c-4900-abd2-8745056c4c99",
            partition: "aws",
          },
        },
      ],
    });
  });

  test("A hub address with a trailing slash is the same hub.", () => {
    expect(exampleWith({ hubUrl: "https://board.example.com/" }).settings.hubUrl).toBe("https://board.example.com");
  });

  test.each([
    [{ instanceArn: "a8c17f30" }, "instances[0].instanceArn has a wrong value. Set it to the ARN of an Amazon Connect instance"],
    [{ instanceAlias: "https://x.my.connect.aws" }, "instances[0].instanceAlias has a wrong value. Set it to the instance alias"],
    [{ instanceAlias: undefined }, "instances[0].instanceAlias is missing. Set it to the instance alias"],
    [{ hubUrl: "http://board.example.com" }, "instances[0].hubUrl has a wrong value. Set it to an https address"],
    [{ hubUrl: "https://board.example.com/v1" }, "instances[0].hubUrl has a wrong value. Set it to an https address"],
    [{ hubUrl: "https://:pass@board.example.com" }, "instances[0].hubUrl has a wrong value. Set it to an https address"],
    [{ hubUrl: "https://user:pass@board.example.com" }, "instances[0].hubUrl has a wrong value. Set it to an https address"],
    [
      { media: { mode: "managed", retentionHours: 0 } },
      "instances[0].media.retentionHours has a wrong value. Set it to a whole number of hours",
    ],
    [{ media: { mode: "managed", prefix: "a b" } }, "instances[0].media.prefix has a wrong value. Set it to 1 to 50 letters"],
    [{ media: { mode: "existing" } }, "instances[0].media.prefix is missing."],
    [{ media: { mode: "maybe" } }, 'instances[0].media.mode has a wrong value. Set "mode": "managed", "existing" or "off".'],
    [
      { agentEvents: { mode: "existing", streamArn: "agents" } },
      "instances[0].agentEvents.streamArn has a wrong value. Set it to the ARN of a Kinesis",
    ],
    [
      { agentEvents: { mode: "managed", shards: 1.5 } },
      "instances[0].agentEvents.shards has a wrong value. Set it to a whole number of shards",
    ],
    [{ contactLens: { mode: "managed", shards: 2 } }, "instances[0].contactLens.shards is no setting."],
    [{ reconcileMinutes: 61 }, "instances[0].reconcileMinutes has a wrong value. Set it to a whole number of minutes"],
    [
      { recording: { mode: "on", retentionDays: 0 } },
      "instances[0].recording.retentionDays has a wrong value. Set it to a whole number of days",
    ],
    [
      { logRetentionDays: 31 },
      "instances[0].logRetentionDays has a wrong value. Set it to a number of days CloudWatch Logs offers",
    ],
    [
      { docsUrl: `https://git.example.com/${"d".repeat(480)}` },
      "instances[0].docsUrl has a wrong value. Set it to the https address of the folder docs",
    ],
    [
      { docsUrl: "https://git.example.com/docs/" },
      "instances[0].docsUrl has a wrong value. Set it to the https address of the folder docs, without a slash at the end",
    ],
    [{ alarmEmail: "oncall" }, "instances[0].alarmEmail has a wrong value. Set it to an e-mail address"],
    [{ languages: { default: "Spanish" } }, "instances[0].languages.default has a wrong value. Set it to a language code"],
    [
      { languages: { default: "es-US", identify: ["es-US"] } },
      "instances[0].languages.identify has a wrong value. Set it to no language or at least two",
    ],
    [{ languages: 5 }, "instances[0].languages has a wrong value. Set it to an object of settings."],
    [
      { languages: { default: "es-US", identify: "es-US" } },
      "instances[0].languages.identify has a wrong value. Set it to a list.",
    ],
    [{ retentionHours: 5 }, "instances[0].retentionHours is no setting."],
    [{ media: { mode: "off", retentionHours: 5 } }, "instances[0].media.retentionHours is no setting."],
  ])("The setting %j is refused with its place and the cure.", (overrides, message) => {
    expect(withSetting(overrides)).toEqual([expect.stringContaining(message)]);
  });

  test("All problems of the settings are reported at once.", () => {
    expect(withSetting({ hubUrl: "x", reconcileMinutes: -1, typo: true })).toHaveLength(3);
  });

  test.each([
    [
      { flow: { mode: "create", queueArn: "arn:aws:connect:us-east-1:111122223333:instance/other/queue/q" } },
      "instances[0].flow.queueArn names a queue of another instance.",
    ],
    [{ media: { mode: "off" }, recording: { mode: "off" } }, "instances[0].flow has nothing to start"],
    [{ media: { mode: "off" }, flow: { mode: "off" } }, "instances[0].recording needs the calls' audio"],
    [
      { agentEvents: { mode: "existing", streamArn: STREAM.replace("us-east-1", "eu-west-1") } },
      "instances[0].agentEvents.streamArn is not in the region and account",
    ],
    [
      { media: { mode: "existing", prefix: "p", keyArn: "arn:aws:kms:us-east-1:999999999999:key/k" } },
      "instances[0].media.keyArn is not in the region and account",
    ],
    [
      {
        media: { mode: "off" },
        agentEvents: { mode: "off" },
        reconcileMinutes: 0,
        flow: { mode: "off" },
        recording: { mode: "off" },
      },
      "instances[0]: every source is off",
    ],
  ])("Settings that contradict one another are refused: %j.", (overrides, message) => {
    expect(withSetting(overrides)).toEqual([expect.stringContaining(message)]);
  });

  test("Any value of a setting leads to a list of problems, and none to an exception.", () => {
    const names = fc.constantFrom(...Object.keys(EXAMPLE), "stackName", "logLevel", "maxConcurrentCalls", "idleSeconds");
    fc.assert(
      fc.property(names, fc.jsonValue(), (name, value) => {
        for (const problem of withSetting({ [name]: value })) expect(problem).toMatch(/^(instances|hubUrl)/);
      }),
    );
  });
});
