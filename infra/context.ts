import * as v from "valibot";

/**
 * Parses the settings of one deployment: the `vigia` object of the CDK context. `docs/deploy.md` explains each of them.
 * It refuses unknown names, because a misspelt setting would silently deploy the default.
 *
 * The messages of the schemas say "expected …". {@link describe} turns them into sentences.
 */

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const INSTANCE_ARN = new RegExp(`^arn:(aws|aws-us-gov|aws-cn):connect:([a-z0-9-]+):(\\d{12}):instance/(${UUID})$`);
const KEY_ARN = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;
const STREAM_ARN = /^arn:[a-z-]+:kinesis:[a-z0-9-]+:\d{12}:stream\/[\w.-]+$/;
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Z]{2})?$/;

/** The retention periods CloudWatch Logs accepts, in days (API_PutRetentionPolicy), up to two years. */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731];

const whole = (min: number, max: number, unit: string) => {
  const message = `expected a whole number of ${unit} from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};
const text = (pattern: RegExp, expected: string) =>
  v.pipe(v.string(`expected ${expected}`), v.regex(pattern, `expected ${expected}`));
const keyArn = v.optional(text(KEY_ARN, "the ARN of a KMS key (arn:aws:kms:…:key/…); leave it out for an AWS-managed key"));
const language = text(LANGUAGE, "a language code such as es-US");
/** The part before `-connect-<alias>-contact-…`. The whole name of a stream has at most 128 characters. */
const prefix = text(/^[A-Za-z0-9_.-]{1,50}$/, "1 to 50 letters, digits, dots, dashes or underscores");
const off = v.strictObject({ mode: v.literal("off") });

/** A Kinesis data stream to which Amazon Connect writes already. With "managed" the stack makes one and connects it. */
const existingStream = v.strictObject({
  mode: v.literal("existing"),
  streamArn: text(STREAM_ARN, "the ARN of a Kinesis data stream (arn:aws:kinesis:…:stream/…)"),
  keyArn,
});
const agentEvents = v.variant(
  "mode",
  [v.strictObject({ mode: v.literal("managed"), shards: v.optional(whole(1, 100, "shards"), 1) }), existingStream, off],
  'expected "mode": "managed", "existing" or "off"',
);
/** The stream of Contact Lens has one shard. With several, Lambda spreads a call over containers, and none has all its turns. */
const contactLens = v.variant(
  "mode",
  [v.strictObject({ mode: v.literal("managed") }), existingStream, off],
  'expected "mode": "managed", "existing" or "off"',
);

/** Live media streaming of the calls' audio. An instance has one such setting, and "existing" does not change it. */
const media = v.variant(
  "mode",
  [
    v.strictObject({
      mode: v.literal("managed"),
      prefix: v.optional(prefix, "vigia"),
      // With 0, the stream keeps nothing, and a reader that starts a second late cannot go back to the first word.
      retentionHours: v.optional(whole(1, 87_600, "hours"), 24),
    }),
    v.strictObject({ mode: v.literal("existing"), prefix, keyArn }),
    off,
  ],
  'expected "mode": "managed", "existing" or "off"',
);

const settingsSchema = v.strictObject({
  instanceArn: text(INSTANCE_ARN, "the ARN of an Amazon Connect instance (arn:aws:connect:REGION:ACCOUNT:instance/ID)"),
  instanceAlias: text(/^[A-Za-z0-9-]{1,45}$/, "the instance alias: the word before .my.connect.aws"),
  hubUrl: v.pipe(
    v.string("expected the hub's address, such as https://board.example.com"),
    v.check(isHttpsOrigin, "expected an https address without path, query or login, such as https://board.example.com"),
    v.transform((url) => new URL(url).origin),
  ),
  stackName: v.optional(text(/^[A-Za-z][A-Za-z0-9-]{0,60}$/, "a stack name: a letter, then letters, digits or dashes"), "Vigia"),
  media,
  agentEvents,
  contactLens,
  contactEvents: v.optional(v.boolean("expected true or false"), true),
  reconcileMinutes: v.optional(whole(0, 60, "minutes (0: never)"), 5),
  flow: v.variant(
    "mode",
    [
      v.strictObject({
        mode: v.literal("create"),
        name: v.optional(text(/^.{1,127}$/, "1 to 127 characters"), "Vigia inbound"),
        queueArn: text(/^arn:[a-z-]+:connect:.+\/queue\/.+$/, "the ARN of a queue of the instance"),
      }),
      off,
    ],
    'expected "mode": "create" or "off"',
  ),
  recording: v.variant(
    "mode",
    [v.strictObject({ mode: v.literal("on"), retentionDays: v.optional(whole(1, 3650, "days"), 30) }), off],
    'expected "mode": "on" or "off"',
  ),
  languages: v.strictObject({
    default: language,
    /** Language of the contact -> language to transcribe with. It wins over the built-in table. */
    map: v.optional(v.record(language, language), {}),
    /** Languages from which Transcribe chooses if a contact names none. The preferred one is first. */
    identify: v.optional(
      v.pipe(
        v.array(language),
        v.check((codes) => codes.length !== 1, "expected no language or at least two to choose from"),
      ),
      [],
    ),
  }),
  redactPii: v.optional(v.boolean("expected true or false"), true),
  vocabularyName: v.optional(text(/^[\w.-]{1,200}$/, "the name of a custom vocabulary")),
  vocabularyFilterName: v.optional(text(/^[\w.-]{1,200}$/, "the name of a vocabulary filter")),
  /** 25 is Transcribe's default quota of concurrent streams. null: the transcriber's concurrency has no limit. */
  maxConcurrentCalls: v.optional(v.nullable(whole(1, 5000, "calls")), 25),
  handoverAfterSeconds: v.optional(whole(60, 840, "seconds"), 780),
  maxHandovers: v.optional(whole(0, 100, "hand-overs"), 60),
  idleSeconds: v.optional(whole(5, 120, "seconds"), 25),
  catchUpSpeed: v.optional(whole(1, 20, "times real time"), 4),
  alarmEmail: v.optional(v.nullable(v.pipe(v.string("expected an e-mail address"), v.email("expected an e-mail address"))), null),
  logRetentionDays: v.optional(
    v.picklist(LOG_RETENTION_DAYS, `expected a number of days CloudWatch Logs offers: ${LOG_RETENTION_DAYS.join(", ")}`),
    30,
  ),
  logLevel: v.optional(v.picklist(["DEBUG", "INFO", "WARN", "ERROR"], "expected DEBUG, INFO, WARN or ERROR"), "INFO"),
});

export type DeploymentSettings = v.InferOutput<typeof settingsSchema>;
export type MediaSetting = DeploymentSettings["media"];
export type FlowSetting = Extract<DeploymentSettings["flow"], { mode: "create" }>;
export type DataStreamSetting = DeploymentSettings["agentEvents"] | DeploymentSettings["contactLens"];

/** The parts of the instance's ARN. */
export interface Instance {
  arn: string;
  partition: string;
  region: string;
  account: string;
  /** The instance id, which is in the path of every hub address and a key of `INGEST_SECRETS`. */
  id: string;
}

export type ParsedContext = { ok: true; settings: DeploymentSettings; instance: Instance } | { ok: false; problems: string[] };

/** AWS uses this account number in examples, so a deployment to it is a mistake. */
export const EXAMPLE_ACCOUNT = "111122223333";

/**
 * Parses the `vigia` context value: an object (cdk.json, cdk.context.json) or its JSON text (`--context vigia=…`).
 * Returns all problems at once. Each is a sentence that begins with its place, such as `vigia.media.retentionHours`.
 */
export function parseContext(value: unknown): ParsedContext {
  const json = typeof value === "string" ? parseJson(value) : { ok: true as const, value };
  if (!json.ok)
    return {
      ok: false,
      problems: ["vigia: the value of --context is not valid JSON. Put it in single quotes: --context 'vigia={…}'."],
    };
  if (json.value === undefined)
    return { ok: false, problems: ["vigia is missing. Put it into cdk.context.json (docs/deploy.md)."] };
  if (Array.isArray(json.value))
    return { ok: false, problems: ["vigia is a list. Make it an object of settings (docs/deploy.md)."] };
  const result = v.safeParse(settingsSchema, json.value);
  if (!result.success) return { ok: false, problems: result.issues.map(describe) };
  const settings = result.output;
  const instance = readInstance(settings.instanceArn);
  const problems = contradictions(settings, instance);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings, instance };
}

/** Returns the problems of settings that are correct alone, but not together. */
function contradictions(settings: DeploymentSettings, instance: Instance): string[] {
  const problems: string[] = [];
  const { media, agentEvents, contactLens, flow } = settings;
  if (media.mode === "off" && agentEvents.mode === "off" && contactLens.mode === "off" && settings.reconcileMinutes === 0) {
    problems.push("vigia: every source is off. Turn on at least one of media, agentEvents, contactLens, reconcileMinutes.");
  }
  if (flow.mode === "create" && !flow.queueArn.startsWith(`${instance.arn}/queue/`)) {
    problems.push("vigia.flow.queueArn names a queue of another instance. Set it to a queue of vigia.instanceArn.");
  }
  if (flow.mode === "create" && media.mode === "off" && contactLens.mode === "off") {
    problems.push("vigia.flow has nothing to start while media and contactLens are off. Turn one of them on, or flow off.");
  }
  if (settings.recording.mode === "on" && media.mode === "off") {
    problems.push("vigia.recording needs the calls' audio, but media is off. Turn media on, or recording off.");
  }
  const home = `:${instance.region}:${instance.account}:`;
  for (const [place, arn] of existingArns(settings)) {
    if (arn?.includes(home) === false) {
      problems.push(`vigia.${place} is not in the region and account of vigia.instanceArn. Amazon Connect requires that it is.`);
    }
  }
  return problems;
}

function existingArns({ media, agentEvents, contactLens }: DeploymentSettings): [place: string, arn: string | undefined][] {
  const arns: [string, string | undefined][] = [];
  if (media.mode === "existing") arns.push(["media.keyArn", media.keyArn]);
  for (const [name, source] of Object.entries({ agentEvents, contactLens })) {
    if (source.mode === "existing") arns.push([`${name}.streamArn`, source.streamArn], [`${name}.keyArn`, source.keyArn]);
  }
  return arns;
}

function readInstance(arn: string): Instance {
  const [, partition = "", region = "", account = "", id = ""] = INSTANCE_ARN.exec(arn) ?? [];
  return { arn, partition, region, account, id };
}

function isHttpsOrigin(value: string): boolean {
  const url = URL.parse(value);
  return (
    url !== null &&
    url.protocol === "https:" &&
    url.pathname === "/" &&
    url.search === "" &&
    url.username === "" &&
    url.hash === ""
  );
}

function parseJson(value: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(value) };
  } catch {
    return { ok: false };
  }
}

/** Says what is wrong with a setting and what to set. It does not quote the value. */
function describe(issue: v.BaseIssue<unknown>): string {
  const place = `vigia${(issue.path ?? []).map((item) => `.${String(item.key)}`).join("")}`;
  if (issue.type === "strict_object" && issue.expected === "never") {
    return `${place} is no setting. Remove it, or correct its name (docs/deploy.md).`;
  }
  const wanted = issue.message.startsWith("expected ") ? issue.message.slice("expected ".length) : kindOf(issue.expected);
  const cure = wanted.startsWith('"') ? `Set ${wanted}.` : `Set it to ${wanted}.`;
  return `${place} ${issue.received === "undefined" ? "is missing" : "has a wrong value"}. ${cure}`;
}

/** Names the kinds for which a schema has no message of its own. */
function kindOf(expected: string | null): string {
  if (expected === "Object") return "an object of settings";
  return expected === "Array" ? "a list" : `the kind ${expected ?? "of value that docs/deploy.md says"}`;
}
