import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

/** The functions' own metrics. Dashboards and alarms use these names. */
const UNITS = {
  /** How far the reading of the audio is behind the call. */
  MillisBehindLive: MetricUnit.Milliseconds,
  /** Audio of the contacts. Each second counts once. */
  AudioSeconds: MetricUnit.Seconds,
  /** Audio sent to Transcribe. A broken session sends audio again, so this may exceed `AudioSeconds`. */
  AudioSecondsSent: MetricUnit.Seconds,
  Turns: MetricUnit.Count,
  Scores: MetricUnit.Count,
  PostsAccepted: MetricUnit.Count,
  PostsRefused: MetricUnit.Count,
  Handovers: MetricUnit.Count,
  TranscribeRestarts: MetricUnit.Count,
  /** Options of a call that Transcribe refused, and calls that it refused. */
  TranscribeRefusals: MetricUnit.Count,
  /** Turns whose text was withheld, because personal data is to be masked and Transcribe does not mask it. */
  TurnsWithheld: MetricUnit.Count,
  /** Calls with half a minute of audio or more and without a turn. */
  CallsWithoutTurn: MetricUnit.Count,
  /** Calls with a missing part, so that the score is not the score of the whole call. */
  CallsIncomplete: MetricUnit.Count,
  /** Records that nobody can read. */
  RecordsRefused: MetricUnit.Count,
  /** Records of other kinds and other instances, which share the stream. */
  RecordsForeign: MetricUnit.Count,
  /** Records of a type or version that this release does not know. */
  RecordsUnknown: MetricUnit.Count,
  /** Names, texts and lists that were longer than the protocol allows. */
  ValuesCut: MetricUnit.Count,
  /** Contacts, segments and other members that could not be read. */
  MembersSkipped: MetricUnit.Count,
  /** Lists and figures that Amazon Connect refused to a run about the queues, which went on without them. */
  AnswersMissing: MetricUnit.Count,
  /** Contacts that the hub doubted to be waiting, and about which Amazon Connect was asked. */
  SuspectsChecked: MetricUnit.Count,
  /** Actions that Amazon Connect carried out for supervisors. */
  ActionsDone: MetricUnit.Count,
  /** Actions that Amazon Connect did not carry out, or of which nobody knows. */
  ActionsFailed: MetricUnit.Count,
  /** Orders without a valid signature, old or repeated ones, and those of actions that are off. */
  ActionsRefused: MetricUnit.Count,
  /** Checkpoints of calls that were stored. */
  Checkpoints: MetricUnit.Count,
  /** Checkpoints that could not be stored. While they fail, a call ends with its process. */
  CheckpointsFailed: MetricUnit.Count,
  /** New calls that found all places taken. They begin late and catch up. */
  CallsWaiting: MetricUnit.Count,
  /** Calls that the watchdog started again, because their process or their event was lost. */
  CallsStartedAgain: MetricUnit.Count,
} as const;
export type MetricName = keyof typeof UNITS;

export interface Meter {
  /** Adds a value. A metric may get several values before a flush. */
  add(name: MetricName, value: number): void;
  /** Writes all values since the last flush as one line of CloudWatch's embedded metric format. */
  flush(): void;
}

/** Returns Powertools metrics in the namespace `POWERTOOLS_METRICS_NAMESPACE`. Without a namespace it measures nothing. */
export function createMeter(service: string): Meter {
  const namespace = process.env["POWERTOOLS_METRICS_NAMESPACE"];
  if (!namespace) return { add() {}, flush() {} };
  const metrics = new Metrics({ namespace, serviceName: service });
  return {
    add: (name, value) => metrics.addMetric(name, UNITS[name], value),
    flush: () => metrics.publishStoredMetrics(),
  };
}
