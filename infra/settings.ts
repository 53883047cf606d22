import * as v from "valibot";

/**
 * The settings of one Amazon Connect instance: an entry of `instances` in `vigia.config.json`. `docs/deploy.md` explains each.
 * Unknown names are refused, because a misspelt setting would silently deploy the default.
 *
 * The messages of the schemas say "expected …". `describeIssue` turns them into sentences.
 */

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const INSTANCE_ARN = new RegExp(`^arn:(aws|aws-us-gov|aws-cn):connect:([a-z0-9-]+):(\\d{12}):instance/(${UUID})$`);
const KEY_ARN = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;
/** CreateStream: 1 to 128 of these characters. */
const STREAM_ARN = /^arn:(?:aws|aws-us-gov|aws-cn):kinesis:[a-z0-9-]+:\d{12}:stream\/[\w.-]{1,128}$/;
/** A bucket (User Guide, bucket naming rules), and a prefix without a slash at its end. */
const BUCKET_PATH = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[\w.!'()/-]*[\w.!'()-]$/;
/** An alarm's description has at most 1,024 characters (API_PutMetricAlarm), and the other words of one take some 250. */
const DOCS_URL = /^(?=.{1,500}$)https:\/\/[^\s?#]+[^\s?#/]$/;
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
const languageOrRest = text(/^(?:[a-z]{2,3}(?:-[A-Z]{2})?|\*)$/, "a language code such as es-US, or *");
const ENGINES = "expected call-analytics or standard";
/** Amazon Transcribe's form for the names of vocabularies and filters. */
const NAME = /^[\w.-]{1,200}$/;
/** The part before `-connect-<alias>-contact-…`. The whole name of a stream has at most 128 characters. */
const prefix = text(/^[A-Za-z0-9_.-]{1,50}$/, "1 to 50 letters, digits, dots, dashes or underscores");
/** A stage's name is part of the name of its Worker. */
export const stageName = text(
  /^[a-z][a-z0-9-]{0,30}$/,
  "the name of a stage: a lower-case letter, then letters, digits or dashes",
);
/** What supervisors may do from the board. The hub has a switch of its own for each (ACTIONS). */
const action = v.picklist(["status", "free", "listen", "barge", "stop"], "expected status, free, listen, barge or stop");
export type ActionSetting = v.InferOutput<typeof action>;

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
  [
    v.strictObject({
      mode: v.literal("managed"),
      /** Whether the stream also gets the segments of chats. An instance has one such setting. */
      chat: v.optional(v.boolean("expected true or false"), true),
    }),
    existingStream,
    off,
  ],
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

export const instanceSettingsSchema = v.strictObject({
  instanceArn: text(INSTANCE_ARN, "the ARN of an Amazon Connect instance (arn:aws:connect:REGION:ACCOUNT:instance/ID)"),
  instanceAlias: text(/^[A-Za-z0-9-]{1,45}$/, "the instance alias: the word before .my.connect.aws"),
  /** The stage whose Worker gets the posts of this instance. It may be left out where the file has one stage. */
  stage: v.optional(stageName),
  /** It may be left out where the stage has a domain. */
  hubUrl: v.optional(
    v.pipe(
      v.string("expected the hub's address, such as https://board.example.com"),
      v.check(isHttpsOrigin, "expected an https address without path, query or login, such as https://board.example.com"),
      v.transform((url) => new URL(url).origin),
    ),
  ),
  stackName: v.optional(text(/^[A-Za-z][A-Za-z0-9-]{0,60}$/, "a stack name: a letter, then letters, digits or dashes"), "Vigia"),
  media,
  agentEvents,
  contactLens,
  contactEvents: v.optional(v.boolean("expected true or false"), true),
  /** The rules of Amazon Connect that have the action EventBridge raise alerts. */
  connectRules: v.optional(v.boolean("expected true or false"), false),
  /** Left out: as contactEvents. */
  queues: v.optional(v.boolean("expected true or false")),
  /** EventBridge starts the function once a minute, and it may read several times within that minute. */
  queueReadSeconds: v.optional(v.picklist([15, 20, 30, 60], "expected 15, 20, 30 or 60"), 60),
  /** Name or id of a queue, or * for all others -> the target of its service level. 604,800 s is Amazon Connect's own maximum. */
  serviceLevelSeconds: v.optional(
    v.record(text(/^.{1,256}$/, "the name or the id of a queue, or *"), whole(1, 604_800, "seconds")),
    {},
  ),
  /** Left out: none, and the stack has no function for them. */
  actions: v.optional(v.array(action, "expected a list of actions"), []),
  /** Left out: nobody hears recordings from the board, and the stack has no right to read one. */
  recordingLinks: v.optional(
    v.variant(
      "mode",
      [
        v.strictObject({
          mode: v.literal("on"),
          /** Where Amazon Connect keeps its own recordings. Left out: only those of this stack are heard. */
          connectRecordings: v.optional(
            v.strictObject({
              location: text(
                BUCKET_PATH,
                "the bucket and prefix of the call recordings, such as my-bucket/connect/acme/CallRecordings",
              ),
              keyArn,
            }),
          ),
        }),
        off,
      ],
      'expected "mode": "on" or "off"',
    ),
    { mode: "off" },
  ),
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
    [
      v.strictObject({
        mode: v.literal("on"),
        retentionDays: v.optional(whole(1, 3650, "days"), 30),
        /** Silences the recording where the transcript is masked. It needs redactPii. */
        maskPersonalData: v.optional(v.boolean("expected true or false"), true),
      }),
      off,
    ],
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
    /** Language -> the engine of Transcribe. A bare language such as es, or *, stands for all its dialects, or for the rest. */
    engines: v.optional(v.record(languageOrRest, v.picklist(["call-analytics", "standard"], ENGINES)), {}),
  }),
  redactPii: v.optional(v.boolean("expected true or false"), true),
  /** The custom vocabulary for the language of `languages.default`. */
  vocabularyName: v.optional(text(NAME, "the name of a custom vocabulary")),
  vocabularyFilterName: v.optional(text(NAME, "the name of a vocabulary filter")),
  /** Language that is transcribed -> its custom vocabulary. It wins over vocabularyName. */
  vocabularies: v.optional(v.record(languageOrRest, text(NAME, "the name of a custom vocabulary")), {}),
  vocabularyFilters: v.optional(v.record(languageOrRest, text(NAME, "the name of a vocabulary filter")), {}),
  /** 25 is Transcribe's default quota of concurrent streams. null: the transcriber's concurrency has no limit. */
  maxConcurrentCalls: v.optional(v.nullable(whole(1, 5000, "calls")), 25),
  handoverAfterSeconds: v.optional(whole(60, 840, "seconds"), 780),
  maxHandovers: v.optional(whole(0, 100, "hand-overs"), 60),
  idleSeconds: v.optional(whole(5, 120, "seconds"), 25),
  catchUpSpeed: v.optional(whole(1, 20, "times real time"), 10),
  alarmEmail: v.optional(v.nullable(v.pipe(v.string("expected an e-mail address"), v.email("expected an e-mail address"))), null),
  /** What alarms and `npm run preflight` speak. The board's language is a setting of each person. */
  operatorLanguage: v.optional(v.picklist(["en", "es"], "expected en or es"), "en"),
  /** Where the people who get alarms read these pages. Left out: an alarm names the file in the repository. */
  docsUrl: v.optional(
    text(DOCS_URL, "the https address of the folder docs, without a slash at the end and with at most 500 characters"),
  ),
  logRetentionDays: v.optional(
    v.picklist(LOG_RETENTION_DAYS, `expected a number of days CloudWatch Logs offers: ${LOG_RETENTION_DAYS.join(", ")}`),
    30,
  ),
  logLevel: v.optional(v.picklist(["DEBUG", "INFO", "WARN", "ERROR"], "expected DEBUG, INFO, WARN or ERROR"), "INFO"),
});

/** The settings of one instance, with the address of its hub. */
export type DeploymentSettings = v.InferOutput<typeof instanceSettingsSchema> & { hubUrl: string };
/** Where recordings may be heard from the board; null = from nowhere. */
export type RecordingLinksSetting = Extract<DeploymentSettings["recordingLinks"], { mode: "on" }>;
export type MediaSetting = DeploymentSettings["media"];
export type FlowSetting = Extract<DeploymentSettings["flow"], { mode: "create" }>;
export type DataStreamSetting = DeploymentSettings["agentEvents"] | DeploymentSettings["contactLens"];

/** Whether the stack watches the queues of the instance. */
export function hasQueues({ queues, contactEvents }: DeploymentSettings): boolean {
  return queues ?? contactEvents;
}

/** The parts of the instance's ARN. */
export interface Instance {
  arn: string;
  partition: string;
  region: string;
  account: string;
  /** The instance id, which is in the path of every hub address and a key of `INGEST_SECRETS`. */
  id: string;
}

/** Splits the ARN of an instance. @param arn an ARN that the schema has accepted */
export function readInstance(arn: string): Instance {
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
    url.password === "" &&
    url.hash === ""
  );
}
