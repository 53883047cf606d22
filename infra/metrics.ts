import { Duration } from "aws-cdk-lib";
import { Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";

/** The functions' own metrics that the dashboard draws and the alarms watch. */
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
  "CallsWithoutTurn",
  "CallsIncomplete",
  "RecordsRefused",
] as const;
export type OwnMetric = (typeof OWN_METRICS)[number];

/** One minute more than most dashboards refresh, and the shortest period that costs nothing extra. */
export const PERIOD = Duration.minutes(5);

/**
 * One of the functions' own metrics.
 * @param namespace the stack's name, which the functions get as POWERTOOLS_METRICS_NAMESPACE
 * @param service the entry file's name: the dimension Powertools adds
 */
export function ownMetric(namespace: string, service: string, metricName: OwnMetric, statistic: string = Stats.SUM): Metric {
  return new Metric({ namespace, metricName, dimensionsMap: { service }, statistic, period: PERIOD });
}
