import { AlarmStatusWidget, Dashboard, GraphWidget, type IMetric, PeriodOverride, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { Alarms, AlarmsProps } from "./alarms.ts";
import { NO_POST_METRICS, type OwnMetric, ownMetric, PERIOD } from "./metrics.ts";

/** Makes the CloudWatch page that an operator opens first: alarms at the top, then the stages of a call from left to right. */
export function createDashboard(
  scope: Construct,
  alarms: Alarms,
  { namespace, functions, streamReaders, queues }: AlarmsProps,
): Dashboard {
  const own = (service: string, metric: OwnMetric, statistic?: string) => ownMetric(namespace, service, metric, statistic);
  const dashboard = new Dashboard(scope, "Dashboard", { periodOverride: PeriodOverride.INHERIT });
  dashboard.addWidgets(new AlarmStatusWidget({ title: "Alarms", alarms: alarms.all, width: 24, height: 4 }));
  const rows: IMetric[][] = [
    [...functions.values()].map(({ lambda }) => lambda.metricErrors({ period: PERIOD })),
    streamReaders.flatMap(
      (name) => functions.get(name)?.lambda.metric("IteratorAge", { period: PERIOD, statistic: Stats.MAXIMUM }) ?? [],
    ),
    [...queues.values()].map((queue) => queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD })),
  ];
  const titles = ["Errors", "Kinesis: milliseconds behind", "Dead letters waiting"];
  dashboard.addWidgets(...titles.map((title, index) => new GraphWidget({ title, left: rows[index] ?? [], width: 8 })));
  const posting = [...functions.keys()].filter((name) => !NO_POST_METRICS.has(name));
  const calls = [
    new GraphWidget({
      title: "Posts to the hub",
      left: posting.map((name) => own(name, "PostsAccepted")),
      right: posting.map((name) => own(name, "PostsRefused")),
      width: 8,
    }),
  ];
  const transcribers = (["transcriber", "transcriber-continue"] as const).flatMap((name) => functions.get(name) ?? []);
  if (transcribers.length > 0) {
    calls.push(
      new GraphWidget({
        title: "Calls being transcribed, turns, scores",
        left: transcribers.map(({ lambda }) =>
          lambda.metric("ConcurrentExecutions", { period: PERIOD, statistic: Stats.MAXIMUM }),
        ),
        right: [own("transcriber", "Turns"), own("transcriber", "Scores")],
        width: 8,
      }),
      new GraphWidget({
        title: "Audio behind live, hand-overs, restarts",
        left: [own("transcriber", "MillisBehindLive", Stats.percentile(95))],
        right: [
          own("transcriber", "Handovers"),
          own("transcriber", "TranscribeRestarts"),
          own("transcriber", "TranscribeRefusals"),
          own("transcriber", "TurnsWithheld"),
          own("transcriber", "CallsWithoutTurn"),
          own("transcriber", "CallsIncomplete"),
        ],
        width: 8,
      }),
      new GraphWidget({
        title: "Seconds of audio read, and sent to Transcribe",
        left: [own("transcriber", "AudioSeconds"), own("transcriber", "AudioSecondsSent")],
        width: 8,
      }),
    );
  }
  if (functions.has("actions")) {
    const outcomes = (["ActionsDone", "ActionsFailed", "ActionsRefused"] as const).map((metric) => own("actions", metric));
    calls.push(new GraphWidget({ title: "Actions of supervisors", left: outcomes, width: 8 }));
  }
  dashboard.addWidgets(...calls);
  return dashboard;
}
