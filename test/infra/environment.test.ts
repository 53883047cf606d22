import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readActionsSettings } from "../../aws-ingest/runtime/actions-settings.ts";
import { readQueuesSettings } from "../../aws-ingest/runtime/queues-settings.ts";
import {
  type Environment,
  readContactEventsSettings,
  readHubSettings,
  readTranscriberSettings,
  readTriggerSettings,
  readWatchdogSettings,
} from "../../aws-ingest/runtime/settings.ts";
import { OWN_METRICS } from "../../infra/metrics.ts";
import { entriesOf, environmentOf, functionOf, rightsOf, synthesise } from "./synthesised.ts";

const template = synthesise({
  contactLens: { mode: "managed" },
  actions: ["status", "free", "listen", "barge", "stop"],
  languages: {
    ...{ default: "es-MX", map: { "es-ES": "es-ES" }, identify: ["es-US", "en-US"] },
    engines: { en: "standard", "*": "call-analytics" },
  },
  recording: { mode: "on", maskPersonalData: false },
  vocabularyName: "nombres",
  vocabularies: { "en-US": "names" },
  vocabularyFilters: { "es-US": "palabras" },
  handoverAfterSeconds: 600,
});
/** Returns the environment of a function, with the variable that Lambda adds. */
const environment = (entry: string): Environment => ({
  ...environmentOf(functionOf(template, entry)),
  AWS_LAMBDA_FUNCTION_NAME: "Vigia-Function",
});
const readers: Record<string, (environment: Environment) => unknown> = {
  actions: readActionsSettings,
  trigger: readTriggerSettings,
  transcriber: readTranscriberSettings,
  "transcriber-continue": readTranscriberSettings,
  watchdog: readWatchdogSettings,
  "contact-events": readContactEventsSettings,
  queues: readQueuesSettings,
};
const sources = globSync("aws-ingest/**/*.ts").map((file) => readFileSync(file, "utf8"));

describe("The environment of the functions", () => {
  test.each(entriesOf(template))("The function %s accepts its environment.", (entry) => {
    expect(() => (readers[entry] ?? readHubSettings)(environment(entry))).not.toThrow();
  });

  test("The settings of the deployment arrive in the functions unchanged.", () => {
    expect(readTriggerSettings(environment("trigger"))).toMatchObject({
      instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99",
      languageMap: { "es-ES": "es-ES" },
      identifyAmong: ["es-US", "en-US"],
      engines: { en: "standard", "*": "call-analytics" },
      redactPii: true,
    });
    expect(readTranscriberSettings(environment("transcriber"))).toMatchObject({
      hubUrl: "https://vigia.example.com",
      handoverAfterMs: 600_000,
      redactPii: true,
      maskRecordings: false,
      vocabularies: { es: "nombres", "en-US": "names" },
      vocabularyFilters: { "es-US": "palabras" },
      ownFunction: "Vigia-Function",
    });
  });

  test("Every environment variable of the functions is read by a function.", () => {
    const known = new Set(["NODE_OPTIONS", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"]);
    const names = entriesOf(template).flatMap((entry) => Object.keys(environmentOf(functionOf(template, entry))));
    for (const name of names) {
      expect([name, known.has(name) || sources.some((source) => source.includes(name))]).toEqual([name, true]);
    }
  });
});

describe("Metrics and rights of the functions", () => {
  test.each(OWN_METRICS)("A function writes the metric %s of the dashboard and the alarms.", (metric) => {
    expect(sources.some((source) => new RegExp(`add\\([^;]*"${metric}"`).test(source))).toBe(true);
  });

  /** Operation -> IAM action, where their names differ. */
  const ACTION_OF: Record<string, string> = {
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    // S3 asks for the same right (API reference, HeadObject, "Permissions", read 2026-11-26).
    "s3:HeadObject": "s3:GetObject",
    "lambda:Invoke": "lambda:InvokeFunction",
  };
  /** Actions of `npm run replay`, which has the rights of the person at the terminal. */
  const BY_HAND = ["sqs:ReceiveMessage", "sqs:DeleteMessage"];
  const SERVICES: Record<string, string> = {
    "client-kinesis-video": "kinesisvideo",
    "client-kinesis-video-media": "kinesisvideo",
    "client-transcribe-streaming": "transcribe",
    "client-secrets-manager": "secretsmanager",
  };
  /** Path of a request without an SDK client -> IAM action. */
  const BY_FETCH: Record<string, string> = {
    "/realtime-contact-analysis/analysis-segments": "connect:ListRealtimeContactAnalysisSegments",
    "/contact/list-real-time-analysis-segments-v2": "connect:ListRealtimeContactAnalysisSegmentsV2",
  };
  const fetched = Object.entries(BY_FETCH).flatMap(([path, action]) =>
    sources.some((source) => source.includes(`"${path}"`)) ? [action] : [],
  );
  const made = new Set([
    ...fetched,
    ...sources.flatMap((source) =>
      [...source.matchAll(/import \{([^}]+)\} from "@aws-sdk\/(client-[\w-]+)"/g)].flatMap(([, names = "", client = ""]) =>
        [...names.matchAll(/(\w+)Command\b|\bpaginate(\w+)/g)].map(([, command, listed]) => {
          const operation = command ?? listed;
          const action = `${SERVICES[client] ?? client.replace("client-", "")}:${operation}`;
          return ACTION_OF[action] ?? action;
        }),
      ),
    ),
  ]);
  const actionsOf = (entry: string) => rightsOf(template, entry).flatMap(({ actions }) => actions);

  test("A function has the right to each AWS operation in the code.", () => {
    const allowed = new Set([...entriesOf(template).flatMap(actionsOf), ...BY_HAND]);
    expect(made.size).toBeGreaterThan(10);
    for (const action of made) expect([...allowed]).toContain(action);
  });

  test("No function has a right to an operation of Amazon Connect, S3 or Transcribe that the code does not use.", () => {
    const watched = entriesOf(template)
      .flatMap(actionsOf)
      .filter((action) => /^(connect|s3|transcribe|comprehend|kinesisvideo|secretsmanager):/.test(action));
    expect(watched.length).toBeGreaterThan(10);
    for (const action of watched) expect([...made]).toContain(action);
  });
});
