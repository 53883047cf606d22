import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseContext } from "../../infra/context.ts";
import { EXAMPLE } from "./example.ts";

const problemsOf = (value: unknown): string[] => {
  const parsed = parseContext(value);
  return parsed.ok ? [] : parsed.problems;
};
const withSetting = (overrides: Record<string, unknown>) => problemsOf({ ...EXAMPLE, ...overrides });
const STREAM = "arn:aws:kinesis:us-east-1:111122223333:stream/agents";

describe("Deployment settings", () => {
  test("The committed example is valid and says where the instance is.", () => {
    const parsed = parseContext(EXAMPLE);
    expect(parsed).toMatchObject({
      ok: true,
      instance: { region: "us-east-1", account: "111122223333", id: "a8c17f30-f72c-4900-abd2-8745056c4c99", partition: "aws" },
    });
  });

  test("Settings as JSON text (--context) are the same as settings as an object.", () => {
    expect(parseContext(JSON.stringify(EXAMPLE))).toEqual(parseContext(EXAMPLE));
  });

  test("A hub address with a trailing slash is the same hub.", () => {
    const parsed = parseContext({ ...EXAMPLE, hubUrl: "https://board.example.com/" });
    expect(parsed).toMatchObject({ ok: true, settings: { hubUrl: "https://board.example.com" } });
  });

  test.each([
    ["missing", undefined, /^vigia is missing\. Put it into cdk\.context\.json/],
    ["broken JSON", "{", /^vigia: the value of --context is not valid JSON\./],
    ["a list", [], /^vigia is a list\./],
  ])("Settings that are %s are refused.", (_name, value, message) => {
    expect(problemsOf(value)).toEqual([expect.stringMatching(message)]);
  });

  test.each([
    [{ instanceArn: "a8c17f30" }, "vigia.instanceArn has a wrong value. Set it to the ARN of an Amazon Connect instance"],
    [{ instanceAlias: "https://x.my.connect.aws" }, "vigia.instanceAlias has a wrong value. Set it to the instance alias"],
    [{ instanceAlias: undefined }, "vigia.instanceAlias is missing. Set it to the instance alias"],
    [{ hubUrl: "http://board.example.com" }, "vigia.hubUrl has a wrong value. Set it to an https address"],
    [{ hubUrl: "https://board.example.com/v1" }, "vigia.hubUrl has a wrong value. Set it to an https address"],
    [{ hubUrl: "https://user:pass@board.example.com" }, "vigia.hubUrl has a wrong value. Set it to an https address"],
    [
      { media: { mode: "managed", retentionHours: 0 } },
      "vigia.media.retentionHours has a wrong value. Set it to a whole number of hours",
    ],
    [{ media: { mode: "managed", prefix: "a b" } }, "vigia.media.prefix has a wrong value. Set it to 1 to 50 letters"],
    [{ media: { mode: "existing" } }, "vigia.media.prefix is missing."],
    [{ media: { mode: "maybe" } }, 'vigia.media.mode has a wrong value. Set "mode": "managed", "existing" or "off".'],
    [
      { agentEvents: { mode: "existing", streamArn: "agents" } },
      "vigia.agentEvents.streamArn has a wrong value. Set it to the ARN of a Kinesis",
    ],
    [
      { agentEvents: { mode: "managed", shards: 1.5 } },
      "vigia.agentEvents.shards has a wrong value. Set it to a whole number of shards",
    ],
    [{ contactLens: { mode: "managed", shards: 2 } }, "vigia.contactLens.shards is no setting."],
    [{ reconcileMinutes: 61 }, "vigia.reconcileMinutes has a wrong value. Set it to a whole number of minutes"],
    [
      { recording: { mode: "on", retentionDays: 0 } },
      "vigia.recording.retentionDays has a wrong value. Set it to a whole number of days",
    ],
    [{ logRetentionDays: 31 }, "vigia.logRetentionDays has a wrong value. Set it to a number of days CloudWatch Logs offers"],
    [{ alarmEmail: "oncall" }, "vigia.alarmEmail has a wrong value. Set it to an e-mail address"],
    [{ languages: { default: "Spanish" } }, "vigia.languages.default has a wrong value. Set it to a language code"],
    [
      { languages: { default: "es-US", identify: ["es-US"] } },
      "vigia.languages.identify has a wrong value. Set it to no language or at least two",
    ],
    [{ languages: 5 }, "vigia.languages has a wrong value. Set it to an object of settings."],
    [{ languages: { default: "es-US", identify: "es-US" } }, "vigia.languages.identify has a wrong value. Set it to a list."],
    [{ retentionHours: 5 }, "vigia.retentionHours is no setting."],
    [{ media: { mode: "off", retentionHours: 5 } }, "vigia.media.retentionHours is no setting."],
  ])("The setting %j is refused with its place and the cure.", (overrides, message) => {
    expect(withSetting(overrides)).toEqual([expect.stringContaining(message)]);
  });

  test("All problems of the settings are reported at once.", () => {
    expect(withSetting({ hubUrl: "x", reconcileMinutes: -1, typo: true })).toHaveLength(3);
  });

  test.each([
    [
      { flow: { mode: "create", queueArn: "arn:aws:connect:us-east-1:111122223333:instance/other/queue/q" } },
      "vigia.flow.queueArn names a queue of another instance.",
    ],
    [{ media: { mode: "off" }, recording: { mode: "off" } }, "vigia.flow has nothing to start"],
    [{ media: { mode: "off" }, flow: { mode: "off" } }, "vigia.recording needs the calls' audio"],
    [
      { agentEvents: { mode: "existing", streamArn: STREAM.replace("us-east-1", "eu-west-1") } },
      "vigia.agentEvents.streamArn is not in the region and account",
    ],
    [
      { media: { mode: "existing", prefix: "p", keyArn: "arn:aws:kms:us-east-1:999999999999:key/k" } },
      "vigia.media.keyArn is not in the region and account",
    ],
    [
      {
        media: { mode: "off" },
        agentEvents: { mode: "off" },
        reconcileMinutes: 0,
        flow: { mode: "off" },
        recording: { mode: "off" },
      },
      "vigia: every source is off",
    ],
  ])("Settings that contradict one another are refused: %j.", (overrides, message) => {
    expect(withSetting(overrides)).toEqual([expect.stringContaining(message)]);
  });

  test("Any value of a setting leads to a list of problems, and none to an exception.", () => {
    const names = fc.constantFrom(...Object.keys(EXAMPLE), "stackName", "logLevel", "maxConcurrentCalls", "idleSeconds");
    fc.assert(
      fc.property(names, fc.jsonValue(), (name, value) => {
        for (const problem of withSetting({ [name]: value })) expect(problem).toMatch(/^vigia/);
      }),
    );
  });
});
