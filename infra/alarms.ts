import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { type OwnMetric, ownMetric, PERIOD } from "./metrics.ts";
import type { EntryFile, IngestFunction } from "./node-function.ts";

export interface AlarmsProps {
  /** The stack's name: the namespace of the functions' own metrics. */
  namespace: string;
  functions: ReadonlyMap<EntryFile, IngestFunction>;
  /** Which of them read a Kinesis stream. */
  streamReaders: readonly EntryFile[];
  queues: ReadonlyMap<string, IQueue>;
  email: string | null;
  key: IKey;
}

/** A minute behind is no longer live; Kinesis and the audio are both judged by it. */
const BEHIND_MS = 60_000;

/** Those that read what Amazon Connect writes, and refuse what is not that. */
const READERS: ReadonlySet<EntryFile> = new Set(["agent-events", "contact-lens", "contact-events"]);

/** Alarms on what a supervisor would notice. Each description names the chapter of the runbook that cures it. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly all: Alarm[] = [];
  readonly #namespace: string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#namespace = props.namespace;
    this.topic = new Topic(this, "Topic", { masterKey: props.key, enforceSSL: true });
    if (props.email !== null) this.topic.addSubscription(new EmailSubscription(props.email));

    for (const [name, ingest] of props.functions) {
      this.#alarm(`${name} errors`, ingest.lambda.metricErrors({ period: PERIOD }), 0, "a-function-fails");
      this.#alarm(`${name} throttled`, ingest.lambda.metricThrottles({ period: PERIOD }), 0, "calls-are-not-transcribed");
      if (name !== "trigger") this.#own(name, "PostsRefused", 0, "posts-are-refused");
      if (READERS.has(name)) this.#own(name, "RecordsRefused", 0, "records-are-refused");
    }
    for (const name of props.streamReaders) {
      const age = props.functions.get(name)?.lambda.metric("IteratorAge", { period: PERIOD, statistic: Stats.MAXIMUM });
      if (age) this.#alarm(`${name} behind`, age, BEHIND_MS, "the-board-lags");
    }
    for (const [name, queue] of props.queues) {
      const waiting = queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM });
      this.#alarm(`${name} dead letters`, waiting, 0, "dead-letters");
    }
    if (props.functions.has("transcriber")) {
      this.#own("transcriber", "MillisBehindLive", BEHIND_MS, "the-board-lags", Stats.percentile(95));
      this.#own("transcriber", "CallsWithoutTurn", 0, "calls-are-not-transcribed");
    }
    for (const name of ["transcriber", "contact-lens"] as const) {
      if (props.functions.has(name)) this.#own(name, "CallsIncomplete", 0, "a-call-is-incomplete");
    }
  }

  #own(service: EntryFile, metric: OwnMetric, above: number, chapter: string, statistic: string = Stats.SUM): void {
    this.#alarm(`${service} ${metric}`, ownMetric(this.#namespace, service, metric, statistic), above, chapter);
  }

  #alarm(name: string, metric: IMetric, above: number, chapter: string): void {
    const alarm = new Alarm(this, name, {
      alarmDescription: `${name}: above ${above}. What to do: docs/operate.md#${chapter}`,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // No data means nothing happened: at night there are no calls.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
    this.all.push(alarm);
  }
}
