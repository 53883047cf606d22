import { describe, expect, test } from "vitest";
import { chooseLanguage } from "../../aws-ingest/call/languages.ts";
import { readTranscriberSettings, readTriggerSettings } from "../../aws-ingest/runtime/settings.ts";
import { STREAMED_LANGUAGES } from "../../aws-ingest/transcribe/languages.ts";
import { MAX_ENVIRONMENT_BYTES } from "../../infra/environment-size.ts";
import { parseSettingsFile } from "../../infra/settings-file.ts";
import { EXAMPLE } from "./example.ts";
import { entriesOf, environmentOf, functionOf, synthesise } from "./synthesised.ts";

const inRegion = (region: string, partition = "aws") =>
  JSON.parse(JSON.stringify(EXAMPLE).replaceAll("us-east-1", region).replaceAll("arn:aws:", `arn:${partition}:`));
const problemsOf = (fields: object, base: object = EXAMPLE): readonly string[] => {
  const parsed = parseSettingsFile({ instances: [{ ...base, ...fields }] });
  return parsed.ok ? [] : parsed.problems;
};
const languages = (fields: object, base?: object) => problemsOf({ languages: { default: "es-MX", ...fields } }, base);

describe("Languages that Amazon Transcribe would refuse at each call", () => {
  test.each([
    [{ default: "xx-YY" }, "instances[0].languages.default: Amazon Transcribe streams no dialect of xx-YY in us-east-1."],
    [
      { map: { "es-MX": "es-AR" } },
      "languages.map.es-MX names es-AR, which Amazon Transcribe does not stream. Set it to one of: es-US",
    ],
    [{ map: { "es-MX": "es" } }, "languages.map.es-MX names es, which Amazon Transcribe does not stream."],
    [{ identify: ["es-US", "qq-QQ"] }, "languages.identify[1] names qq-QQ, which Amazon Transcribe does not stream."],
    [{ identify: ["es-US", "en-US", "es-ES"] }, "languages.identify names two dialects of es."],
    [{ engines: { xx: "standard" } }, "languages.engines.xx: Amazon Transcribe streams no dialect of xx"],
    [{ engines: { "ja-JP": "call-analytics" } }, "languages.engines.ja-JP: Call Analytics has no ja. Set it to standard"],
  ])("%j is refused with its place.", (fields, message) => {
    const problems = languages(fields);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  test.each([
    [{ vocabularies: { "es-AR": "nombres" } }, "vocabularies.es-AR names es-AR, which Amazon Transcribe does not stream."],
    [{ vocabularyFilters: { xx: "words" } }, "vocabularyFilters.xx: Amazon Transcribe streams no dialect of xx"],
  ])("%j is refused with its place.", (fields, message) => {
    expect(problemsOf(fields)).toEqual([expect.stringContaining(message)]);
  });

  test("What the transcriber can do is accepted: near dialects, bare languages and the rest.", () => {
    expect(languages({ default: "es-AR", map: { "es-ES": "es-ES" }, identify: ["es-US", "en-US", "pt-BR"] })).toEqual([]);
    expect(languages({ engines: { en: "standard", "es-MX": "call-analytics", "*": "call-analytics" } })).toEqual([]);
    expect(languages({ default: "xx-YY", map: { "xx-YY": "es-US" } })).toEqual([]);
    expect(problemsOf({ vocabularies: { es: "a", "en-US": "b", "*": "c" } })).toEqual([]);
  });

  test("A Region or a partition without the language or the engine is named.", () => {
    const gov = inRegion("us-gov-west-1", "aws-us-gov");
    expect(languages({ engines: { "*": "call-analytics" } }, gov)).toEqual([
      "instances[0].languages.engines.*: us-gov-west-1 has no Call Analytics. Set it to standard, or remove it.",
    ]);
    expect(languages({ engines: { "*": "standard" } }, gov)).toEqual([]);
    const tokyo = inRegion("ap-northeast-1");
    expect(languages({ map: { "es-ES": "es-MX" } }, tokyo)).toEqual([
      expect.stringContaining("names es-MX, which Amazon Transcribe does not stream in ap-northeast-1. Set it to one of: es-US"),
    ]);
    expect(languages({ default: "hu-HU" }, tokyo)).toEqual([
      expect.stringContaining("streams no dialect of hu-HU in ap-northeast-1"),
    ]);
  });

  test("The settings accept exactly the default languages for which the transcriber has a plan.", () => {
    for (const code of [...STREAMED_LANGUAGES, "es-AR", "es", "en", "xx-YY", "qq", "zz-ZZ"]) {
      const known = languages({ default: code }).length === 0;
      expect([code, known]).toEqual([code, chooseLanguage(code, { languageMap: {}, identifyAmong: [] }).ok]);
    }
  });
});

describe("ARNs that AWS would refuse in the middle of a deployment", () => {
  const instance = "arn:aws:connect:us-east-1:111122223333:instance/a8c17f30-f72c-4900-abd2-8745056c4c99";
  const flow = (queueArn: string) => problemsOf({ flow: { mode: "create", queueArn } });

  test("A queue is a standard queue of the instance, and not garbage or the queue of an agent.", () => {
    const id = "88888888-0000-4000-8000-000000000001";
    expect(flow(`${instance}/queue/${id}`)).toEqual([]);
    expect(flow(`${instance}/queue/agent/${id}`)).toEqual([expect.stringContaining("is the own queue of an agent.")]);
    for (const garbage of [`${instance}/queue/x`, `${instance}/queue/${id}/y`]) {
      expect(flow(garbage)).toEqual([expect.stringContaining("flow.queueArn does not end with the id of a queue.")]);
    }
    expect(flow(`arn:aws:connect:x/queue/${id}`)).toEqual([expect.stringContaining("names a queue of another instance.")]);
    expect(flow(instance)).toEqual([expect.stringContaining("flow.queueArn has a wrong value.")]);
  });

  test.each([
    ["us-gov-west-1", "aws"],
    ["us-east-1", "aws-us-gov"],
    ["eu-central-1", "aws-cn"],
  ])("An instance in %s of the partition %s is refused, because AWS has no such Region there.", (region, partition) => {
    const stages = { production: { domain: "board.example.com" } };
    const parsed = parseSettingsFile({ instances: [inRegion(region, partition)], stages });
    expect(parsed).toMatchObject({
      ok: false,
      problems: [
        expect.stringContaining(
          `instances[0].instanceArn names the Region ${region} and the partition ${partition}, which do not belong together.`,
        ),
      ],
    });
  });

  test("A stream is one of the instance's account, Region and partition, and not garbage.", () => {
    const agentEvents = (streamArn: string) => problemsOf({ agentEvents: { mode: "existing", streamArn } });
    const home = "us-east-1:111122223333";
    expect(agentEvents(`arn:aws:kinesis:${home}:stream/agents`)).toEqual([]);
    for (const arn of [`arn:aws-cn:kinesis:${home}:stream/agents`, "arn:aws:kinesis:eu-west-1:111122223333:stream/agents"]) {
      expect(agentEvents(arn)).toEqual([expect.stringContaining("agentEvents.streamArn is not in the region and account")]);
    }
    for (const arn of [`arn:nope:kinesis:${home}:stream/a`, `arn:aws:kinesis:${home}:stream/${"a".repeat(129)}`, "agents"]) {
      expect(agentEvents(arn)).toEqual([expect.stringContaining("agentEvents.streamArn has a wrong value.")]);
    }
  });

  test("One stream for both sources is refused.", () => {
    const source = { mode: "existing", streamArn: "arn:aws:kinesis:us-east-1:111122223333:stream/all" };
    expect(problemsOf({ agentEvents: source, contactLens: source })).toEqual([expect.stringContaining("name one stream.")]);
  });
});

describe("The environment of the functions", () => {
  /** Distinct pairs of languages, as many as asked. */
  const pairs = (count: number) =>
    Object.fromEntries(STREAMED_LANGUAGES.slice(0, count).map((code) => [code.replace(/-..$/, "-ZZ"), code] as const));
  const vocabularies = (count: number) =>
    Object.fromEntries(STREAMED_LANGUAGES.slice(0, count).map((code) => [code, "v".repeat(100)]));

  test("Settings that do not fit into Lambda's 4 KB are refused with their names.", () => {
    const map = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`aa-${regionCode(index)}`, "es-US"]));
    expect(languages({ map })).toEqual([expect.stringContaining("languages.map, languages.identify and languages.engines take")]);
    expect(problemsOf({ vocabularies: vocabularies(30) })).toEqual([
      expect.stringContaining("vocabularies and vocabularyFilters take"),
    ]);
  });

  test("The largest settings that are accepted fit into 4 KB, with names of the longest kind.", () => {
    let count = 0;
    while (languages({ map: pairs(count + 1) }).length === 0 && count < STREAMED_LANGUAGES.length) count += 1;
    let words = 0;
    while (problemsOf({ vocabularies: vocabularies(words + 1) }).length === 0) words += 1;
    const settings = { vocabularies: vocabularies(words), languages: { default: "es-MX", map: pairs(count) } };
    const template = synthesise({ ...settings, stackName: `V${"x".repeat(60)}`, recording: { mode: "on" } });
    for (const entry of entriesOf(template)) {
      const environment = Object.entries(environmentOf(functionOf(template, entry))).map(([name, value]) => [
        name,
        longest(name, value),
      ]);
      expect(Buffer.byteLength(JSON.stringify(Object.fromEntries(environment)))).toBeLessThanOrEqual(MAX_ENVIRONMENT_BYTES);
    }
    // The functions accept what the settings accept.
    expect(() => readTriggerSettings(environmentOf(functionOf(template, "trigger")))).not.toThrow();
    expect(() => readTranscriberSettings(environmentOf(functionOf(template, "transcriber")))).not.toThrow();
  });
});

const regionCode = (index: number) => String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26));

/** What AWS makes of a name that the template leaves open: buckets 63, functions 64, secrets 140, queues 150 characters. */
function longest(name: string, value: string): string {
  if (/BUCKET/.test(name)) return value === "" ? "" : "b".repeat(63);
  if (/FUNCTION$/.test(name)) return "f".repeat(64);
  if (name === "HUB_SECRET_ID") return "s".repeat(140);
  if (/QUEUE_URL$/.test(name)) return "q".repeat(150);
  return value;
}
