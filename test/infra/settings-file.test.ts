import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSettingsFile } from "../../infra/settings-file.ts";
import { OWN_INSTANCE, OWN_SETTINGS, STAGING_ID, TWO_STAGES } from "./own-settings.ts";

const [production, staging] = TWO_STAGES.instances;
const problemsOf = (value: unknown) => {
  const parsed = parseSettingsFile(value);
  return parsed.ok ? [] : parsed.problems;
};
const parsed = (value: unknown) => {
  const result = parseSettingsFile(value);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  return result;
};
const withStaging = (overrides: Record<string, unknown>) =>
  problemsOf({ ...TWO_STAGES, instances: [production, { ...staging, ...overrides }] });

describe("A settings file", () => {
  test("Each instance has its own stack, Region, stage and hub.", () => {
    const { deployments, stages } = parsed(TWO_STAGES);
    expect(
      deployments.map(({ settings, instance, stage }) => [settings.stackName, instance.region, stage.name, settings.hubUrl]),
    ).toEqual([
      ["Vigia", "eu-central-1", "production", "https://board.contact-center.test"],
      ["Vigia-staging", "eu-west-2", "staging", "https://staging.contact-center.test"],
    ]);
    expect(stages.map(({ workerName }) => workerName)).toEqual(["vigia", "vigia-staging"]);
  });

  test("A file without stages has one: the Worker vigia at the hubUrl of the instance.", () => {
    const { deployments, stages } = parsed({ instances: [{ ...OWN_INSTANCE, hubUrl: "https://vigia.me.workers.dev" }] });
    expect(stages).toEqual([
      { name: "production", workerName: "vigia", domain: null, accountId: null, vars: {}, sendEmail: false },
    ]);
    expect(deployments[0]).toMatchObject({ stage: { name: "production" }, settings: { hubUrl: "https://vigia.me.workers.dev" } });
  });

  test("Several instances may share the Worker of one stage.", () => {
    const { deployments } = parsed({ ...OWN_SETTINGS, instances: [OWN_INSTANCE, { ...staging, stage: "production" }] });
    expect(new Set(deployments.map(({ settings }) => settings.hubUrl))).toEqual(new Set(["https://board.contact-center.test"]));
  });

  test.each([
    ["a list", [], "The file is a list. Make it an object of settings."],
    ["nothing", null, "The file has a wrong value. Set it to an object of settings."],
    ["a list of settings for an instance", { instances: [[]] }, "instances[0] is a list. Make it an object of settings."],
    ["a list of stages", { ...OWN_SETTINGS, stages: [] }, "stages is a list. Make it an object of settings."],
    [
      "a list of targets",
      { ...OWN_SETTINGS, instances: [{ ...OWN_INSTANCE, serviceLevelSeconds: [20] }] },
      "instances[0].serviceLevelSeconds is a list. Make it an object of settings.",
    ],
    [
      "a queue with a name that would be lost",
      { ...OWN_SETTINGS, instances: [{ ...OWN_INSTANCE, serviceLevelSeconds: { prototype: 30 } }] },
      "instances[0].serviceLevelSeconds.prototype is a name that no setting may have. Choose another name, or a queue's id.",
    ],
    [
      "a stage with a name that would be lost",
      { ...OWN_SETTINGS, stages: { prototype: OWN_SETTINGS.stages.production } },
      "stages.prototype is a name that no setting may have.",
    ],
    ["no instances", {}, "instances is missing. Set it to a list of instances."],
    [
      "an empty list of instances",
      { instances: [] },
      "instances has a wrong value. Set it to a list with at least one instance.",
    ],
    [
      "the settings of the first release",
      { vigia: OWN_INSTANCE },
      'The settings of an instance stand outside of "instances". Move them',
    ],
    ["one instance without a list", OWN_INSTANCE, 'The settings of an instance stand outside of "instances". Move them'],
    ["an unknown name", { ...OWN_SETTINGS, stage: {} }, "stage is no setting."],
    [
      "a schema that is no text",
      { ...OWN_SETTINGS, $schema: 1 },
      "$schema has a wrong value. Set it to the path of the JSON schema.",
    ],
  ])("A file with %s is refused with its place and the cure.", (_name, value, message) => {
    expect(problemsOf(value)).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    [{ stage: undefined }, "instances[1].stage is missing. Set it to one of: production, staging."],
    [{ stage: "test" }, "instances[1].stage is no stage of this file. Set it to one of: production, staging."],
    [{ stackName: undefined }, "instances: two of them have the stack name Vigia. Give each its own stackName."],
    [
      { hubUrl: "https://board.contact-center.test" },
      `hubUrl of the instance ${STAGING_ID} is not the domain of its stage staging.`,
    ],
  ])("A second instance with %j is refused.", (overrides, message) => {
    expect(withStaging(overrides)).toEqual([expect.stringContaining(message)]);
  });

  test("A setting that is not in the file is reported with what it expects.", () => {
    const { instanceAlias, media, ...others } = OWN_INSTANCE;
    expect([instanceAlias, media]).not.toContain(undefined);
    expect(problemsOf({ ...OWN_SETTINGS, instances: [others] })).toEqual([
      "instances[0].instanceAlias is missing. Set it to the instance alias: the word before .my.connect.aws.",
      'instances[0].media is missing. Set "mode": "managed", "existing" or "off".',
    ]);
  });

  test("The same instance twice is refused, because two stacks would take its streams from each other.", () => {
    expect(problemsOf({ ...OWN_SETTINGS, instances: [OWN_INSTANCE, { ...OWN_INSTANCE, stackName: "Other" }] })).toEqual([
      `instances: two of them have the instance ${production?.instanceArn?.toString().split("/")[1]}. Remove one.`,
    ]);
  });
});

describe("Any settings file", () => {
  const place = fc.constantFrom("instances", "stages", "$schema", "vigia", "other", "__proto__");
  const file = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(place, fc.jsonValue()),
    fc.record({ instances: fc.array(fc.jsonValue()), stages: fc.dictionary(fc.string(), fc.jsonValue()) }),
    fc.record({ instances: fc.constant([OWN_INSTANCE]), stages: fc.dictionary(fc.constantFrom("a", "b"), fc.jsonValue()) }),
  );

  test("Any content leads to settings or to a list of sentences, and none to an exception.", () => {
    fc.assert(
      fc.property(file, (value) => {
        for (const problem of problemsOf(JSON.parse(JSON.stringify(value)))) expect(problem).toMatch(/\.$/);
      }),
    );
  });
});

describe("The stages of a settings file", () => {
  const withStages = (stages: unknown, hubUrl?: string) =>
    problemsOf({ instances: [{ ...OWN_INSTANCE, stage: "production", hubUrl }], stages });

  test.each([
    [
      { production: { domain: "https://board.test" } },
      "stages.production.domain has a wrong value. Set it to a host name without https://",
    ],
    [{ production: { domain: "board.test/path" } }, "stages.production.domain has a wrong value."],
    [{ production: { workerName: "Vigia" } }, "stages.production.workerName has a wrong value. Set it to the name of a Worker"],
    [{ production: { accountId: "mine" } }, "stages.production.accountId has a wrong value."],
    [
      { production: { vars: { AUTH_MODE: true } } },
      "stages.production.vars.AUTH_MODE has a wrong value. Set it to a text in quotes.",
    ],
    [{ production: { name: "vigia" } }, "stages.production.name is no setting."],
    [{ production: {} }, "instances[0].hubUrl is missing. Set it to the hub's address, or give the stage production a domain."],
    [
      { production: { domain: "vigia.me.workers.dev" } },
      "stages.production.domain is an address of workers.dev. Remove it, and set hubUrl of the instances to it.",
    ],
    [{ "Production 1": {} }, "Set it to the name of a stage"],
  ])("The stages %j are refused with their place and the cure.", (stages, message) => {
    expect(withStages(stages)).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    [{ domain: "b.test", workerName: "vigia" }, "stages.test.workerName is also the Worker of production. Give each its own."],
    [{ domain: "a.test" }, "stages.test.domain is also the domain of production. Give each its own."],
  ])("A second stage with %j is refused, because two stages share nothing.", (second, message) => {
    expect(withStages({ production: { domain: "a.test" }, test: second })).toEqual([message]);
  });

  test("A hubUrl at the workers.dev address of another Worker is refused.", () => {
    expect(withStages({ production: { workerName: "board" } }, "https://vigia.me.workers.dev")).toEqual([
      expect.stringContaining("is the address of another Worker. Name that of its stage, board, or remove hubUrl."),
    ]);
  });

  test("Two instances of one stage with different hubs are refused, because a stage is one hub.", () => {
    const instances = [
      { ...OWN_INSTANCE, hubUrl: "https://hub.contact-center.test" },
      { ...staging, stage: undefined, hubUrl: "https://other-hub.contact-center.test" },
    ];
    expect(problemsOf({ instances })).toEqual([expect.stringContaining("A stage is one hub: give both the same hubUrl.")]);
  });

  test("A domain with a non-Latin ending is accepted in its ASCII form.", () => {
    expect(withStages({ production: { domain: "board.xn--e1afmkfd.xn--p1ai" } })).toEqual([]);
  });

  test("Two stages with one hub are refused.", () => {
    const hubUrl = "https://hub.contact-center.test";
    const instances = [
      { ...production, hubUrl },
      { ...staging, hubUrl },
    ];
    expect(problemsOf({ instances, stages: { production: {}, staging: {} } })).toEqual([
      expect.stringContaining("(stage production) is the hub of the stage staging too."),
      expect.stringContaining("(stage staging) is the hub of the stage production too."),
    ]);
  });
});
