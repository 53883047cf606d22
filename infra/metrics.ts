import { Duration } from "aws-cdk-lib";
import { Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { FunctionName } from "./node-function.ts";

/** The functions' own metrics (`aws-ingest/runtime/meter.ts`), for the dashboard and the alarms. */
export const OWN_METRICS = [
  "MillisBehindLive",
  "AudioSeconds",
  "AudioSecondsSent",
  "Turns",
  "Scores",
  "PostsAccepted",
  "PostsRefused",
  "Handovers",
  "TranscribeRestarts",
  "TranscribeRefusals",
  "TurnsWithheld",
  "CallsWithoutTurn",
  "CallsIncomplete",
  "RecordsRefused",
  "RecordsForeign",
  "RecordsUnknown",
  "ValuesCut",
  "MembersSkipped",
  "Checkpoints",
  "CheckpointsFailed",
  "CallsStartedAgain",
  "CallsWaiting",
  "ActionsDone",
  "ActionsFailed",
  "ActionsRefused",
] as const;
export type OwnMetric = (typeof OWN_METRICS)[number];

/** The functions that count no posts to the hub, and the one whose posts are counted as those of `transcriber`. */
export const NO_POST_METRICS: ReadonlySet<FunctionName> = new Set(["trigger", "watchdog", "transcriber-continue", "actions"]);

/** The shortest period that costs nothing extra. */
export const PERIOD = Duration.minutes(5);

/**
 * Returns one of the functions' own metrics.
 * @param namespace name of the stack, which the functions get as POWERTOOLS_METRICS_NAMESPACE
 * @param service name of the entry file, which Powertools adds as a dimension
 */
export function ownMetric(namespace: string, service: string, metricName: OwnMetric, statistic: string = Stats.SUM): Metric {
  return new Metric({ namespace, metricName, dimensionsMap: { service }, statistic, period: PERIOD });
}
