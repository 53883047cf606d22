import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Environment, readHubSettings, readTranscriberSettings, readTriggerSettings } from "../../aws-ingest/config.ts";
import { OWN_METRICS } from "../../infra/metrics.ts";
import { entriesOf, environmentOf, functionOf, rightsOf, synthesise } from "./synthesised.ts";

const template = synthesise({
  contactLens: { mode: "managed" },
  languages: { default: "es-MX", map: { "es-ES": "es-ES" }, identify: ["es-US", "en-US"] },
  vocabularyName: "nombres",
  handoverAfterSeconds: 600,
});
/** The environment as Lambda fills it in. */
const environment = (entry: string): Environment => ({
  ...environmentOf(functionOf(template, entry)),
  AWS_LAMBDA_FUNCTION_NAME: "Vigia-Function",
});
const readers: Record<string, (environment: Environment) => unknown> = {
  trigger: readTriggerSettings,
  transcriber: readTranscriberSettings,
};
const sources = globSync("aws-ingest/**/*.ts").map((file) => readFileSync(file, "utf8"));

describe("what the functions are told", () => {
  test.each(entriesOf(template))("%s accepts its environment", (entry) => {
    expect(() => (readers[entry] ?? readHubSettings)(environment(entry))).not.toThrow();
  });

  test("the settings arrive as they were meant", () => {
    expect(readTriggerSettings(environment("trigger"))).toMatchObject({
      instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99",
      languageMap: { "es-ES": "es-ES" },
      identifyAmong: ["es-US", "en-US"],
    });
    expect(readTranscriberSettings(environment("transcriber"))).toMatchObject({
      hubUrl: "https://vigia.example.com",
      handoverAfterMs: 600_000,
      redactPii: true,
      vocabularyName: "nombres",
      vocabularyFilterName: null,
      ownFunction: "Vigia-Function",
    });
  });

  test("nothing is told that nobody reads", () => {
    const known = new Set(["NODE_OPTIONS", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"]);
    const names = entriesOf(template).flatMap((entry) => Object.keys(environmentOf(functionOf(template, entry))));
    for (const name of names) {
      expect([name, known.has(name) || sources.some((source) => source.includes(name))]).toEqual([name, true]);
    }
  });
});

describe("what the functions measure and may do", () => {
  test.each(OWN_METRICS)("the metric %s that is watched is one that a function writes", (metric) => {
    expect(sources.some((source) => source.includes(`add("${metric}"`))).toBe(true);
  });

  test("reconcile may make exactly the calls to Amazon Connect that the code makes", () => {
    const calls = sources.flatMap((source) =>
      source.includes("@aws-sdk/client-connect")
        ? [...source.matchAll(/new (\w+)Command\(/g)].map(([, name]) => `connect:${name}`)
        : [],
    );
    const allowed = rightsOf(template, "reconcile").flatMap(({ actions }) =>
      actions.filter((action) => action.startsWith("connect:")),
    );
    expect(allowed.toSorted()).toEqual([...new Set(calls)].toSorted());
  });
});
