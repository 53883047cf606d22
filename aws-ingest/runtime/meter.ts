import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

/** The functions' own metrics; dashboards and alarms know them by these names. */
const UNITS = {
  /** How far the audio read is behind the call. */
  MillisBehindLive: MetricUnit.Milliseconds,
  /** Of the contacts' own sound, each second once. */
  AudioSeconds: MetricUnit.Seconds,
  /** To the recogniser; what a session that broke off must hear again counts again, so it may exceed what was read. */
  AudioSecondsSent: MetricUnit.Seconds,
  Turns: MetricUnit.Count,
  Scores: MetricUnit.Count,
  PostsAccepted: MetricUnit.Count,
  PostsRefused: MetricUnit.Count,
  Handovers: MetricUnit.Count,
  TranscribeRestarts: MetricUnit.Count,
  /** Calls with half a minute of audio and not one turn. */
  CallsWithoutTurn: MetricUnit.Count,
  /** Calls of which something is missing: their score is not that of the whole call. */
  CallsIncomplete: MetricUnit.Count,
  RecordsRefused: MetricUnit.Count,
} as const;
export type MetricName = keyof typeof UNITS;

export interface Meter {
  add(name: MetricName, value: number): void;
  /** Writes what was added since the last time: one line of CloudWatch embedded metric format. */
  flush(): void;
}

/** Powertools metrics under `POWERTOOLS_METRICS_NAMESPACE`; without one, nothing is measured. */
export function createMeter(service: string): Meter {
  const namespace = process.env["POWERTOOLS_METRICS_NAMESPACE"];
  if (!namespace) return { add() {}, flush() {} };
  const metrics = new Metrics({ namespace, serviceName: service });
  return {
    add: (name, value) => metrics.addMetric(name, UNITS[name], value),
    flush: () => metrics.publishStoredMetrics(),
  };
}
