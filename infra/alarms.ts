import { ArnFormat, Stack } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IMetric, MathExpression, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ALARM_WORDS, type AlarmWords, type Chapter, type QueueName } from "./alarm-words.ts";
import { NO_POST_METRICS, type OwnMetric, ownMetric, PERIOD } from "./metrics.ts";
import type { EntryFile, FunctionName, IngestFunction } from "./node-function.ts";

export interface AlarmsProps {
  /** The stack's name, which is the namespace of the functions' own metrics. */
  namespace: string;
  functions: ReadonlyMap<FunctionName, IngestFunction>;
  /** The functions that read a Kinesis stream. */
  streamReaders: readonly EntryFile[];
  /** The dead-letter queues by name. */
  queues: ReadonlyMap<QueueName, IQueue>;
  email: string | null;
  /** The address of the folder docs, or its path in the repository. */
  docs: string;
  /** The language of the descriptions. */
  language: "en" | "es";
  key: IKey;
}

/** Records and audio that are read later than this are not live. */
const BEHIND_MS = 60_000;

/** The functions that read records of Amazon Connect and refuse wrong ones. */
const READERS: ReadonlySet<FunctionName> = new Set(["agent-events", "contact-lens", "contact-events"]);

/** The functions whose concurrency is reserved for calls. */
const FULL_HOUSE: ReadonlySet<FunctionName> = new Set(["transcriber", "transcriber-continue"]);

interface AlarmText {
  /** Says what happened, as a sentence without its full stop. */
  happened: string;
  metric: IMetric;
  /** The alarm goes off above this value. The default is 0. */
  above?: number;
  chapter: Chapter;
}

/** Makes alarms for faults that a supervisor would notice. Each description says what happened, and names the chapter of the runbook. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly all: Alarm[] = [];
  readonly #namespace: string;
  readonly #docs: string;
  readonly #words: AlarmWords;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#namespace = props.namespace;
    this.#docs = props.docs;
    const words = ALARM_WORDS[props.language];
    this.#words = words;
    this.topic = new Topic(this, "Topic", { masterKey: props.key, enforceSSL: true });
    allowAlarms(this.topic);
    if (props.email !== null) this.topic.addSubscription(new EmailSubscription(props.email));

    for (const [name, ingest] of props.functions) {
      const { lambda } = ingest;
      this.#alarm(`${name} errors`, {
        happened: words.failed(name),
        metric: lambda.metricErrors({ period: PERIOD }),
        chapter: "a-function-fails",
      });
      this.#alarm(`${name} throttled`, {
        happened: words.throttled(name),
        metric: lambda.metricThrottles({ period: PERIOD }),
        chapter: FULL_HOUSE.has(name) ? "the-house-is-full" : "calls-are-not-transcribed",
      });
      if (!NO_POST_METRICS.has(name)) {
        const happened = words.updatesRefused(name);
        this.#ownAlarm(name, "PostsRefused", { happened, chapter: "posts-are-refused" });
      }
      if (READERS.has(name)) {
        // One alarm for both, because an alarm costs money and both mean that this release does not understand the source.
        const metric = new MathExpression({
          expression: "FILL(refused, 0) + FILL(unknown, 0)",
          usingMetrics: {
            refused: ownMetric(this.#namespace, name, "RecordsRefused"),
            unknown: ownMetric(this.#namespace, name, "RecordsUnknown"),
          },
          period: PERIOD,
        });
        const happened = words.recordsRefused(name);
        this.#alarm(`${name} RecordsRefused`, { happened, metric, chapter: "records-are-refused" });
      }
    }
    for (const name of props.streamReaders) {
      const metric = props.functions.get(name)?.lambda.metric("IteratorAge", { period: PERIOD, statistic: Stats.MAXIMUM });
      const happened = words.behind(name);
      if (metric) this.#alarm(`${name} behind`, { happened, metric, above: BEHIND_MS, chapter: "the-board-lags" });
    }
    for (const [name, queue] of props.queues) {
      const metric = queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM });
      this.#alarm(`${name} dead letters`, { happened: words.deadLetters[name], metric, chapter: "dead-letters" });
    }
    if (props.functions.has("transcriber")) {
      this.#ownAlarm("transcriber", "MillisBehindLive", {
        happened: words.transcriberBehind,
        above: BEHIND_MS,
        chapter: "the-board-lags",
        statistic: Stats.percentile(95),
      });
      this.#ownAlarm("transcriber", "CheckpointsFailed", {
        happened: words.checkpointsFailed,
        chapter: "a-call-outlives-its-process",
      });
      this.#ownAlarm("transcriber", "CallsWaiting", {
        happened: words.callsWaiting,
        chapter: "the-house-is-full",
      });
      this.#ownAlarm("transcriber", "CallsWithoutTurn", {
        happened: words.callsWithoutTurn,
        chapter: "calls-are-not-transcribed",
      });
    }
    if (props.functions.has("actions")) {
      this.#ownAlarm("actions", "ActionsRefused", {
        happened: words.actionsRefused,
        chapter: "actions-are-refused",
      });
    }
    for (const name of ["transcriber", "contact-lens"] as const) {
      if (!props.functions.has(name)) continue;
      this.#ownAlarm(name, "CallsIncomplete", { happened: words.callsIncomplete, chapter: "a-call-is-incomplete" });
    }
  }

  #ownAlarm(
    service: FunctionName,
    metric: OwnMetric,
    { statistic, ...alarm }: Omit<AlarmText, "metric"> & { statistic?: string },
  ) {
    this.#alarm(`${service} ${metric}`, { ...alarm, metric: ownMetric(this.#namespace, service, metric, statistic) });
  }

  #alarm(name: string, { happened, metric, above = 0, chapter }: AlarmText): void {
    const { whatToDo, runbook, anchors } = this.#words;
    const alarm = new Alarm(this, name, {
      alarmDescription: `${happened} (${name} > ${above}). ${whatToDo}: ${this.#docs}/${runbook}#${anchors[chapter]}`,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // At night there are no calls, so no data is no fault.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
    this.all.push(alarm);
  }
}

/**
 * Lets the alarms of this account publish. Amazon SNS allows that by default, but the statement that demands TLS makes a policy of the
 * topic's own, which replaces the default one (AWS re:Post, "cloudwatch-receive-sns-for-alarm-trigger", 2026-11).
 */
function allowAlarms(topic: Topic): void {
  const stack = Stack.of(topic);
  const alarms = stack.formatArn({
    service: "cloudwatch",
    resource: "alarm",
    resourceName: "*",
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsPublish",
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": stack.account }, ArnLike: { "aws:SourceArn": alarms } },
    }),
  );
}
