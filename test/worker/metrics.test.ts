import { expect, it } from "vitest";
import operate from "../../docs/operate.md?raw";
import { prometheusText } from "../../worker/metrics.ts";

const FIGURES = {
  viewers: 1,
  relayedViewers: 2,
  relays: 3,
  agents: 4,
  seq: 5,
  flushWindowMs: 100,
  pacedViewers: 0,
  accepted: 6,
  stale: 7,
  duplicates: 8,
  refused: 9,
  rowsWritten: 10,
  relayFailures: 11,
  frames: 12,
  bytes: 13,
  flushes: 14,
  flushedAgents: 15,
  snapshots: 16,
  resumed: 17,
  resyncs: 18,
  slowCloses: 19,
  storageFailures: 20,
  openLegs: 21,
  snapshotDifference: 22,
  storageWritable: true,
  alertsFired: 21,
  alertMessagesDelivered: 22,
  alertAttemptsFailed: 23,
  alertMessagesGivenUp: 24,
  alertNotesDropped: 25,
  alertTargets: 30,
  alertTargetsStopped: 4,
  oldestAlertSeconds: 27,
};

it("OPS-2 Each figure of the hub stands in a line of its own, with its kind.", () => {
  const text = prometheusText(FIGURES);
  const lines = text.split("\n");
  expect(lines.filter((line) => !line.startsWith("#"))).toEqual([
    'vigia_viewers{at="primary"} 1',
    'vigia_viewers{at="relay"} 2',
    "vigia_relays 3",
    "vigia_agents 4",
    "vigia_seq 5",
    "vigia_flush_window_milliseconds 100",
    "vigia_paced_viewers 0",
    "vigia_queue_legs_open 21",
    "vigia_queue_snapshot_difference 22",
    "vigia_storage_writable 1",
    'vigia_updates_total{outcome="accepted"} 6',
    'vigia_updates_total{outcome="stale"} 7',
    'vigia_updates_total{outcome="duplicate"} 8',
    'vigia_updates_total{outcome="refused"} 9',
    "vigia_frames_sent_total 12",
    "vigia_bytes_sent_total 13",
    "vigia_flushes_total 14",
    "vigia_flushed_agents_total 15",
    'vigia_first_frames_total{kind="snapshot"} 16',
    'vigia_first_frames_total{kind="resumed"} 17',
    'vigia_first_frames_total{kind="resync"} 18',
    "vigia_slow_closes_total 19",
    "vigia_rows_written_total 10",
    "vigia_relay_failures_total 11",
    "vigia_storage_failures_total 20",
    "vigia_alerts_fired_total 21",
    'vigia_alert_messages_total{outcome="delivered"} 22',
    'vigia_alert_messages_total{outcome="failed"} 23',
    'vigia_alert_messages_total{outcome="given_up"} 24',
    "vigia_alert_news_dropped_total 25",
    'vigia_alert_targets{state="working"} 26',
    'vigia_alert_targets{state="stopped"} 4',
    "vigia_alert_oldest_undelivered_seconds 27",
    "",
  ]);
  const kinds = lines.filter((line) => line.startsWith("# TYPE"));
  expect(kinds.filter((line) => line.endsWith(" gauge"))).toEqual(
    [
      "viewers",
      "relays",
      "agents",
      "seq",
      "flush_window_milliseconds",
      "paced_viewers",
      "queue_legs_open",
      "queue_snapshot_difference",
      "storage_writable",
      "alert_targets",
      "alert_oldest_undelivered_seconds",
    ].map((name) => `# TYPE vigia_${name} gauge`),
  );
  expect(kinds.filter((line) => / vigia_\w+_total counter$/.test(line))).toHaveLength(kinds.length - 11);
  expect(lines.filter((line) => /^# HELP vigia_\w+ \S/.test(line))).toHaveLength(kinds.length);
});

it("docs/operate.md has one row for each metric of the hub, and none for another.", () => {
  const exported = [...prometheusText(FIGURES).matchAll(/^# TYPE (vigia_\w+) /gm)].map(([, name]) => name);
  const listed = [...operate.matchAll(/^\| `(vigia_\w+)(?:\{\w+\})?` \|/gm)].map(([, name]) => name);
  expect(exported.length).toBeGreaterThan(20);
  expect(listed.toSorted()).toEqual(exported.toSorted());
});
